// The pixels that a face may cover: a first guess from rounded positions of its corners, always
// large enough. Edge functions decide; see face_planes.h.
#pragma once

#include <algorithm>
#include <limits>

#include "cc/core/viewport.h"
#include "cc/core/visibility.h"

namespace mesh_renderer {

// The margin covers the rounding of positions to float within the largest image (2^15 pixels).
constexpr float kPositionMargin = 1.0f / 64;

// Beyond the image the rounding of positions grows with the extent of the face: a few times 2^-24.
constexpr float kExtentMargin = 1.0f / (1 << 22);

// Pixel position of a projected vertex; x is NaN for a vertex that is not in front of the camera.
struct PixelPosition {
  float x, y;
};

// q = (x, y, z, w) in clip space.
template <typename T>
MR_HOST_DEVICE PixelPosition ToPixelPosition(const T* q, int height, int width) {
  const double w = static_cast<double>(q[3]);
  const double scale =
      w >= std::numeric_limits<double>::min() ? 1.0 / w : std::numeric_limits<double>::quiet_NaN();
  return {static_cast<float>(NdcToColumn(q[0] * scale, width)),
          static_cast<float>(NdcToRow(q[1] * scale, height))};
}

// First integer >= x - margin, within [0, limit].
MR_HOST_DEVICE int FirstPixel(float x, int limit) {
  const float clamped = std::min(std::max(x - kPositionMargin, 0.0f), static_cast<float>(limit));
  const int truncated = static_cast<int>(clamped);
  return truncated + (static_cast<float>(truncated) < clamped);
}

// One past the last integer <= x + margin, within [0, limit].
MR_HOST_DEVICE int EndPixel(float x, int limit) {
  const float clamped =
      std::min(std::max(x + kPositionMargin, -1.0f), static_cast<float>(limit - 1));
  return static_cast<int>(clamped + 1.0f);
}

// Whether the screen triangle winds the culled way beyond doubt; the determinant decides close
// calls.
MR_HOST_DEVICE bool SurelyCulled(const PixelPosition p[3], Cull cull) {
  const float ax = p[1].x - p[0].x, ay = p[1].y - p[0].y;
  const float bx = p[2].x - p[0].x, by = p[2].y - p[0].y;
  const float doubled_area = ay * bx - ax * by;  // > 0: counter-clockwise with y up (rows go down)
  const float extent = std::abs(ax) + std::abs(ay) + std::abs(bx) + std::abs(by);
  const float doubt = extent * (kPositionMargin + extent * kExtentMargin);
  if (cull == Cull::kBack) return doubled_area < -doubt;
  if (cull == Cull::kFront) return doubled_area > doubt;
  return false;
}

// Pixels [column_begin, column_end) x [row_begin, row_end), which mean nothing if the face cannot
// cover any pixel centre.
struct FaceBounds {
  int column_begin, column_end, row_begin, row_end;
  bool may_cover;
};

// A corner behind the camera may bring the face anywhere.
MR_HOST_DEVICE FaceBounds BoundFace(const PixelPosition p[3], int height, int width, Cull cull) {
  const int behind = (p[0].x != p[0].x) + (p[1].x != p[1].x) + (p[2].x != p[2].x);
  FaceBounds bounds = {0, width, 0, height, false};
  if (behind == 0) {
    bounds.column_begin = FirstPixel(std::min(std::min(p[0].x, p[1].x), p[2].x), width);
    bounds.column_end = EndPixel(std::max(std::max(p[0].x, p[1].x), p[2].x), width);
    bounds.row_begin = FirstPixel(std::min(std::min(p[0].y, p[1].y), p[2].y), height);
    bounds.row_end = EndPixel(std::max(std::max(p[0].y, p[1].y), p[2].y), height);
  }
  const bool empty = (bounds.column_begin >= bounds.column_end) |
                     (bounds.row_begin >= bounds.row_end) | (behind == 3);
  bounds.may_cover = !empty && !(behind == 0 && SurelyCulled(p, cull));
  return bounds;
}

}  // namespace mesh_renderer
