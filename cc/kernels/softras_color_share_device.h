// What SoftrasColor's gradient knows of a pixel and of a face at a pixel, on a Device.
#pragma once

#include "cc/kernels/softras_color_device.h"

namespace mesh_renderer {

// What the faces of one pixel share.
struct alignas(16) SharedAtPixel {
  float alpha;        // see AlphaBackward
  float inverse_sum;  // 0 where the gradient of the colour is 0
  float largest_or_id;
  float grad_dot_color;
};

struct SharePixel {
  SoftrasColorGradParams<float> params;
  MixScale<float> mix;
  const int64_t* num_faces;
  SharedAtPixel* shared;

  MR_DEVICE void operator()(int64_t pixel) const {
    const int64_t num_channels = params.color_layout.num_channels;
    const float* const color = params.color_image + pixel * (num_channels + 1);
    const float* const grad = params.grad_image + pixel * (num_channels + 1);
    float dot = 0;
    bool has_gradient = false;
    for (int64_t c = 0; c < num_channels; ++c) {
      dot += grad[c] * color[c];
      has_gradient = has_gradient || grad[c] != 0.0f;
    }
    const float count = NumFacesOf(num_faces, pixel / params.image.pixels());
    const float sum = mix.rgb == RgbAggregation::kSoftmax ? params.aggregates[pixel * 2] : 1.0f;
    shared[pixel] = {AlphaBackward(mix.alpha, mix.original_gradient, color[num_channels], count,
                                   grad[num_channels]),
                     has_gradient ? 1.0f / sum : 0.0f, params.aggregates[pixel * 2 + 1], dot};
  }
};

// One face at one pixel, where either has a gradient.
struct ColorOfFace {
  FaceAtPixel<float> at;
  PointAtPixel<float> seen;
  SoftCoverage<float> coverage;
  bool in_alpha = false, in_color = false;
  float share = 0.0f;  // in the colour

  MR_HOST_DEVICE ColorOfFace(const ColorScales& scales, const ViewedFace<float>& face, float f,
                             const SharedAtPixel& shared, const Vec2<float>& center) {
    at = LookAt(face.blurred, scales.blur, center);
    if (!at.reached) return;
    const MixScale<float>& mix = scales.mix;
    seen = PointAt(face, scales.view, at);
    // The released program stops at faces out of range, for alpha too.
    in_alpha = shared.alpha != 0.0f && (!mix.original_gradient || seen.in_range);
    in_color = shared.inverse_sum != 0.0f && face.is_shown &&
               GivesColor(mix, f, at, seen, shared.largest_or_id);
    if (!in_alpha && !in_color) return;
    coverage = CoverageAt(at, scales.blur);
    if (!in_color) return;
    share =
        ColorShare(mix, seen.point.depth, coverage.hit, shared.largest_or_id, shared.inverse_sum);
  }
};

}  // namespace mesh_renderer
