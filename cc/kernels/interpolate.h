// Interpolate: vertex attributes blended by the barycentrics of every pixel.
#pragma once

#include <atomic>

#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

template <typename T>
struct InterpolateParams {
  ImageShape image;
  int64_t num_vertices;
  int64_t num_channels;  // D
  FacesView faces;
  const T* attributes;     // [B, V, D]
  const int32_t* face_id;  // [B, H, W]
  const T* barycentrics;   // [B, H, W, 3]
  T* output;               // [B, H, W, D], 0 where empty
  std::atomic<bool>* met_bad_face_id = nullptr;
};

template <typename T>
struct InterpolateGradParams {
  ImageShape image;
  int64_t num_vertices;
  int64_t num_channels;
  FacesView faces;
  const T* attributes;
  const int32_t* face_id;
  const T* barycentrics;
  const T* grad_output;  // [B, H, W, D]
  T* grad_attributes;    // [B, V, D]
  T* grad_barycentrics;  // [B, H, W, 3]
  std::atomic<bool>* met_bad_face_id = nullptr;
};

// Both take face ids outside of [-1, num_faces) for empty pixels, and set met_bad_face_id if there
// is one.
template <typename T>
void InterpolateCpu(const InterpolateParams<T>& params, const ParallelFor& parallel_for);

template <typename T>
void InterpolateGradCpu(const InterpolateGradParams<T>& params, const ParallelFor& parallel_for);

// All pointers of params are GPU memory, face ids are in range. The output has the bits of the
// CPU's.
CudaError InterpolateCuda(const InterpolateParams<float>& params, const CudaContext& context);

CudaError InterpolateGradCuda(const InterpolateGradParams<float>& params,
                              const CudaContext& context);

}  // namespace mesh_renderer
