#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/rasterize_device.h"
#include "cc/kernels/rasterize_grad_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(Rasterize);
MR_CUDA_KERNEL(RasterizeGrad);

}  // namespace mesh_renderer
