// FaceTexture: N3MR's texture, one T x T x T cube of texels per face, read trilinearly.
#pragma once

#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

template <typename T>
struct FaceTextureParams {
  ImageShape image;
  int64_t num_faces;
  int64_t side;            // T texels along each axis of a cube; axis k belongs to vertex k
  int64_t num_channels;    // C
  bool shared;             // textures hold one item that serves the whole batch
  double eps;              // positions are clamped to [0, side - 1 - eps]
  const T* textures;       // [B or 1, F, side, side, side, C]
  const int32_t* face_id;  // [B, H, W]
  const T* barycentrics;   // [B, H, W, 3]
  T* output;               // [B, H, W, C], 0 where empty
};

template <typename T>
struct FaceTextureGradParams {
  ImageShape image;
  int64_t num_faces;
  int64_t side;
  int64_t num_channels;
  bool shared;
  double eps;
  bool barycentrics_gradient;  // off: grad_barycentrics is 0, as in N3MR
  const T* textures;
  const int32_t* face_id;
  const T* barycentrics;
  const T* grad_output;  // [B, H, W, C]
  T* grad_textures;      // like textures
  T* grad_barycentrics;  // [B, H, W, 3]
};

template <typename T>
void FaceTextureCpu(const FaceTextureParams<T>& params, const ParallelFor& parallel_for);

template <typename T>
void FaceTextureGradCpu(const FaceTextureGradParams<T>& params, const ParallelFor& parallel_for);

// On a GPU, where all pointers point.
CudaError FaceTextureCuda(const FaceTextureParams<float>& params, const CudaContext& context);
CudaError FaceTextureGradCuda(const FaceTextureGradParams<float>& params,
                              const CudaContext& context);

}  // namespace mesh_renderer
