// SoftrasColor: SoftRas' colour and alpha; see cc/core/softras_mix.h.
#pragma once

#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"
#include "cc/kernels/softras_settings.h"

namespace mesh_renderer {

// Colours of vertices [B, V, C], or of the surface: [B, F, side^2, C], or [1, F, side^2, C] shared
// by the batch.
struct SoftColors {
  int64_t num_channels;
  int64_t side;  // 0: colours of vertices
  bool shared;
};

template <typename T>
struct SoftrasColorParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  SoftMixing mixing;
  SoftView view;
  SoftColors color_layout;
  const T* vertices_clip;  // [B, V, 4]
  const T* colors;
  const T* background;  // [B, C]
  T* color_image;       // [B, H, W, C + 1], alpha last
  T* aggregates;        // [B, H, W, 2], softmax: sum and largest; hard: depth and face id or -1
};

template <typename T>
struct SoftrasColorGradParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  SoftMixing mixing;
  SoftView view;
  SoftColors color_layout;
  const T* vertices_clip;
  const T* colors;
  const T* color_image;  // as returned
  const T* aggregates;   // as returned
  const T* grad_image;   // [B, H, W, C + 1]
  T* grad_vertices_clip;
  T* grad_colors;      // like colors
  T* grad_background;  // [B, C]
};

template <typename T>
void SoftrasColorCpu(const SoftrasColorParams<T>& params, const ParallelFor& parallel_for,
                     CpuTarget target = ActiveCpuTarget());

template <typename T>
void SoftrasColorGradCpu(const SoftrasColorGradParams<T>& params, const ParallelFor& parallel_for,
                         CpuTarget target = ActiveCpuTarget());

// All pointers are to memory of the GPU.
CudaError SoftrasColorCuda(const SoftrasColorParams<float>& params, const CudaContext& context);

CudaError SoftrasColorGradCuda(const SoftrasColorGradParams<float>& params,
                               const CudaContext& context);

}  // namespace mesh_renderer
