// Texture: a picture read at texture coordinates, with mip levels if asked for.
#pragma once

#include <atomic>

#include "cc/core/texture_lookup.h"
#include "cc/kernels/cpu_target.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// How texels become the value of a pixel.
enum class TextureFilter { kNearest, kBilinear, kTrilinear };

struct TextureSettings {
  TextureFilter filter;
  TextureWrap wrap;
};

// Shape [N, height, width, C] of a texture, N being 1 or the batch.
struct TextureShape {
  bool shared;  // one item serves the whole batch
  int height;
  int width;
  int64_t num_channels;

  MR_HOST_DEVICE int64_t texels() const { return int64_t{height} * width; }
  MR_HOST_DEVICE int64_t items(int64_t batch) const { return shared ? 1 : batch; }
};

template <typename T>
struct TextureParams {
  ImageShape image;
  TextureShape shape;
  TextureSettings settings;
  const T* texture;         // [N, height, width, C], row 0 on top
  const T* uv;              // [B, H, W, 2]
  const T* uv_derivatives;  // [B, H, W, 2, 2] d (u, v) / d (column, row); only with kTrilinear
  const bool* covered;      // [B, H, W]: whether a pixel is read at all; null: all are
  T* output;                // [B, H, W, C], 0 where not covered
  std::atomic<bool>* met_bad_uv = nullptr;
};

template <typename T>
struct TextureGradParams {
  ImageShape image;
  TextureShape shape;
  TextureSettings settings;
  const T* texture;
  const T* uv;
  const T* uv_derivatives;
  const bool* covered;
  const T* grad_output;    // [B, H, W, C]
  T* grad_texture;         // like texture
  T* grad_uv;              // [B, H, W, 2]
  T* grad_uv_derivatives;  // [B, H, W, 2, 2]; only with kTrilinear
  std::atomic<bool>* met_bad_uv = nullptr;
};

// Both read texels for any uv, and set met_bad_uv, unless it is null, if that of a covered pixel is
// bad (see IsBadCoordinate).
template <typename T>
void TextureCpu(const TextureParams<T>& params, const ParallelFor& parallel_for,
                CpuTarget target = ActiveCpuTarget());

template <typename T>
void TextureGradCpu(const TextureGradParams<T>& params, const ParallelFor& parallel_for,
                    CpuTarget target = ActiveCpuTarget());

// On a GPU, where all pointers point.
CudaError TextureCuda(const TextureParams<float>& params, const CudaContext& context);
CudaError TextureGradCuda(const TextureGradParams<float>& params, const CudaContext& context);

}  // namespace mesh_renderer
