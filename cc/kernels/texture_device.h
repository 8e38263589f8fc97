// Texture on a Device: one item per pixel.
#pragma once

#include "cc/core/mipmap.h"
#include "cc/core/texture_lookup.h"
#include "cc/core/viewport.h"
#include "cc/kernels/texture_pyramid_device.h"

namespace mesh_renderer {

// What a pixel reads: texels of one level, or of two that it mixes.
struct PixelLookup {
  float u, v;  // bounded
  float lod;
  MipBlend<float> mip;
};

template <typename Params>
MR_HOST_DEVICE PixelLookup LookUp(const Params& params, int num_levels, int64_t pixel) {
  PixelLookup lookup = {
      BoundCoordinate(params.uv[2 * pixel]), BoundCoordinate(params.uv[2 * pixel + 1]), 0, {0, 0}};
  if (params.settings.filter == TextureFilter::kTrilinear) {
    lookup.lod = LevelOfDetail(
        MakeFootprint(params.uv_derivatives + 4 * pixel, params.shape.height, params.shape.width));
    lookup.mip = SplitLevel(lookup.lod, num_levels);
  }
  return lookup;
}

// The four texels that a pixel reads in one level.
struct TexelBlend {
  int64_t texel[kTexelsPerBlend];  // counted from the start of the level
  float weight[kTexelsPerBlend];
  float x, y;  // fractions along u and v

  MR_HOST_DEVICE TexelBlend(const TextureSettings& settings, const PixelLookup& lookup, int height,
                            int width) {
    const bool nearest = settings.filter == TextureFilter::kNearest;
    const TexelPair<float> column = LocateAlongAxis(settings.wrap, nearest, lookup.u, width);
    const TexelPair<float> row = LocateAlongAxis(settings.wrap, nearest, lookup.v, height);
    const int64_t low = int64_t{FlipRow(row.low, height)} * width;
    const int64_t high = int64_t{FlipRow(row.high, height)} * width;
    texel[0] = low + column.low;
    texel[1] = low + column.high;
    texel[2] = high + column.low;
    texel[3] = high + column.high;
    x = column.fraction;
    y = row.fraction;
    BlendWeights(x, y, weight);
  }
};

// The item that a pixel reads.
template <typename Params>
MR_HOST_DEVICE int64_t ItemOfPixel(const Params& params, int64_t pixel) {
  return params.shape.shared ? 0 : pixel / params.image.pixels();
}

template <typename Params>
MR_HOST_DEVICE bool IsCovered(const Params& params, int64_t pixel) {
  return params.covered == nullptr || params.covered[pixel];
}

// One level as a pixel reads it.
struct LevelLookup {
  TexelBlend blend;
  const float* texels;  // of the level
  int64_t channels;
  int height, width;

  template <typename Params>
  MR_HOST_DEVICE LevelLookup(const Params& params, const TextureLevels& levels,
                             const PixelLookup& lookup, int64_t pixel, int level)
      : blend(params.settings, lookup, levels.layout.height[level], levels.layout.width[level]),
        texels(levels.Level(ItemOfPixel(params, pixel), level)),
        channels(levels.num_channels),
        height(levels.layout.height[level]),
        width(levels.layout.width[level]) {}

  MR_HOST_DEVICE float Texel(int n, int64_t c) const {
    return texels[blend.texel[n] * channels + c];
  }

  MR_HOST_DEVICE float Value(int64_t c) const {
    float sum = 0;
    for (int n = 0; n < kTexelsPerBlend; ++n) sum += blend.weight[n] * Texel(n, c);
    return sum;
  }
};

MR_HOST_DEVICE void SampleTexture(const TextureParams<float>& params, const TextureLevels& levels,
                                  int64_t pixel) {
  const int64_t channels = levels.num_channels;
  float* output = params.output + pixel * channels;
  if (!IsCovered(params, pixel)) {
    for (int64_t c = 0; c < channels; ++c) output[c] = 0;
    return;
  }
  const PixelLookup lookup = LookUp(params, levels.layout.num_levels, pixel);
  const float fraction = lookup.mip.fraction;
  const LevelLookup fine(params, levels, lookup, pixel, lookup.mip.level);
  if (fraction == 0) {
    for (int64_t c = 0; c < channels; ++c) output[c] = fine.Value(c);
    return;
  }
  const LevelLookup coarse(params, levels, lookup, pixel, lookup.mip.level + 1);
  for (int64_t c = 0; c < channels; ++c) {
    output[c] = (1 - fraction) * fine.Value(c) + fraction * coarse.Value(c);
  }
}

template <typename Device>
void TextureOnDevice(const TextureParams<float>& params, Device& device) {
  const TextureLevels levels = BuildTextureLevels(params, device);
  device.For(params.image.batch * params.image.pixels(),
             [=] MR_DEVICE(int64_t pixel) { SampleTexture(params, levels, pixel); });
}

}  // namespace mesh_renderer
