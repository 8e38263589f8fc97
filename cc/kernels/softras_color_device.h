// SoftrasColor on a Device: every pixel goes through the faces that reach it.
#pragma once

#include "cc/kernels/softras_color.h"
#include "cc/kernels/softras_device.h"

namespace mesh_renderer {

// Colour channels that a thread holds in registers; with more it looks at its faces again.
constexpr int kChannelGroup = 4;

// The colours of faces, as pixels see them.
struct ColorsOnDevice {
  SoftBatch batch;
  SoftColors layout;
  const float* values;

  MR_HOST_DEVICE bool is_surface() const { return layout.side > 0; }
  MR_HOST_DEVICE int64_t num_values() const {
    const int64_t texels = batch.faces.num_faces * layout.side * layout.side;
    return layout.num_channels * (!is_surface() ? batch.image.batch * batch.num_vertices
                                                : (layout.shared ? 1 : batch.image.batch) * texels);
  }

  // Where the channels of a corner, or of the texel that a pixel sees, begin.
  MR_HOST_DEVICE int64_t OfCorner(const FacePlace& at, int k) const {
    return batch.Vertex(at, k) * layout.num_channels;
  }
  MR_HOST_DEVICE int64_t OfTexel(const FacePlace& at, const float* weight) const {
    const int64_t face = (layout.shared ? 0 : at.image * batch.faces.num_faces) + at.face;
    const float side = static_cast<float>(layout.side);
    const int texel =
        SurfaceTexel(weight[0] * side, weight[1] * side, static_cast<int>(layout.side));
    return (face * layout.side * layout.side + texel) * layout.num_channels;
  }
};

// What a pixel sees of the colours of one face.
struct SeenColors {
  const float* corner[3];  // the first one: of the texel
  float weight[3];
  bool is_surface;

  MR_HOST_DEVICE SeenColors(const ColorsOnDevice& colors, const FacePlace& at, const float* weights)
      : is_surface(colors.is_surface()) {
    for (int k = 0; k < 3; ++k) weight[k] = weights[k];
    if (is_surface) {
      corner[0] = corner[1] = corner[2] = colors.values + colors.OfTexel(at, weights);
    } else {
      for (int k = 0; k < 3; ++k) corner[k] = colors.values + colors.OfCorner(at, k);
    }
  }
  MR_HOST_DEVICE float At(int64_t c) const {
    return is_surface
               ? corner[0][c]
               : weight[0] * corner[0][c] + weight[1] * corner[1][c] + weight[2] * corner[2][c];
  }
};

// SoftrasColor in the numbers of the kernel.
struct ColorScales {
  BlurScale<float> blur;
  ViewScale<float> view;
  MixScale<float> mix;
};

template <typename Params>
ColorScales ScalesOf(const Params& params) {
  return {BlurScaleOf<float>(params.blur), ViewScaleOf<float>(params.view),
          MixScaleOf<float>(params.mixing, params.view)};
}

// Draws the channels [first, first + kChannelGroup) of one pixel, and with the first of them what
// it has only one of.
struct DrawColorPixel {
  FacesOfPixels<ViewedFace<float>> faces;
  ColorScales scales;
  ColorsOnDevice colors;
  const int64_t* num_faces;
  int64_t first;
  const float* background;
  float* color_image;
  float* aggregates;

  MR_DEVICE void operator()(int64_t i) const {
    const PixelPlace place = PlaceInBins(faces.lists.grid, i);
    if (!place.inside) return;
    const MixScale<float>& mix = scales.mix;
    const ImageShape& image = faces.placed.batch.image;
    const Vec2<float> center = CenterOf(image, place.row, place.column);
    const int64_t num_channels = colors.layout.num_channels;
    float alpha_total = EmptyAlpha<float>(mix.alpha);
    SoftmaxTotal<float> total = EmptyTotal(mix);
    float color[kChannelGroup];
    for (int c = 0; c < kChannelGroup; ++c) {
      color[c] = first + c < num_channels
                     ? background[place.image * num_channels + first + c] * EmptyWeight(mix)
                     : 0.0f;
    }
    ForEachFace(faces, i, place, [&](int32_t f, const ViewedFace<float>& face) {
      const FaceAtPixel<float> at = LookAt(face.blurred, scales.blur, center);
      if (!at.reached) return true;
      const SoftCoverage<float> coverage = CoverageAt(at, scales.blur);
      alpha_total = AddToAlpha<float>(mix.alpha, alpha_total, coverage, true);
      if (!face.is_shown) return true;
      const PointAtPixel<float> seen = PointAt(face, scales.view, at);
      if (!MayMix(mix, seen, total.largest)) return true;
      const SoftmaxStep<float> step =
          MixFace(mix, static_cast<float>(f), at, seen, coverage.hit, &total);
      const SeenColors seen_colors(colors, {place.image, f}, seen.point.weight);
      for (int c = 0; c < kChannelGroup; ++c) {
        if (first + c < num_channels) {
          color[c] = color[c] * step.keep + seen_colors.At(first + c) * step.add;
        }
      }
      return true;
    });
    Write(place, total, alpha_total, color);
  }

 private:
  MR_DEVICE void Write(const PixelPlace& place, const SoftmaxTotal<float>& total, float alpha_total,
                       const float* color) const {
    const int64_t pixel = place.index(faces.placed.batch.image);
    const int64_t num_channels = colors.layout.num_channels;
    float* const values = color_image + pixel * (num_channels + 1);
    const float scale = scales.mix.rgb == RgbAggregation::kSoftmax ? 1.0f / total.sum : 1.0f;
    for (int c = 0; c < kChannelGroup; ++c) {
      if (first + c < num_channels) values[first + c] = color[c] * scale;
    }
    if (first != 0) return;
    values[num_channels] =
        AlphaOfTotal(scales.mix.alpha, alpha_total, NumFacesOf(num_faces, place.image));
    aggregates[pixel * 2] = total.sum;
    aggregates[pixel * 2 + 1] = total.largest;
  }
};

template <typename Device>
void SoftrasColorOnDevice(const SoftrasColorParams<float>& params, Device& device) {
  const SoftBatch batch = ViewedBatch(params);
  const FacesOfPixels<ViewedFace<float>> faces =
      ListFacesOfPixels<ViewedFace<float>>(device, batch, MakerOfViewed(params));
  const int64_t* num_faces = CountFacesOnDevice(device, params.mixing.alpha, batch);
  for (int64_t first = 0; first == 0 || first < params.color_layout.num_channels;
       first += kChannelGroup) {
    device.For(faces.lists.grid.num_pixels(),
               DrawColorPixel{faces,
                              ScalesOf(params),
                              {batch, params.color_layout, params.colors},
                              num_faces,
                              first,
                              params.background,
                              params.color_image,
                              params.aggregates});
  }
}

}  // namespace mesh_renderer
