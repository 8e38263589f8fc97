#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/rasterize_layers_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(RasterizeLayers);

}  // namespace mesh_renderer
