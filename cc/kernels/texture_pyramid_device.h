// The mip pyramid of a texture on a Device: made before a trilinear lookup, and folded back when
// its gradient has been added up. One item per channel of a texel of a level.
#pragma once

#include "cc/core/mipmap.h"
#include "cc/kernels/device.h"
#include "cc/kernels/texture.h"
#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {

// Where the levels of a texture lie: those of an item one after the other. A lookup without mip
// levels has level 0 alone.
struct MipLayout {
  int num_levels;
  int height[kMaxMipLevels], width[kMaxMipLevels];
  int64_t begin[kMaxMipLevels + 1];  // texels of an item before a level

  MR_HOST_DEVICE int64_t texels() const { return begin[num_levels]; }
  MR_HOST_DEVICE int64_t texels(int level) const { return begin[level + 1] - begin[level]; }
};

inline MipLayout MakeMipLayout(const TextureShape& shape, TextureFilter filter) {
  MipLayout layout = {};
  layout.num_levels =
      filter == TextureFilter::kTrilinear ? NumMipLevels(shape.height, shape.width) : 1;
  int height = shape.height, width = shape.width;
  for (int l = 0; l < layout.num_levels; ++l) {
    layout.height[l] = height;
    layout.width[l] = width;
    layout.begin[l + 1] = layout.begin[l] + int64_t{height} * width;
    height = NextMipSize(height);
    width = NextMipSize(width);
  }
  return layout;
}

// All items of a texture with their levels. Level 0 is the texture itself.
struct TextureLevels {
  MipLayout layout;
  int64_t num_channels;
  const float* texture;  // [items, texels(0), C]
  float* upper;          // [items, texels() - texels(0), C]

  MR_HOST_DEVICE int64_t UpperIndex(int64_t item, int level) const {
    const int64_t per_item = layout.texels() - layout.begin[1];
    return (item * per_item + layout.begin[level] - layout.begin[1]) * num_channels;
  }
  MR_HOST_DEVICE const float* Level(int64_t item, int level) const {
    return level == 0 ? texture + item * layout.begin[1] * num_channels
                      : upper + UpperIndex(item, level);
  }
};

// Channel of a texel: element i of a level of all items.
struct TexelPlace {
  int64_t item, texel;
  int row, column;
  int64_t channel;

  MR_HOST_DEVICE TexelPlace(const MipLayout& layout, int level, int64_t num_channels, int64_t i)
      : item(i / num_channels / layout.texels(level)),
        texel(i / num_channels % layout.texels(level)),
        row(static_cast<int>(texel / layout.width[level])),
        column(static_cast<int>(texel % layout.width[level])),
        channel(i % num_channels) {}
};

// Element i of level `level` from the level before.
MR_HOST_DEVICE void ReduceTexel(const TextureLevels& levels, int level, int64_t i) {
  const MipLayout& layout = levels.layout;
  const int64_t channels = levels.num_channels;
  const TexelPlace to(layout, level, channels, i);
  const int height = layout.height[level - 1], width = layout.width[level - 1];
  const TexelSpan rows = FineTexels(height, to.row), columns = FineTexels(width, to.column);
  const float* from = levels.Level(to.item, level - 1) + to.channel;
  float sum = 0;
  for (int row = rows.first; row <= rows.last; ++row) {
    const float row_weight = MipWeight<float>(height, to.row, row);
    for (int column = columns.first; column <= columns.last; ++column) {
      const float weight = MipWeight<float>(width, to.column, column) * row_weight;
      sum += weight * from[(int64_t{row} * width + column) * channels];
    }
  }
  levels.upper[levels.UpperIndex(to.item, level) + to.texel * channels + to.channel] = sum;
}

// The texture of a lookup with its mip levels, if it needs any.
template <typename Params, typename Device>
TextureLevels BuildTextureLevels(const Params& params, Device& device) {
  const int64_t channels = params.shape.num_channels;
  const int64_t items = params.shape.items(params.image.batch);
  const MipLayout layout = MakeMipLayout(params.shape, params.settings.filter);
  const int64_t upper_size = items * (layout.texels() - layout.texels(0)) * channels;
  float* upper = device.template Scratch<float>(upper_size);
  const TextureLevels levels = {layout, channels, params.texture, upper};
  for (int level = 1; level < layout.num_levels; ++level) {
    device.For(items * layout.texels(level) * channels,
               [=] MR_DEVICE(int64_t i) { ReduceTexel(levels, level, i); });
  }
  return levels;
}

// Gradient of element i of level `level` when that of the next level is complete: its own, and what
// it gave to the texels of the next level.
MR_HOST_DEVICE float ReduceTexelBackward(const MipLayout& layout, int64_t channels, int level,
                                         const float* grad_levels, const TexelPlace& at) {
  const float* item = grad_levels + at.item * layout.texels() * channels + at.channel;
  const float* coarse_level = item + layout.begin[level + 1] * channels;
  const int height = layout.height[level], width = layout.width[level];
  const TexelSpan rows = CoarseTexels(height, at.row), columns = CoarseTexels(width, at.column);
  float sum = item[(layout.begin[level] + at.texel) * channels];
  for (int row = rows.first; row <= rows.last; ++row) {
    const float row_weight = MipWeight<float>(height, row, at.row);
    for (int column = columns.first; column <= columns.last; ++column) {
      const float weight = MipWeight<float>(width, column, at.column) * row_weight;
      const int64_t texel = int64_t{row} * layout.width[level + 1] + column;
      sum += weight * coarse_level[texel * channels];
    }
  }
  return sum;
}

// Adds the gradient of every level to the one before it, down to level 0 of `grad_texture`.
// grad_levels: [items, layout.texels(), C]; more than one level.
template <typename Device>
void FoldTextureLevels(const MipLayout& layout, int64_t items, int64_t channels, float* grad_levels,
                       float* grad_texture, Device& device) {
  for (int level = layout.num_levels - 2; level >= 0; --level) {
    device.For(items * layout.texels(level) * channels, [=] MR_DEVICE(int64_t i) {
      const TexelPlace at(layout, level, channels, i);
      const float grad = ReduceTexelBackward(layout, channels, level, grad_levels, at);
      const int64_t texel = at.item * layout.texels() + layout.begin[level] + at.texel;
      float* to = level == 0 ? grad_texture + i : grad_levels + texel * channels + at.channel;
      *to = grad;
    });
  }
}

}  // namespace mesh_renderer
