// Lookups of a block of pixels: which texels each of them reads, and with which weights.
//
// They are found for many pixels at once, in loops that compilers vectorize: one quantity of one
// block each, no branches. What follows, the reading of the texels, is one by one and does not
// depend on filter and wrap mode any more. Included once per instruction set, see
// texture_steps-inl.h.
#pragma once

#include <algorithm>
#include <cstring>

#include "cc/core/mipmap.h"
#include "cc/core/viewport.h"
#include "cc/kernels/texture_steps.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {
namespace {

// Few enough for the fastest cache, many enough to keep vector registers full.
constexpr int kLookupsPerBlock = 64;

// One bilinear lookup for each pixel of a block.
template <typename T>
struct TexelTaps {
  int32_t row[2][kLookupsPerBlock];  // lower and upper, counted from the top of the level
  int32_t texel[kTexelsPerBlend][kLookupsPerBlock];  // counted from the start of the level
  T fraction[2][kLookupsPerBlock];                   // along u and v
  T weight[kTexelsPerBlend][kLookupsPerBlock];
};

// Up to kLookupsPerBlock pixels by their places in the batch.
struct PickedPixels {
  int64_t first;
  int count;
  int32_t offset[kLookupsPerBlock];

  MR_HOST_DEVICE int64_t operator[](int i) const { return first + offset[i]; }
};

// Pixels, and what they read: one lookup or, with mip levels, one in each of two levels. Loops over
// a block go over all of its places, so that compilers know their length; places without a pixel
// repeat the first one.
template <typename T>
struct LookupBlock {
  PickedPixels pixels;
  T coordinate[2][kLookupsPerBlock];  // bounded
  TexelTaps<T> taps[2];
  T lod[kLookupsPerBlock];
  T mip_fraction[kLookupsPerBlock];
  int32_t level[kLookupsPerBlock];  // of the first lookup
};

// From a coordinate to the texels around it, for one pair of settings.
template <TextureWrap kWrap, bool kNearest>
struct Locator {
  template <typename T>
  static MR_HOST_DEVICE TexelPair<T> Pair(T coordinate, int size) {
    const T folded = FoldCoordinate<kWrap>(coordinate);
    if constexpr (kNearest) return LocateNearestTexel(folded, size);
    return LocateTexelPair<kWrap>(folded, size);
  }

  template <typename T>
  static MR_HOST_DEVICE T CoordinateBackward(T coordinate, T grad_folded) {
    return FoldCoordinateBackward<kWrap>(coordinate, grad_folded);
  }
};

// Calls body(Locator) for the settings.
template <TextureWrap kWrap, typename Body>
MR_HOST_DEVICE void DispatchFilter(TextureFilter filter, const Body& body) {
  if (filter == TextureFilter::kNearest) return body(Locator<kWrap, true>());
  body(Locator<kWrap, false>());
}

template <typename Body>
MR_HOST_DEVICE void DispatchLocator(const TextureSettings& settings, const Body& body) {
  switch (settings.wrap) {
    case TextureWrap::kRepeat:
      return DispatchFilter<TextureWrap::kRepeat>(settings.filter, body);
    case TextureWrap::kClamp:
      return DispatchFilter<TextureWrap::kClamp>(settings.filter, body);
    case TextureWrap::kMirror:
      return DispatchFilter<TextureWrap::kMirror>(settings.filter, body);
  }
}

// Looks for bad ones on the way: a pass of its own over all coordinates costs as much as this.
template <typename Params, typename T>
MR_HOST_DEVICE void ReadCoordinates(const Params& params, LookupBlock<T>* block) {
  const PickedPixels& pixels = block->pixels;
  T pairs[kLookupsPerBlock][2];
  const T* first = params.uv + 2 * pixels.first;
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    std::memcpy(pairs[i], first + 2 * int64_t{pixels.offset[i]}, sizeof(pairs[i]));
  }
  int any_bad = 0;
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    any_bad |= IsBadCoordinate(pairs[i][0]) | IsBadCoordinate(pairs[i][1]);
    block->coordinate[0][i] = BoundCoordinate(pairs[i][0]);
    block->coordinate[1][i] = BoundCoordinate(pairs[i][1]);
  }
  if (any_bad && params.met_bad_uv) params.met_bad_uv->store(true, std::memory_order_relaxed);
}

template <typename T, typename Levels>
MR_HOST_DEVICE void FindLevels(const T* uv_derivatives, const Levels& levels,
                               LookupBlock<T>* block) {
  const int height = levels.height[0], width = levels.width[0];
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    block->lod[i] =
        LevelOfDetail(MakeFootprint(uv_derivatives + 4 * block->pixels[i], height, width));
  }
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    const MipBlend<T> mip = SplitLevel(block->lod[i], levels.num_levels);
    block->level[i] = mip.level;
    block->mip_fraction[i] = mip.fraction;
  }
}

// `size_of(i)` is the side, in texels, of the level that pixel i reads.
template <typename AxisLocator, typename T, typename SizeOf>
MR_HOST_DEVICE void LocateAlong(const T* coordinate, const SizeOf& size_of, int32_t* low,
                                int32_t* high, T* fraction) {
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    const TexelPair<T> pair = AxisLocator::Pair(coordinate[i], size_of(i));
    low[i] = pair.low;
    high[i] = pair.high;
    fraction[i] = pair.fraction;
  }
}

template <typename T, typename WidthOf>
MR_HOST_DEVICE void CombineAxes(const int32_t column[2][kLookupsPerBlock], const WidthOf& width_of,
                                TexelTaps<T>* taps) {
  for (int n = 0; n < kTexelsPerBlend; ++n) {
    for (int i = 0; i < kLookupsPerBlock; ++i) {
      taps->texel[n][i] = taps->row[n >> 1][i] * width_of(i) + column[n & 1][i];
    }
  }
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    T weights[kTexelsPerBlend];
    BlendWeights(taps->fraction[0][i], taps->fraction[1][i], weights);
    for (int n = 0; n < kTexelsPerBlend; ++n) taps->weight[n][i] = weights[n];
  }
}

template <typename AxisLocator, typename T, typename HeightOf, typename WidthOf>
MR_HOST_DEVICE void LocateTaps(const LookupBlock<T>& block, const HeightOf& height_of,
                               const WidthOf& width_of, TexelTaps<T>* taps) {
  int32_t column[2][kLookupsPerBlock];
  LocateAlong<AxisLocator>(block.coordinate[0], width_of, column[0], column[1], taps->fraction[0]);
  LocateAlong<AxisLocator>(block.coordinate[1], height_of, taps->row[0], taps->row[1],
                           taps->fraction[1]);
  for (int i = 0; i < kLookupsPerBlock; ++i) {
    taps->row[0][i] = FlipRow(taps->row[0][i], height_of(i));
    taps->row[1][i] = FlipRow(taps->row[1][i], height_of(i));
  }
  CombineAxes(column, width_of, taps);
}

// Fills the block for its pixels, of one item, of whose levels only the sizes matter. Not inlined:
// there would be one copy for each number of channels.
template <int kLevels, typename Params, typename Levels, typename T>
__attribute__((noinline)) void LocateBlock(const Params& params, const Levels& levels,
                                           LookupBlock<T>* block) {
  PickedPixels& pixels = block->pixels;
  for (int i = pixels.count; i < kLookupsPerBlock; ++i) pixels.offset[i] = pixels.offset[0];
  ReadCoordinates(params, block);
  if constexpr (kLevels == 2) FindLevels(params.uv_derivatives, levels, block);
  DispatchLocator(params.settings, [&](auto locator) {
    using ThisLocator = decltype(locator);
    if constexpr (kLevels == 1) {
      const int height = levels.height[0], width = levels.width[0];
      LocateTaps<ThisLocator>(
          *block, [height](int) { return height; }, [width](int) { return width; },
          &block->taps[0]);
    } else {
      for (int k = 0; k < kLevels; ++k) {
        const int last = levels.num_levels - 1;
        const auto level_of = [&](int i) { return std::min(block->level[i] + k, last); };
        LocateTaps<ThisLocator>(
            *block, [&](int i) { return levels.height[level_of(i)]; },
            [&](int i) { return levels.width[level_of(i)]; }, &block->taps[k]);
      }
    }
  });
}

}  // namespace
}  // namespace mesh_renderer
