#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/interpolate_device.h"

namespace mesh_renderer {

CudaError InterpolateCuda(const InterpolateParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  InterpolateOnDevice(params, device);
  return device.error();
}

CudaError InterpolateGradCuda(const InterpolateGradParams<float>& params,
                              const CudaContext& context) {
  CudaDevice device(context);
  InterpolateGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
