// Where an op runs. Ops are templates on the backend: the kernels they launch and the checks they
// make are overloaded on it. A backend can
//
//   Copy(from, bytes, to)        within its memory
//   ReadBack(from, bytes, to)    from its memory to the host
//   Find...(..., offender)       run the checks of cc/kernels/validate.h
//
// and knows, as kKernelsWatchInputs, whether kernels that have a met_bad_... set it.
#pragma once

#include <cstring>

#include "absl/status/status.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {

struct CpuBackend {
  static constexpr bool kKernelsWatchInputs = true;
  const ParallelFor& parallel_for;

  absl::Status Copy(const void* from, size_t bytes, void* to) const {
    if (bytes > 0) std::memcpy(to, from, bytes);
    return absl::OkStatus();
  }
  absl::Status ReadBack(const void* from, size_t bytes, void* to) const {
    return Copy(from, bytes, to);
  }

  template <typename T>
  absl::Status FindBadCoordinate(const MaskedCoordinates<T>& coordinates, int64_t* offender) const {
    *offender = mesh_renderer::FindBadCoordinate(coordinates, parallel_for);
    return absl::OkStatus();
  }
  absl::Status CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                          FacesReport* report) const {
    *report = mesh_renderer::CheckFaces(faces, num_rows, num_vertices, parallel_for);
    return absl::OkStatus();
  }
  absl::Status FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces,
                             int64_t* offender) const {
    *offender = mesh_renderer::FindBadFaceId(face_id, count, num_faces, parallel_for);
    return absl::OkStatus();
  }
  absl::Status FindPaddedFaceId(const FacesView& faces, const ImageShape& image,
                                const int32_t* face_id, int64_t* offender) const {
    *offender = mesh_renderer::FindPaddedFaceId(faces, image, face_id, parallel_for);
    return absl::OkStatus();
  }
  absl::Status FindLargest(const int32_t* counts, int64_t size, int32_t* largest) const {
    *largest = mesh_renderer::FindLargest(counts, size, parallel_for);
    return absl::OkStatus();
  }
};

// Where there are no CUDA kernels no op is run with this one.
struct CudaBackend {
  static constexpr bool kKernelsWatchInputs = false;
  CudaContext context;

  static absl::Status ToStatus(const CudaError& error) {
    if (error.empty()) return absl::OkStatus();
    const bool out_of_memory = error.rfind(kOutOfMemory, 0) == 0;
    return out_of_memory ? absl::ResourceExhaustedError("CUDA: " + error)
                         : absl::InternalError("CUDA: " + error);
  }

  absl::Status Copy(const void* from, size_t bytes, void* to) const {
    return ToStatus(CopyOnGpu(context, from, bytes, to));
  }
  absl::Status ReadBack(const void* from, size_t bytes, void* to) const {
    return ToStatus(CopyToHost(context, from, bytes, to));
  }

  absl::Status FindBadCoordinate(const MaskedCoordinates<float>& coordinates,
                                 int64_t* offender) const {
    return ToStatus(FindBadCoordinateCuda(coordinates, context, offender));
  }
  absl::Status CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                          FacesReport* report) const {
    return ToStatus(CheckFacesCuda(faces, num_rows, num_vertices, context, report));
  }
  absl::Status FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces,
                             int64_t* offender) const {
    return ToStatus(FindBadFaceIdCuda(face_id, count, num_faces, context, offender));
  }
  absl::Status FindPaddedFaceId(const FacesView& faces, const ImageShape& image,
                                const int32_t* face_id, int64_t* offender) const {
    return ToStatus(FindPaddedFaceIdCuda(faces, image, face_id, context, offender));
  }
  absl::Status FindLargest(const int32_t* counts, int64_t size, int32_t* largest) const {
    return ToStatus(FindLargestCuda(counts, size, context, largest));
  }
};

}  // namespace mesh_renderer

// Defines Kernel(params, backend), which calls KernelCpu or KernelCuda.
#define MR_KERNEL(Kernel)                                                 \
  template <typename Params>                                              \
  absl::Status Kernel(const Params& params, const CpuBackend& backend) {  \
    Kernel##Cpu(params, backend.parallel_for);                            \
    return absl::OkStatus();                                              \
  }                                                                       \
  template <typename Params>                                              \
  absl::Status Kernel(const Params& params, const CudaBackend& backend) { \
    return CudaBackend::ToStatus(Kernel##Cuda(params, backend.context));  \
  }
