#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/texture_device.h"
#include "cc/kernels/texture_grad_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(Texture);
MR_CUDA_KERNEL(TextureGrad);

}  // namespace mesh_renderer
