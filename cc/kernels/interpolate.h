// Interpolate: vertex attributes blended by the barycentrics of every pixel.
#pragma once

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
};

template <typename T>
void InterpolateCpu(const InterpolateParams<T>& params, const ParallelFor& parallel_for);

template <typename T>
void InterpolateGradCpu(const InterpolateGradParams<T>& params, const ParallelFor& parallel_for);

}  // namespace mesh_renderer
