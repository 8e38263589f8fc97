#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/face_texture_device.h"

namespace mesh_renderer {

CudaError FaceTextureCuda(const FaceTextureParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  FaceTextureOnDevice(params, device);
  return device.error();
}

CudaError FaceTextureGradCuda(const FaceTextureGradParams<float>& params,
                              const CudaContext& context) {
  CudaDevice device(context);
  FaceTextureGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
