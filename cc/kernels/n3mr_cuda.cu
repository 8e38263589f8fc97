#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/n3mr_device.h"

namespace mesh_renderer {

CudaError N3mrGradCuda(const N3mrGradParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  N3mrGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
