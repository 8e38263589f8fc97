#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/n3mr_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(N3mrGrad);

}  // namespace mesh_renderer
