#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/rasterize_device.h"
#include "cc/kernels/rasterize_grad_device.h"

namespace mesh_renderer {

CudaError RasterizeCuda(const RasterizeParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  RasterizeOnDevice(params, device);
  return device.error();
}

CudaError RasterizeGradCuda(const RasterizeGradParams<float>& params, const CudaContext& context) {
  CudaDevice device(context);
  RasterizeGradOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
