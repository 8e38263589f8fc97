// The pixels that a face of a soft gradient model may reach: its bounding box on the image,
// enlarged.
//
// S is the number type of a face, P that of a pixel: the same, or lanes of it.
#pragma once

#include "cc/core/select.h"
#include "cc/core/vec.h"
#include "cc/core/viewport.h"

namespace mesh_renderer {

// In NDC.
template <typename S>
struct ReachBox {
  S left, right, bottom, top;
};

template <typename S>
MR_HOST_DEVICE ReachBox<S> BoxOf(const Vec2<S>* corner, S reach) {
  const Vec2<S>* const p = corner;
  return {Min(Min(p[0].x, p[1].x), p[2].x) - reach, Max(Max(p[0].x, p[1].x), p[2].x) + reach,
          Min(Min(p[0].y, p[1].y), p[2].y) - reach, Max(Max(p[0].y, p[1].y), p[2].y) + reach};
}

// Which pixels the half-open box holds.
template <typename P, typename S>
MR_HOST_DEVICE MaskOf<P> InHalfOpenBox(const Vec2<P>& pixel, const ReachBox<S>& box) {
  return (pixel.x >= box.left) & (pixel.x < box.right) & (pixel.y >= box.bottom) &
         (pixel.y < box.top);
}

// Which pixels the box with all its sides holds.
template <typename P, typename S>
MR_HOST_DEVICE MaskOf<P> InClosedBox(const Vec2<P>& pixel, const ReachBox<S>& box) {
  return (pixel.x >= box.left) & (pixel.x <= box.right) & (pixel.y >= box.bottom) &
         (pixel.y <= box.top);
}

// A half-open range of rows or columns.
struct PixelRange {
  uint16_t begin, end;
};

// Pixels whose centres lie within [low, high] in continuous pixel coordinates, or nearly so: the
// kernels test the box itself in NDC, this only bounds their loops.
MR_HOST_DEVICE PixelRange CoveredPixels(double low, double high, int limit) {
  constexpr double kMargin = 1.0 / 64;
  const double first = Min(Max(low - kMargin, 0.0), static_cast<double>(limit));
  const double last = Min(Max(high + kMargin, -1.0), limit - 1.0);
  const int truncated = static_cast<int>(first);  // std::ceil is a library call before SSE 4.1
  const int begin = truncated + (truncated < first), end = static_cast<int>(last + 1.0);
  if (begin >= end) return {0, 0};
  return {static_cast<uint16_t>(begin), static_cast<uint16_t>(end)};
}

struct PixelRanges {
  PixelRange columns, rows;
};

// In double: no pixel of the box is lost, whatever S is.
template <typename S>
MR_HOST_DEVICE PixelRanges PixelsInReach(const Vec2<S>* corner, S reach, int height, int width) {
  const Vec2<S>* const p = corner;
  const double left = Min(Min(p[0].x, p[1].x), p[2].x), right = Max(Max(p[0].x, p[1].x), p[2].x);
  const double bottom = Min(Min(p[0].y, p[1].y), p[2].y), top = Max(Max(p[0].y, p[1].y), p[2].y);
  const double by = reach;
  return {CoveredPixels(NdcToColumn(left - by, width), NdcToColumn(right + by, width), width),
          CoveredPixels(NdcToRow(top + by, height), NdcToRow(bottom - by, height), height)};
}

}  // namespace mesh_renderer
