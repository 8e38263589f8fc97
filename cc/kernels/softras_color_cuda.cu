// SoftrasColor on a GPU.
#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_color.h"
#include "cc/kernels/softras_color_device.h"
#include "cc/kernels/softras_color_grad_device.h"

namespace mesh_renderer {

CudaError SoftrasColorCuda(const SoftrasColorParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  SoftrasColorOnDevice(params, device);
  return device.error();
}

CudaError SoftrasColorGradCuda(const SoftrasColorGradParams<float>& params,
                               const CudaContext& context) {
  CudaDevice device(context);
  SoftrasColorGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
