// The mip pyramid of a texture in memory: made before a trilinear lookup, and folded back when its
// gradient has been added up. Levels above 0 take a third of the memory of the texture.
#pragma once

#include <algorithm>
#include <memory>

#include "cc/core/mipmap.h"
#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {

// All items of a texture with their mip levels. Level 0 lies in the texture itself, the others in
// memory that this class owns. T may be const, which concerns level 0 only.
template <typename T>
class TexturePyramid {
 public:
  using Value = std::remove_const_t<T>;

  // Leaves the memory of the levels above 0 as it comes.
  TexturePyramid(const TextureShape& shape, TextureFilter filter, int64_t items, T* texture)
      : channels_(shape.num_channels), items_(items), texture_(texture) {
    const bool has_mips = filter == TextureFilter::kTrilinear;
    sizes_.num_levels = has_mips ? NumMipLevels(shape.height, shape.width) : 1;
    int32_t row = 0;
    for (int l = 0; l < sizes_.num_levels; ++l) {
      sizes_.height[l] = l == 0 ? shape.height : NextMipSize(sizes_.height[l - 1]);
      sizes_.width[l] = l == 0 ? shape.width : NextMipSize(sizes_.width[l - 1]);
      sizes_.last_texel[l] = static_cast<int32_t>(Texels(l) - 1);
      sizes_.first_row[l] = row;
      row += sizes_.height[l];
      if (l > 0) upper_texels_ += Texels(l);
    }
    upper_.reset(new Value[upper_size()]);
  }

  int num_levels() const { return sizes_.num_levels; }
  int64_t items() const { return items_; }
  int64_t num_channels() const { return channels_; }
  int height(int level) const { return sizes_.height[level]; }
  int width(int level) const { return sizes_.width[level]; }

  // Levels 1 and above of all items.
  Value* upper() const { return upper_.get(); }
  int64_t upper_size() const { return items_ * upper_texels_ * channels_; }

  Value* Upper(int64_t item, int level) const {
    int64_t texel = item * upper_texels_;
    for (int l = 1; l < level; ++l) texel += Texels(l);
    return upper_.get() + texel * channels_;
  }

  MipLevels<T> OfItem(int64_t item) const {
    MipLevels<T> levels = sizes_;
    levels.texels[0] = texture_ + item * Texels(0) * channels_;
    for (int l = 1; l < sizes_.num_levels; ++l) levels.texels[l] = Upper(item, l);
    return levels;
  }

 private:
  int64_t Texels(int level) const { return int64_t{height(level)} * width(level); }

  const int64_t channels_, items_;
  T* const texture_;
  MipLevels<T> sizes_;  // without texels
  int64_t upper_texels_ = 0;
  std::unique_ptr<Value[]> upper_;
};

// Calls body(item, row) for all rows of a level of all items, in parallel.
template <typename T, typename Body>
void ForEachRowOfLevel(const TexturePyramid<T>& pyramid, int level, const ParallelFor& parallel_for,
                       const Body& body) {
  constexpr int64_t kTexelsPerTask = 1 << 14;
  const int64_t height = pyramid.height(level);
  const int64_t block = std::max<int64_t>(1, kTexelsPerTask / pyramid.width(level));
  parallel_for.Run(pyramid.items() * height, block, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i / height, static_cast<int>(i % height));
  });
}

// Calls add(fine, coarse, weight) for the texels of a row of `width` texels and those of the next
// level's row that share an area with them.
template <typename T, typename Add>
void ForEachMipPair(int width, T row_weight, const Add& add) {
  if (width > 1 && width % 2 == 0) {
    const T weight = T(0.5) * row_weight;
    for (int coarse = 0; coarse < width / 2; ++coarse) {
      add(2 * coarse, coarse, weight);
      add(2 * coarse + 1, coarse, weight);
    }
    return;
  }
  for (int coarse = 0; coarse < NextMipSize(width); ++coarse) {
    for (int fine = 2 * coarse; fine < std::min(2 * coarse + 3, width); ++fine) {
      add(fine, coarse, MipWeight<T>(width, coarse, fine) * row_weight);
    }
  }
}

// to[texel at] += weight * from[texel from_at].
template <int kChannels, typename T>
void AddTexel(T weight, const T* from, int from_at, int64_t num_channels, T* to, int at) {
  const int64_t channels = KnownOr<kChannels>(num_channels);
  for (int64_t c = 0; c < channels; ++c)
    to[at * channels + c] += weight * from[from_at * channels + c];
}

// Row `row` of level `level` from the two or three rows of the level before that it covers.
template <int kChannels, typename T>
void ReduceRow(const TexturePyramid<const T>& pyramid, int level, int64_t item, int row) {
  const int64_t channels = pyramid.num_channels();
  const int height = pyramid.height(level - 1), width = pyramid.width(level - 1);
  const T* fine_level = pyramid.OfItem(item).texels[level - 1];
  T* coarse_row = pyramid.Upper(item, level) + row * pyramid.width(level) * channels;
  std::fill_n(coarse_row, pyramid.width(level) * channels, T(0));
  for (int fine_y = 2 * row; fine_y < std::min(2 * row + 3, height); ++fine_y) {
    const T row_weight = MipWeight<T>(height, row, fine_y);
    if (row_weight == T(0)) continue;
    const T* fine_row = fine_level + int64_t{fine_y} * width * channels;
    ForEachMipPair(width, row_weight, [&](int fine, int coarse, T weight) {
      AddTexel<kChannels>(weight, fine_row, fine, channels, coarse_row, coarse);
    });
  }
}

// Adds to row `row` of the gradient of level `level - 1` what the rows of `level` that cover it
// hold: the transpose of ReduceRow.
template <int kChannels, typename T>
void ReduceRowBackward(const TexturePyramid<T>& grad, int level, int64_t item, int row) {
  const int64_t channels = grad.num_channels();
  const int height = grad.height(level - 1), width = grad.width(level - 1);
  T* fine_row = grad.OfItem(item).texels[level - 1] + int64_t{row} * width * channels;
  const int last = std::min(row / 2, grad.height(level) - 1);
  for (int coarse_y = std::max(0, row / 2 - 1); coarse_y <= last; ++coarse_y) {
    const T row_weight = MipWeight<T>(height, coarse_y, row);
    if (row_weight == T(0)) continue;
    const T* coarse_row =
        grad.Upper(item, level) + int64_t{coarse_y} * grad.width(level) * channels;
    ForEachMipPair(width, row_weight, [&](int fine, int coarse, T weight) {
      AddTexel<kChannels>(weight, coarse_row, coarse, channels, fine_row, fine);
    });
  }
}

// Fills levels 1 and above of every item from level 0.
template <typename T>
void BuildPyramid(const TexturePyramid<const T>& pyramid, const ParallelFor& parallel_for) {
  DispatchChannelCount(pyramid.num_channels(), [&](auto channels) {
    for (int level = 1; level < pyramid.num_levels(); ++level) {
      ForEachRowOfLevel(pyramid, level, parallel_for, [&](int64_t item, int row) {
        ReduceRow<channels>(pyramid, level, item, row);
      });
    }
  });
}

// The transpose: adds the gradient of every level to the one before it, down to level 0.
template <typename T>
void BuildPyramidBackward(const TexturePyramid<T>& grad, const ParallelFor& parallel_for) {
  DispatchChannelCount(grad.num_channels(), [&](auto channels) {
    for (int level = grad.num_levels() - 1; level >= 1; --level) {
      ForEachRowOfLevel(grad, level - 1, parallel_for, [&](int64_t item, int row) {
        ReduceRowBackward<channels>(grad, level, item, row);
      });
    }
  });
}

}  // namespace mesh_renderer
