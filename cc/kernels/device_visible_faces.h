// The pixels that show each face, on a Device: what backward passes go through face by face.
#pragma once

#include "cc/kernels/device_bins.h"

namespace mesh_renderer {

// First column, first row, last column and last row that show a face.
struct PixelExtent {
  int32_t first_column, first_row, last_column, last_row;
};

// [B, F] the smallest box around the pixels that show each face, empty if none does. Only pixels at
// the border of what they show update it, so that large faces make no queue.
template <typename Device>
const PixelBox* BoxVisibleFaces(const ImageShape& image, int64_t num_faces, const int32_t* face_id,
                                Device& device) {
  const int64_t num_boxes = image.batch * num_faces, pixels = image.pixels();
  PixelExtent* extents = device.template Scratch<PixelExtent>(num_boxes);
  device.Fill(extents, num_boxes, PixelExtent{image.width, image.height, -1, -1});
  device.For(image.batch * pixels, [=] MR_DEVICE(int64_t i) {
    const int32_t face = face_id[i];
    if (face < 0) return;
    const int64_t in_image = i % pixels;
    const int32_t row = static_cast<int32_t>(in_image / image.width);
    const int32_t column = static_cast<int32_t>(in_image % image.width);
    PixelExtent* extent = &extents[i / pixels * num_faces + face];
    if (column == 0 || face_id[i - 1] != face) LowerTo(&extent->first_column, column);
    if (row == 0 || face_id[i - image.width] != face) LowerTo(&extent->first_row, row);
    if (column + 1 == image.width || face_id[i + 1] != face) RaiseTo(&extent->last_column, column);
    if (row + 1 == image.height || face_id[i + image.width] != face) {
      RaiseTo(&extent->last_row, row);
    }
  });
  PixelBox* boxes = device.template Scratch<PixelBox>(num_boxes);
  device.For(num_boxes, [=] MR_DEVICE(int64_t i) {
    const PixelExtent extent = extents[i];
    boxes[i] = {
        static_cast<uint16_t>(extent.first_column), static_cast<uint16_t>(extent.last_column + 1),
        static_cast<uint16_t>(extent.first_row), static_cast<uint16_t>(extent.last_row + 1)};
  });
  return boxes;
}

}  // namespace mesh_renderer
