// All kernels of cc/kernels. For each X there are XParams, XCpu and XCuda, and in the library that
// tools/gpu/build.py makes, with C linkage,
//
//   size_t MeshRendererXParamsSize(void);
//   const char* MeshRendererXCpu(const XParams*, int threads, int check_inputs);
//   const char* MeshRendererXCuda(const XParams*, void* cuda_stream, int check_inputs);
//
// XParams<float> is what C calls a struct: numbers, enumerations (int) and pointers, to memory of
// the GPU for XCuda. Both functions return null if all went well, else a text that lasts until the
// thread calls the library again. XCuda returns before the GPU has finished.
#pragma once

#include <type_traits>

#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/face_texture.h"
#include "cc/kernels/interpolate.h"
#include "cc/kernels/n3mr.h"
#include "cc/kernels/rasterize.h"
#include "cc/kernels/rasterize_layers.h"
#include "cc/kernels/softras_color.h"
#include "cc/kernels/softras_fragments.h"
#include "cc/kernels/softras_silhouette.h"
#include "cc/kernels/texture.h"

#define MR_FOR_EACH_KERNEL(DO) \
  DO(Rasterize)                \
  DO(RasterizeGrad)            \
  DO(RasterizeLayers)          \
  DO(Interpolate)              \
  DO(InterpolateGrad)          \
  DO(FaceTexture)              \
  DO(FaceTextureGrad)          \
  DO(Texture)                  \
  DO(TextureGrad)              \
  DO(N3mrGrad)                 \
  DO(DibrMask)                 \
  DO(DibrMaskGrad)             \
  DO(SoftrasSilhouette)        \
  DO(SoftrasSilhouetteGrad)    \
  DO(SoftrasColor)             \
  DO(SoftrasColorGrad)         \
  DO(SoftrasFragments)         \
  DO(SoftrasFragmentsGrad)

#define MR_C_FUNCTION(TYPE) extern "C" __attribute__((visibility("default"))) TYPE
