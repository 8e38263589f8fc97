#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/interpolate_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(Interpolate);
MR_CUDA_KERNEL(InterpolateGrad);

}  // namespace mesh_renderer
