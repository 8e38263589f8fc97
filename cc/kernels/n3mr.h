// N3mr: gradient of a finished image with respect to the vertices, by sweeping rows and columns.
//
// Forward is the identity; only the backward pass computes. Source: Kato, Ushiku, Harada, "Neural
// 3D Mesh Renderer", CVPR 2018, section 3.
#pragma once

#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

template <typename T>
struct N3mrGradParams {
  ImageShape image_shape;
  int64_t num_vertices;
  int64_t num_channels;  // C
  FacesView faces;
  double eps;              // added to the distance an edge must move, in NDC
  const T* vertices_clip;  // [B, V, 4]
  const int32_t* face_id;  // [B, H, W]
  const T* image;          // [B, H, W, C]
  const T* grad_image;     // [B, H, W, C]
  T* grad_vertices_clip;   // [B, V, 4]; the z component is 0
};

template <typename T>
void N3mrGradCpu(const N3mrGradParams<T>& params, const ParallelFor& parallel_for);

// On a GPU, where all pointers point.
CudaError N3mrGradCuda(const N3mrGradParams<float>& params, const CudaContext& context);

}  // namespace mesh_renderer
