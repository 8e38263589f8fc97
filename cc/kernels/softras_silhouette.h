// SoftrasSilhouette: SoftRas' alpha. Every face covers the pixels around it to a part that falls
// with the distance; see cc/core/softras.h.
#pragma once

#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"
#include "cc/kernels/softras_settings.h"

namespace mesh_renderer {

template <typename T>
struct SoftrasSilhouetteParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  AlphaAggregation aggregation;
  const T* vertices_clip;  // [B, V, 4]
  T* alpha;                // [B, H, W]
};

template <typename T>
struct SoftrasSilhouetteGradParams {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  SoftBlur blur;
  AlphaAggregation aggregation;
  const T* vertices_clip;  // [B, V, 4]
  const T* alpha;          // [B, H, W]
  const T* grad_alpha;     // [B, H, W]
  T* grad_vertices_clip;   // [B, V, 4]
};

// All targets give the same bits; tests name them one by one.
template <typename T>
void SoftrasSilhouetteCpu(const SoftrasSilhouetteParams<T>& params, const ParallelFor& parallel_for,
                          CpuTarget target = ActiveCpuTarget());

template <typename T>
void SoftrasSilhouetteGradCpu(const SoftrasSilhouetteGradParams<T>& params,
                              const ParallelFor& parallel_for,
                              CpuTarget target = ActiveCpuTarget());

// All pointers are to memory of the GPU.
CudaError SoftrasSilhouetteCuda(const SoftrasSilhouetteParams<float>& params,
                                const CudaContext& context);

CudaError SoftrasSilhouetteGradCuda(const SoftrasSilhouetteGradParams<float>& params,
                                    const CudaContext& context);

}  // namespace mesh_renderer
