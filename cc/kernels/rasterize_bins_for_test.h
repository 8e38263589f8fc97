// Pairs of faces and bins of one size, for tests of what the size must not change.
#pragma once

#include "cc/kernels/rasterize_bins_device.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {

inline FacePairs PairsInBinsOf(int side_log2, const RasterizeParams<float>& params,
                               SerialDevice& device) {
  const int64_t num_faces = params.faces.num_faces, num_boxes = params.image.batch * num_faces;
  const PixelBox* blocks = FindBlocks(params, device);
  int64_t* begin = device.Scratch<int64_t>(num_boxes + 1);
  const int64_t count = CountPairs(device, num_boxes, blocks, side_log2, begin);
  return {MakeBinGrid(params.image, side_log2), num_faces, blocks, begin, count};
}

}  // namespace mesh_renderer
