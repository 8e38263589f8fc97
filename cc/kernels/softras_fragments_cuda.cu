// SoftrasFragments on a GPU.
#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_fragments.h"
#include "cc/kernels/softras_fragments_device.h"

namespace mesh_renderer {

CudaError SoftrasFragmentsCuda(const SoftrasFragmentsParams<float>& params,
                               const CudaContext& context) {
  CudaDevice device(context);
  SoftrasFragmentsOnDevice(params, device);
  return device.error();
}

CudaError SoftrasFragmentsGradCuda(const SoftrasFragmentsGradParams<float>& params,
                                   const CudaContext& context) {
  CudaDevice device(context);
  SoftrasFragmentsGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
