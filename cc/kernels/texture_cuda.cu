#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/texture_device.h"
#include "cc/kernels/texture_grad_device.h"

namespace mesh_renderer {

CudaError TextureCuda(const TextureParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  TextureOnDevice(params, device);
  return device.error();
}

CudaError TextureGradCuda(const TextureGradParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  TextureGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
