#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_color_device.h"
#include "cc/kernels/softras_color_grad_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(SoftrasColor);
MR_CUDA_KERNEL(SoftrasColorGrad);

}  // namespace mesh_renderer
