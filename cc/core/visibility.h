// Which fragments are visible, decided by the winding of a face and the depth of a pixel.
//
// Fragments are compared by a depth key that is linear on the image and larger for what is nearer:
// 1 / w, or -z / w.
#pragma once

#include <limits>

#include "cc/core/portability.h"

namespace mesh_renderer {

// Which faces are not drawn. A front face is counter-clockwise on screen (y up).
enum class Cull { kBack, kFront, kNone };

// Where camera depth is found in clip space.
enum class DepthFrom {
  kW,  // perspective: depth = w
  kZ,  // orthographic: depth = near + (z / w + 1) / 2 * (far - near)
};

// What decides visibility; the backward pass needs the same values.
struct RasterizeSettings {
  Cull cull;
  DepthFrom depth_from;
  double near;  // a fragment is drawn iff near < depth < far
  double far;
};

// Depth keys of the far and near limit: a fragment is drawn iff far_key < key < near_key.
struct DepthKeys {
  double far_key, near_key;
};

inline DepthKeys KeysOf(const RasterizeSettings& settings) {
  if (settings.depth_from == DepthFrom::kZ) return {-1.0, 1.0};
  const double infinity = std::numeric_limits<double>::infinity();
  // Nothing at or behind the camera is drawn, so a limit there is as good as one at 0.
  return {settings.far > 0 ? 1.0 / settings.far : infinity,
          settings.near > 0 ? 1.0 / settings.near : infinity};
}

// Camera depth of keys of type P: numbers of type T, or lanes of them.
template <typename T, typename P>
MR_HOST_DEVICE P DepthOfKey(const P& key, const RasterizeSettings& settings) {
  if (settings.depth_from == DepthFrom::kW) return T(1) / key;
  const T half_range = static_cast<T>((settings.far - settings.near) * 0.5);
  return static_cast<T>(settings.near) + (T(1) - key) * half_range;
}

// Zero-area faces draw nothing; a determinant below the smallest normal number counts as zero.
MR_HOST_DEVICE bool IsDrawn(double det, Cull cull) {
  constexpr double kSmallestDet = std::numeric_limits<double>::min();
  if (!(std::abs(det) >= kSmallestDet)) return false;
  return cull == Cull::kNone || (cull == Cull::kBack) == (det > 0);
}

}  // namespace mesh_renderer
