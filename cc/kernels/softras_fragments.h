// SoftrasFragments: the K nearest faces that would give colour to a pixel of SoftrasColor.
#pragma once

#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"
#include "cc/kernels/softras_settings.h"

namespace mesh_renderer {

// More per pixel are a mistake rather than a wish.
constexpr int kMaxFragments = 1024;

template <typename T>
struct SoftrasFragmentsParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  SoftView view;
  int num_fragments;       // K
  const T* vertices_clip;  // [B, V, 4]
  int32_t* face_id;        // [B, H, W, K], -1 where there is none
  T* barycentrics;         // [B, H, W, K, 3], 0 where there is none; so all that follow
  T* depth;                // [B, H, W, K]
  T* coverage;             // [B, H, W, K]
  int32_t* count;          // [B, H, W], all that there are
};

template <typename T>
struct SoftrasFragmentsGradParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  SoftView view;
  int num_fragments;
  const T* vertices_clip;      // [B, V, 4]
  const int32_t* face_id;      // [B, H, W, K]
  const T* grad_barycentrics;  // [B, H, W, K, 3]
  const T* grad_depth;         // [B, H, W, K]
  const T* grad_coverage;      // [B, H, W, K]
  T* grad_vertices_clip;       // [B, V, 4]
};

template <typename T>
void SoftrasFragmentsCpu(const SoftrasFragmentsParams<T>& params, const ParallelFor& parallel_for,
                         CpuTarget target = ActiveCpuTarget());

template <typename T>
void SoftrasFragmentsGradCpu(const SoftrasFragmentsGradParams<T>& params,
                             const ParallelFor& parallel_for, CpuTarget target = ActiveCpuTarget());

// All pointers are to memory of the GPU.
CudaError SoftrasFragmentsCuda(const SoftrasFragmentsParams<float>& params,
                               const CudaContext& context);

CudaError SoftrasFragmentsGradCuda(const SoftrasFragmentsGradParams<float>& params,
                                   const CudaContext& context);

}  // namespace mesh_renderer
