// Loops over the pixels of a batch of images, cut into spans of whole rows.
#pragma once

#include <algorithm>
#include <type_traits>

#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// Calls body(b, begin, end) for disjoint non-empty spans of pixels that cover the batch. A span
// lies in image b; begin and end count pixels from the start of the batch. Spans run in parallel.
template <typename Body>
void ForEachSpan(const ImageShape& image, const ParallelFor& parallel_for, const Body& body) {
  // Long enough to hide the cost of starting a task, short enough to share one small image.
  constexpr int64_t kPixelsPerTask = 4096;
  if (image.batch * image.pixels() == 0) return;
  const int64_t block = std::max<int64_t>(1, kPixelsPerTask / image.width);
  parallel_for.Run(image.batch * image.height, block, [&](int64_t row, int64_t row_end) {
    while (row < row_end) {
      const int64_t b = row / image.height;
      const int64_t stop = std::min(row_end, (b + 1) * image.height);
      body(b, row * image.width, stop * image.width);
      row = stop;
    }
  });
}

template <Reach kReach>
using ReachConstant = std::integral_constant<Reach, kReach>;

// Calls body(reach, pixel) for the pixels of a non-empty span in rising order. Loads and stores of
// per-pixel values may reach over the register except at the last pixel: what follows it belongs to
// another thread, or to nobody.
template <typename Body>
MR_HOST_DEVICE void ForEachPixel(int64_t begin, int64_t end, const Body& body) {
  for (int64_t pixel = begin; pixel < end - 1; ++pixel) {
    body(ReachConstant<Reach::kRegister>(), pixel);
  }
  body(ReachConstant<Reach::kExact>(), end - 1);
}

}  // namespace mesh_renderer
