// RasterizeLayers: the nearest fragments of every pixel, not only the first.
#pragma once

#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

// A thread holds the layers of one tile, 80 KiB each in float.
constexpr int kMaxLayers = 1024;

template <typename T>
struct RasterizeLayersParams {
  // As for Rasterize, but every output has one more axis in front: [K, B, H, W, ...].
  RasterizeParams<T> layers;
  int num_layers;  // K, 1 to kMaxLayers
  int32_t* count;  // [B, H, W], fragments of the pixel, whether a layer holds them or not
};

// Layer k holds the fragment that k others cover: nearest first, those at one depth in the order of
// their faces. The first layer has the bits that Rasterize gives.
template <typename T>
void RasterizeLayersCpu(const RasterizeLayersParams<T>& params, const ParallelFor& parallel_for,
                        CpuTarget target = ActiveCpuTarget());

// All pointers of params are GPU memory. The bits are those of the CPU.
CudaError RasterizeLayersCuda(const RasterizeLayersParams<float>& params,
                              const CudaContext& context);

}  // namespace mesh_renderer
