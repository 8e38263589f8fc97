// DibrMask on a GPU.
#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/dibr_mask_device.h"

namespace mesh_renderer {

CudaError DibrMaskCuda(const DibrMaskParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  DibrMaskOnDevice(params, device);
  return device.error();
}

CudaError DibrMaskGradCuda(const DibrMaskGradParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  DibrMaskGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
