// Gradient of Texture on a Device: coordinates pixel by pixel, texels by scattered sums.
#pragma once

#include "cc/kernels/device_sums.h"
#include "cc/kernels/texture_device.h"

namespace mesh_renderer {

// Sums over the channels of grad_output times the derivatives of one level's value by the folded
// coordinates, and times the value itself.
MR_HOST_DEVICE Vec3<float> LevelGradient(const LevelLookup& level, const float* grad_output) {
  Vec3<float> sums = {};
  for (int64_t c = 0; c < level.channels; ++c) {
    float texels[kTexelsPerBlend];
    for (int n = 0; n < kTexelsPerBlend; ++n) texels[n] = level.Texel(n, c);
    const Vec2<float> slopes = BlendBackward(level.blend.x, level.blend.y, texels);
    sums = sums + grad_output[c] * Vec3<float>{slopes.x, slopes.y, level.Value(c)};
  }
  return {LocateTexelPairBackward(level.width, sums.x),
          LocateTexelPairBackward(level.height, sums.y), sums.z};
}

// Gradients by the folded coordinates and, with mip levels, by the fraction between two of them.
MR_HOST_DEVICE Vec3<float> LookupGradient(const TextureGradParams<float>& params,
                                          const TextureLevels& levels, const PixelLookup& lookup,
                                          int64_t pixel) {
  // Nearest texels do not change with the coordinates.
  if (params.settings.filter == TextureFilter::kNearest) return {};
  const float* grad_output = params.grad_output + pixel * levels.num_channels;
  const int level = lookup.mip.level;
  const LevelLookup fine_level(params, levels, lookup, pixel, level);
  const Vec3<float> fine = LevelGradient(fine_level, grad_output);
  // Before the first level and from the last one on, there is nothing to mix.
  if (SplitLevelBackward(lookup.lod, levels.layout.num_levels, 1.0f) == 0) {
    return {fine.x, fine.y, 0};
  }
  const LevelLookup coarse_level(params, levels, lookup, pixel, level + 1);
  const Vec3<float> coarse = LevelGradient(coarse_level, grad_output);
  const float fraction = lookup.mip.fraction;
  return {(1 - fraction) * fine.x + fraction * coarse.x,
          (1 - fraction) * fine.y + fraction * coarse.y, coarse.z - fine.z};
}

// Writes grad_uv and grad_uv_derivatives of a pixel.
MR_HOST_DEVICE void WriteCoordinateGradients(const TextureGradParams<float>& params,
                                             const TextureLevels& levels, int64_t pixel) {
  const bool has_mips = params.settings.filter == TextureFilter::kTrilinear;
  float* grad_uv = params.grad_uv + 2 * pixel;
  float* grad_derivatives = has_mips ? params.grad_uv_derivatives + 4 * pixel : nullptr;
  if (!IsCovered(params, pixel)) {
    for (int k = 0; k < 2; ++k) grad_uv[k] = 0;
    for (int k = 0; k < 4 && has_mips; ++k) grad_derivatives[k] = 0;
    return;
  }
  const int num_levels = levels.layout.num_levels;
  const PixelLookup lookup = LookUp(params, num_levels, pixel);
  const Vec3<float> grad = LookupGradient(params, levels, lookup, pixel);
  grad_uv[0] = FoldCoordinateBackward(params.settings.wrap, lookup.u, grad.x);
  grad_uv[1] = FoldCoordinateBackward(params.settings.wrap, lookup.v, grad.y);
  if (!has_mips) return;
  MipFractionBackward(params.uv_derivatives + 4 * pixel, params.shape.height, params.shape.width,
                      lookup.lod, num_levels, grad.z, grad_derivatives);
}

// weight * grad_output of a pixel to the texels that it reads, of all levels.
struct AddToTexels {
  TextureGradParams<float> params;
  MipLayout layout;

  template <typename Add>
  MR_HOST_DEVICE void operator()(int64_t pixel, const Add& add) const {
    if (!IsCovered(params, pixel)) return;
    const PixelLookup lookup = LookUp(params, layout.num_levels, pixel);
    const float fraction = lookup.mip.fraction;
    AddLevel(lookup, pixel, lookup.mip.level, 1 - fraction, add);
    if (fraction != 0) AddLevel(lookup, pixel, lookup.mip.level + 1, fraction, add);
  }

  template <typename Add>
  MR_HOST_DEVICE void AddLevel(const PixelLookup& lookup, int64_t pixel, int level, float share,
                               const Add& add) const {
    const int64_t channels = params.shape.num_channels;
    const TexelBlend blend(params.settings, lookup, layout.height[level], layout.width[level]);
    const int64_t first = ItemOfPixel(params, pixel) * layout.texels() + layout.begin[level];
    for (int64_t c = 0; c < channels; ++c) {
      const float grad = params.grad_output[pixel * channels + c];
      for (int n = 0; n < kTexelsPerBlend; ++n) {
        add((first + blend.texel[n]) * channels + c, share * blend.weight[n] * grad);
      }
    }
  }
};

template <typename Device>
void TextureGradOnDevice(const TextureGradParams<float>& params, Device& device) {
  const int64_t pixels = params.image.batch * params.image.pixels();
  const TextureLevels levels = BuildTextureLevels(params, device);
  device.For(pixels,
             [=] MR_DEVICE(int64_t pixel) { WriteCoordinateGradients(params, levels, pixel); });
  const MipLayout layout = levels.layout;
  const int64_t items = params.shape.items(params.image.batch), channels = levels.num_channels;
  const int64_t num_sums = items * layout.texels() * channels;
  float* sums =
      layout.num_levels > 1 ? device.template Scratch<float>(num_sums) : params.grad_texture;
  // A texel has images of its own unless shared, and the four of a lookup may be one.
  const int64_t pixels_per_item = params.shape.shared ? pixels : params.image.pixels();
  ScatterSums(device, pixels, pixels_per_item * kTexelsPerBlend, AddToTexels{params, layout},
              num_sums, sums);
  FoldTextureLevels(layout, items, channels, sums, params.grad_texture, device);
}

}  // namespace mesh_renderer
