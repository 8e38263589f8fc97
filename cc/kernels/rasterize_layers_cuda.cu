#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/rasterize_layers_device.h"

namespace mesh_renderer {

CudaError RasterizeLayersCuda(const RasterizeLayersParams<float>& params,
                              const CudaContext& context, int32_t* largest) {
  CudaDevice device(context);
  *largest = RasterizeLayersOnDevice(params, device);
  return device.error();
}

}  // namespace mesh_renderer
