#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/dibr_mask_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(DibrMask);
MR_CUDA_KERNEL(DibrMaskGrad);

}  // namespace mesh_renderer
