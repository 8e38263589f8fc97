// SoftrasSilhouette on a GPU.
#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/softras_silhouette.h"
#include "cc/kernels/softras_silhouette_device.h"

namespace mesh_renderer {

CudaError SoftrasSilhouetteCuda(const SoftrasSilhouetteParams<float>& params,
                                const CudaContext& context) {
  CudaDevice device(context);
  SoftrasSilhouetteOnDevice(params, device);
  return device.error();
}

CudaError SoftrasSilhouetteGradCuda(const SoftrasSilhouetteGradParams<float>& params,
                                    const CudaContext& context) {
  CudaDevice device(context);
  SoftrasSilhouetteGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
