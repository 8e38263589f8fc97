#include "cc/kernels/cuda_device.cuh"
#include "cc/kernels/validate_device.h"

namespace mesh_renderer {

CudaError FindBadCoordinateCuda(const float* values, int64_t count, const CudaContext& context,
                                int64_t* offender) {
  CudaDevice device(context);
  *offender = FindBadCoordinateOnDevice(values, count, device);
  return device.error();
}

CudaError FindBadCoordinateCuda(const MaskedCoordinates<float>& coordinates,
                                const CudaContext& context, int64_t* offender) {
  CudaDevice device(context);
  *offender = FindBadCoordinateOnDevice(coordinates, device);
  return device.error();
}

CudaError CheckFacesCuda(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                         const CudaContext& context, FacesReport* report) {
  CudaDevice device(context);
  *report = CheckFacesOnDevice(faces, num_rows, num_vertices, device);
  return device.error();
}

CudaError FindBadFaceIdCuda(const int32_t* face_id, int64_t count, int64_t num_faces,
                            const CudaContext& context, int64_t* offender) {
  CudaDevice device(context);
  *offender = FindBadFaceIdOnDevice(face_id, count, num_faces, device);
  return device.error();
}

CudaError FindPaddedFaceIdCuda(const FacesView& faces, const ImageShape& image,
                               const int32_t* face_id, const CudaContext& context,
                               int64_t* offender) {
  CudaDevice device(context);
  *offender = FindPaddedFaceIdOnDevice(faces, image, face_id, device);
  return device.error();
}

CudaError FindLargestCuda(const int32_t* counts, int64_t size, const CudaContext& context,
                          int32_t* largest) {
  CudaDevice device(context);
  *largest = FindLargestOnDevice(counts, size, device);
  return device.error();
}

}  // namespace mesh_renderer
