// TextureSteps::sample. Included once per instruction set, see texture_steps-inl.h.
#pragma once

#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/pixel_spans.h"
#include "cc/kernels/texture_lookup-inl.h"

namespace mesh_renderer {
namespace {

// The level that lookup k of pixel i reads.
template <typename T, typename Block>
MR_HOST_DEVICE int LevelOf(const MipLevels<T>& levels, const Block& block, int k, int64_t i) {
  return std::min(block.level[i] + k, levels.num_levels - 1);
}

// Whether a block reads the last texel of a level, behind which nothing may be read: groups of
// three channels are not loaded by whole registers then.
template <int kLevels, typename T>
MR_HOST_DEVICE bool ReadsLastTexel(const MipLevels<const T>& levels, const LookupBlock<T>& block,
                                   int count) {
  if (kLevels > 1) return true;  // many levels, many last texels
  const int32_t last = levels.last_texel[0];
  const auto& texel = block.taps[0].texel;
  int any = 0;
  for (int i = 0; i < count; ++i) {
    any |= (texel[0][i] == last) | (texel[1][i] == last) | (texel[2][i] == last) |
           (texel[3][i] == last);
  }
  return any != 0;
}

// A group of channels of the blend of the four texels that pixel i reads in one level.
template <typename Group, Reach kRead, typename T>
MR_HOST_DEVICE Group BlendTexels(const T* channel, const TexelTaps<T>& taps, int64_t i,
                                 int64_t num_channels) {
  Group sum = Group::Zero();
  for (int n = 0; n < kTexelsPerBlend; ++n) {
    const T* texel = channel + taps.texel[n][i] * num_channels;
    sum = sum + taps.weight[n][i] * Group::template Load<kRead>(texel);
  }
  return sum;
}

// A group of channels of the value of pixel i.
template <int kLevels, Reach kRead, typename Group, typename T>
MR_HOST_DEVICE Group SamplePixel(const MipLevels<const T>& levels, const LookupBlock<T>& block,
                                 int64_t i, int64_t num_channels, int64_t channel) {
  const auto blend = [&](int level, const TexelTaps<T>& taps) {
    return BlendTexels<Group, kRead>(levels.texels[level] + channel, taps, i, num_channels);
  };
  if constexpr (kLevels == 1) return blend(0, block.taps[0]);
  const T fraction = block.mip_fraction[i];
  const Group fine = blend(block.level[i], block.taps[0]);
  if (fraction == T(0)) return fine;
  const Group coarse = blend(LevelOf(levels, block, 1, i), block.taps[1]);
  return (T(1) - fraction) * fine + fraction * coarse;
}

// Calls body(run) for blocks of pixels that cover rows [begin, end): band by band, strip by strip,
// row by row.
template <typename Body>
MR_HOST_DEVICE void ForEachBlock(const ImageShape& image, int64_t begin, int64_t end,
                                 const Body& body) {
  const int64_t width = image.width;
  const int64_t strips = (width + kLookupsPerBlock - 1) / kLookupsPerBlock;
  const int64_t rows_per_band = RowsPerBand(image);
  for (int64_t band = begin; band < end; band += rows_per_band) {
    const int64_t band_end = std::min(end, band + rows_per_band);
    for (int64_t strip = 0; strip < strips; ++strip) {
      const int64_t column = width * strip / strips;
      const int count = static_cast<int>(width * (strip + 1) / strips - column);
      for (int64_t row = band; row < band_end; ++row) {
        body(PixelRun{row * width + column, count});
      }
    }
  }
}

// Values of the pixels of a located block.
template <int kChannels, int kLevels, Reach kRead, typename Pixels, typename T>
MR_HOST_DEVICE void WriteSamples(const TextureParams<T>& params, const MipLevels<const T>& levels,
                                 const Pixels& pixels, const LookupBlock<T>& block) {
  const int64_t num_channels = KnownOr<kChannels>(params.shape.num_channels);
  ForEachPixel(0, pixels.count, [&](auto reach, int64_t i) {
    // What follows a picked pixel may be one that stays 0.
    constexpr Reach kWrite = Pixels::kIsRun ? reach() : Reach::kExact;
    T* output = params.output + pixels[static_cast<int>(i)] * num_channels;
    ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
      using Group = ChannelLanes<T, n>;
      SamplePixel<kLevels, kRead, Group>(levels, block, i, num_channels, channel)
          .template Store<kWrite>(output + channel);
    });
  });
}

template <int kChannels, int kLevels, typename Pixels, typename T>
MR_HOST_DEVICE void SampleBlock(const TextureParams<T>& params, const MipLevels<const T>& levels,
                                const Pixels& pixels, LookupBlock<T>* block) {
  LocateBlock<kLevels>(params, levels, pixels, block);
  if (ReadsLastTexel<kLevels>(levels, *block, pixels.count)) {
    WriteSamples<kChannels, kLevels, Reach::kExact>(params, levels, pixels, *block);
  } else {
    WriteSamples<kChannels, kLevels, Reach::kRegister>(params, levels, pixels, *block);
  }
}

template <int kChannels, int kLevels, typename T>
void SampleRows(const TextureParams<T>& params, const MipLevels<const T>& shared_levels,
                int64_t begin, int64_t end) {
  const MipLevels<const T> levels = shared_levels;  // seen by nobody else: stays in registers
  const int64_t num_channels = KnownOr<kChannels>(params.shape.num_channels);
  LookupBlock<T> block;
  ForEachBlock(params.image, begin, end, [&](const PixelRun& run) {
    const int count = CountCovered(params.covered, run);
    if (count == run.count) {
      return SampleBlock<kChannels, kLevels>(params, levels, run, &block);
    }
    std::fill_n(params.output + run.first * num_channels, run.count * num_channels, T(0));
    if (count == 0) return;
    const PickedPixels pixels = PickCovered(params.covered, run);
    if (pixels.count > 0) SampleBlock<kChannels, kLevels>(params, levels, pixels, &block);
  });
}

// Calls body(channels, levels) with the number of channels, where that fits a register, and of
// levels per lookup as constants.
template <typename Params, typename Body>
void DispatchLookups(const Params& params, const Body& body) {
  DispatchChannelCount(params.shape.num_channels, [&](auto channels) {
    if (params.settings.filter == TextureFilter::kTrilinear) {
      return body(channels, std::integral_constant<int, 2>());
    }
    body(channels, std::integral_constant<int, 1>());
  });
}

template <typename T>
void Sample(const TextureParams<T>& params, const MipLevels<const T>& levels, int64_t begin,
            int64_t end) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    SampleRows<channels, num_levels>(params, levels, begin, end);
  });
}

}  // namespace
}  // namespace mesh_renderer
