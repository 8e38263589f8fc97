// The checks of validate.h on a Device.
#pragma once

#include "cc/kernels/device.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {

// An item that passes a test, and the first that does not: `offender` if it is smaller.
template <typename IsBad>
struct KeepFirst {
  IsBad is_bad;
  int64_t* offender;
  MR_DEVICE void operator()(int64_t i) const {
    if (is_bad(i)) LowerTo(offender, i);
  }
};

// The first item in [0, count) for which is_bad(i) holds, or kNoOffender.
template <typename Device, typename IsBad>
int64_t FindFirstOnDevice(Device& device, int64_t count, const IsBad& is_bad) {
  int64_t* offender = device.template Scratch<int64_t>(1);
  device.Fill(offender, 1, count);
  device.For(count, KeepFirst<IsBad>{is_bad, offender});
  const int64_t first = device.Read(offender);
  return first == count || device.failed() ? kNoOffender : first;
}

template <typename Device>
int64_t FindBadCoordinateOnDevice(const float* values, int64_t count, Device& device) {
  return FindFirstOnDevice(device, count,
                           [=] MR_DEVICE(int64_t i) { return IsBadCoordinate(values[i]); });
}

template <typename Device>
int64_t FindBadCoordinateOnDevice(const MaskedCoordinates<float>& coordinates, Device& device) {
  const int64_t per_pixel = coordinates.per_pixel;
  return FindFirstOnDevice(device, coordinates.num_pixels * per_pixel, [=] MR_DEVICE(int64_t i) {
    const bool counts = coordinates.mask == nullptr || coordinates.mask[i / per_pixel];
    return counts && IsBadCoordinate(coordinates.values[i]);
  });
}

template <typename Device>
FacesReport CheckFacesOnDevice(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                               Device& device) {
  const uint32_t limit = static_cast<uint32_t>(num_vertices);
  FacesReport* report = device.template Scratch<FacesReport>(1);
  device.Fill(report, 1, FacesReport{3 * num_rows, false});
  device.For(3 * num_rows, [=] MR_DEVICE(int64_t i) {
    if (!OutOfRange(faces[i], limit)) return;
    if (IsPadding(faces + i / 3 * 3)) {
      report->has_padding = true;  // whoever writes, writes the same
    } else {
      LowerTo(&report->bad_entry, i);
    }
  });
  const FacesReport found = device.Read(report);
  if (device.failed() || found.bad_entry == 3 * num_rows) return {kNoOffender, found.has_padding};
  return {found.bad_entry, false};
}

template <typename Device>
int64_t FindBadFaceIdOnDevice(const int32_t* face_id, int64_t count, int64_t num_faces,
                              Device& device) {
  return FindFirstOnDevice(device, count,
                           [=] MR_DEVICE(int64_t i) { return IsBadFaceId(face_id[i], num_faces); });
}

template <typename Device>
int64_t FindPaddedFaceIdOnDevice(const FacesView& faces, const ImageShape& image,
                                 const int32_t* face_id, Device& device) {
  const int64_t pixels = image.pixels();
  return FindFirstOnDevice(device, image.batch * pixels, [=] MR_DEVICE(int64_t i) {
    return face_id[i] != kEmpty && faces.OfImage(i / pixels)[3 * int64_t{face_id[i]}] == kEmpty;
  });
}

template <typename Device>
int32_t FindLargestOnDevice(const int32_t* counts, int64_t size, Device& device) {
  int32_t* largest = device.template Scratch<int32_t>(1);
  device.Fill(largest, 1, int32_t{0});
  device.For(size, [=] MR_DEVICE(int64_t i) { RaiseTo(largest, counts[i]); });
  return device.Read(largest);
}

}  // namespace mesh_renderer
