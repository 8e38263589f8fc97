// Rasterize: nearest face, perspective-correct barycentrics and depth of every pixel.
#pragma once

#include <atomic>

#include "cc/core/visibility.h"
#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

template <typename T>
struct RasterizeParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  RasterizeSettings settings;
  const T* vertices_clip;  // [B, V, 4]
  int32_t* face_id;        // [B, H, W], -1 where empty
  T* barycentrics;         // [B, H, W, 3], 0 where empty
  T* depth;                // [B, H, W], 0 where empty
};

template <typename T>
struct RasterizeGradParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  RasterizeSettings settings;
  const T* vertices_clip;      // [B, V, 4]
  const int32_t* face_id;      // [B, H, W]
  const T* barycentrics;       // [B, H, W, 3]
  const T* grad_barycentrics;  // [B, H, W, 3]
  const T* grad_depth;         // [B, H, W]
  T* grad_vertices_clip;       // [B, V, 4]
  std::atomic<bool>* met_bad_face_id = nullptr;
};

// All targets give the same bits; tests name them one by one.
template <typename T>
void RasterizeCpu(const RasterizeParams<T>& params, const ParallelFor& parallel_for,
                  CpuTarget target = ActiveCpuTarget());

// Takes face ids outside of [-1, num_faces) for empty pixels, and sets met_bad_face_id if there is
// one.
template <typename T>
void RasterizeGradCpu(const RasterizeGradParams<T>& params, const ParallelFor& parallel_for);

// All pointers of params are GPU memory, face ids are in range. The bits are those of the CPU.
CudaError RasterizeCuda(const RasterizeParams<float>& params, const CudaContext& context);

CudaError RasterizeGradCuda(const RasterizeGradParams<float>& params, const CudaContext& context);

}  // namespace mesh_renderer
