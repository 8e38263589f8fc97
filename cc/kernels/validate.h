// Checks of input values that every binding runs before a kernel: the kernels trust their inputs,
// but for what they have a met_bad_... for.
//
// Each check answers "where is the first offender", so that a binding can name it. A clean input
// costs one vectorized pass.
#pragma once

#include <cmath>

#include "cc/core/portability.h"
#include "cc/kernels/cuda_context.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// Answer of a check that found nothing.
inline constexpr int64_t kNoOffender = -1;

// Vertex index of a padded face and face id of an empty pixel.
inline constexpr int32_t kEmpty = -1;

// Largest image side: pixel positions stay exact in float and pixels of one image count in int.
inline constexpr int kMaxImageSide = 32768;

// Of double coordinates, products of three must stay finite. Those of float are formed in double,
// but 1 / w must be a normal float: TensorFlow's threads flush smaller numbers to zero.
template <typename T>
inline constexpr T kLargestCoordinate = T(sizeof(T) == sizeof(float) ? 1e37 : 1e100);

template <typename T>
MR_HOST_DEVICE bool IsBadCoordinate(T value) {
  return !(std::abs(value) <= kLargestCoordinate<T>);
}

// An index outside [0, limit); negative values wrap to large ones.
MR_HOST_DEVICE bool OutOfRange(int32_t index, uint32_t limit) {
  return static_cast<uint32_t>(index) >= limit;
}

// A face id outside [-1, num_faces): shifted by one, -1 becomes the first legal value.
MR_HOST_DEVICE bool IsBadFaceId(int32_t face_id, int64_t num_faces) {
  return static_cast<uint32_t>(face_id) + 1 >= static_cast<uint32_t>(num_faces) + 1;
}

MR_HOST_DEVICE bool IsPadding(const int32_t* row) { return (row[0] & row[1] & row[2]) == kEmpty; }

// Flat position of the first NaN, infinity or magnitude above kLargestCoordinate.
template <typename T>
int64_t FindBadCoordinate(const T* values, int64_t count, const ParallelFor& parallel_for);

// Coordinates of pixels, of which only those count that a mask names; null: all do.
template <typename T>
struct MaskedCoordinates {
  const T* values;  // [num_pixels, per_pixel]
  const bool* mask;
  int64_t num_pixels;
  int64_t per_pixel;
};

template <typename T>
MR_HOST_DEVICE bool HasBadCoordinate(const MaskedCoordinates<T>& coordinates, int64_t pixel) {
  if (coordinates.mask != nullptr && !coordinates.mask[pixel]) return false;
  const T* of_pixel = coordinates.values + pixel * coordinates.per_pixel;
  bool bad = false;
  for (int64_t i = 0; i < coordinates.per_pixel; ++i) bad |= IsBadCoordinate(of_pixel[i]);
  return bad;
}

template <typename T>
int64_t FindBadCoordinate(const MaskedCoordinates<T>& coordinates, const ParallelFor& parallel_for);

struct FacesReport {
  int64_t bad_entry;  // flat position in faces of the first offender
  bool has_padding;   // some row is -1, -1, -1
};

// A row of faces must hold three indices in [0, num_vertices) or three times -1.
FacesReport CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                       const ParallelFor& parallel_for);

// Flat position of the first face id outside [-1, num_faces).
int64_t FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces,
                      const ParallelFor& parallel_for);

// Flat position of the first pixel that shows a padded face. Face ids must be in range.
int64_t FindPaddedFaceId(const FacesView& faces, const ImageShape& image, const int32_t* face_id,
                         const ParallelFor& parallel_for);

// The largest of counts, none of which is negative; 0 if there are none.
int32_t FindLargest(const int32_t* counts, int64_t size, const ParallelFor& parallel_for);

// The same for values in GPU memory; each waits for what is queued on the stream.

CudaError FindBadCoordinateCuda(const float* values, int64_t count, const CudaContext& context,
                                int64_t* offender);
CudaError FindBadCoordinateCuda(const MaskedCoordinates<float>& coordinates,
                                const CudaContext& context, int64_t* offender);
CudaError CheckFacesCuda(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                         const CudaContext& context, FacesReport* report);
CudaError FindBadFaceIdCuda(const int32_t* face_id, int64_t count, int64_t num_faces,
                            const CudaContext& context, int64_t* offender);
CudaError FindPaddedFaceIdCuda(const FacesView& faces, const ImageShape& image,
                               const int32_t* face_id, const CudaContext& context,
                               int64_t* offender);

CudaError FindLargestCuda(const int32_t* counts, int64_t size, const CudaContext& context,
                          int32_t* largest);

}  // namespace mesh_renderer
