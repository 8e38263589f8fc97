// DibrMask: DIB-R's probability that a pixel without a face belongs to the silhouette all the same.
//
// mask = 1 - prod_f (1 - A_f) over the faces whose bounding box, enlarged, holds the pixel; A_f =
// exp(-sigma_inv * d^2) with d the distance to the boundary of face f in NDC. Pixels with a face
// have mask 1.
//
// Source: Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
// Renderer", NeurIPS 2019, equations 5 and 6.
#pragma once

#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// What decays exponentially: the square of the distance, as in the released code, or the distance,
// as in the paper.
enum class Falloff { kSquared, kLinear };

struct DibrMaskSettings {
  double sigma_inv, box_length;
  int k_faces;  // only the first k_faces faces whose box holds a pixel count; 0: all
  Falloff falloff;
  double eps;  // added to 1 - A where the gradient divides by it; the released code has 1e-7
};

template <typename T>
struct DibrMaskParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  DibrMaskSettings settings;
  const T* vertices_clip;  // [B, V, 4]
  const int32_t* face_id;  // [B, H, W], -1: without a face
  T* mask;                 // [B, H, W]
  int32_t* last_face;      // [B, H, W], the last face that counted; num_faces where nothing is cut
};

template <typename T>
struct DibrMaskGradParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  DibrMaskSettings settings;
  const T* vertices_clip;
  const int32_t* face_id;
  const T* mask;
  const int32_t* last_face;
  const T* grad_mask;
  T* grad_vertices_clip;  // [B, V, 4]
};

template <typename T>
void DibrMaskCpu(const DibrMaskParams<T>& params, const ParallelFor& parallel_for,
                 CpuTarget target = ActiveCpuTarget());

template <typename T>
void DibrMaskGradCpu(const DibrMaskGradParams<T>& params, const ParallelFor& parallel_for,
                     CpuTarget target = ActiveCpuTarget());

// All pointers are to memory of the GPU.
CudaError DibrMaskCuda(const DibrMaskParams<float>& params, const CudaContext& context);

CudaError DibrMaskGradCuda(const DibrMaskGradParams<float>& params, const CudaContext& context);

}  // namespace mesh_renderer
