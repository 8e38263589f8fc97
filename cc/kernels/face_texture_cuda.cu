#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/face_texture_device.h"

namespace mesh_renderer {

MR_CUDA_KERNEL(FaceTexture);
MR_CUDA_KERNEL(FaceTextureGrad);

}  // namespace mesh_renderer
