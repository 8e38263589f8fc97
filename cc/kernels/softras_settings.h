// What SoftRas' ops are told beside the scene.
#pragma once

#include <cmath>

#include "cc/core/screen.h"
#include "cc/core/softras_color.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

// How faces blur.
struct SoftBlur {
  SoftDistance distance;
  double sigma;
  double dist_eps;  // a face that covers less of a pixel is left out

  // The signed square below which a face covers less than dist_eps is minus this.
  double threshold() const { return std::log(1.0 / dist_eps - 1.0) * sigma; }
};

// How their colours mix.
struct SoftMixing {
  RgbAggregation rgb;
  AlphaAggregation alpha;
  double gamma;
  double eps;              // nearness of the background
  bool original_gradient;  // that of the released program
};

// Which faces give colour, and where a pixel sees it. RasterizeSettings as for Rasterize, but for
// near <= depth <= far.
struct SoftView {
  RasterizeSettings visibility;
  bool perspective_correct;
};

// The same in the numbers of a kernel.

template <typename T>
BlurScale<T> BlurScaleOf(const SoftBlur& blur) {
  return {blur.distance, static_cast<T>(1.0 / blur.sigma), static_cast<T>(blur.threshold())};
}

template <typename T>
ViewScale<T> ViewScaleOf(const SoftView& view) {
  const RasterizeSettings& visibility = view.visibility;
  return {visibility.cull != Cull::kFront,        visibility.cull != Cull::kBack,
          visibility.depth_from == DepthFrom::kW, view.perspective_correct,
          static_cast<T>(visibility.near),        static_cast<T>(visibility.far)};
}

template <typename T>
MixScale<T> MixScaleOf(const SoftMixing& mixing, const SoftView& view) {
  const double near = view.visibility.near, far = view.visibility.far;
  return {
      mixing.rgb,
      mixing.alpha,
      mixing.original_gradient,
      {static_cast<T>(far), static_cast<T>(1.0 / (far - near)), static_cast<T>(1.0 / mixing.gamma)},
      static_cast<T>(mixing.eps),
      static_cast<T>(mixing.gamma * (sizeof(T) == sizeof(float) ? 87.0 : 700.0)),
      static_cast<T>(std::exp(mixing.eps / mixing.gamma)),
      static_cast<T>(far < 1e7 ? 1e7 : 1e37)};
}

// How far from its box a face may cover a pixel, in NDC.
template <typename T>
T ReachOf(const SoftBlur& blur) {
  return static_cast<T>(std::sqrt(blur.threshold()));
}

template <typename T>
ScreenDepth<T> ScreenDepthOf(const SoftView& view) {
  const RasterizeSettings& visibility = view.visibility;
  return {visibility.depth_from == DepthFrom::kW, static_cast<T>(visibility.near),
          static_cast<T>((visibility.far - visibility.near) / 2)};
}

}  // namespace mesh_renderer
