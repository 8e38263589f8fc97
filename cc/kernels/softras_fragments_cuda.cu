#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_fragments_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(SoftrasFragments);
MR_CUDA_KERNEL(SoftrasFragmentsGrad);

}  // namespace mesh_renderer
