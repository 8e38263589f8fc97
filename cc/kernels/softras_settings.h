// What SoftRas' ops are told beside the scene.
#pragma once

#include <cmath>

#include "cc/core/softras_mix.h"
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

}  // namespace mesh_renderer
