#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_silhouette_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(SoftrasSilhouette);
MR_CUDA_KERNEL(SoftrasSilhouetteGrad);

}  // namespace mesh_renderer
