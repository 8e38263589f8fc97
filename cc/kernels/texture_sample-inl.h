// TextureSteps::sample. Included once per instruction set, see texture_steps-inl.h.
#pragma once

#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/texture_blocks-inl.h"

namespace mesh_renderer {
namespace {

// Whether a block reads the last texel of a level, behind which nothing may be read: groups of
// three channels are not loaded by whole registers then.
template <int kLevels, typename T>
MR_HOST_DEVICE bool ReadsLastTexel(const MipLevels<const T>& levels, const LookupBlock<T>& block) {
  if (kLevels > 1) return true;  // many levels, many last texels
  const int32_t last = levels.last_texel[0];
  const auto& texel = block.taps[0].texel;
  int any = 0;
  for (int i = 0; i < kLookupsPerBlock; ++i) {
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

// Values of the pixels of a located block.
template <int kChannels, int kLevels, Reach kRead, typename T>
MR_HOST_DEVICE void WriteSamples(const TextureParams<T>& params, const MipLevels<const T>& levels,
                                 const LookupBlock<T>& block) {
  const int64_t num_channels = KnownOr<kChannels>(params.shape.num_channels);
  T* first = params.output + block.pixels.first * num_channels;
  for (int i = 0; i < block.pixels.count; ++i) {
    T* output = first + block.pixels.offset[i] * num_channels;
    ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
      using Group = ChannelLanes<T, n>;
      // What follows a pixel may be one that stays 0.
      SamplePixel<kLevels, kRead, Group>(levels, block, i, num_channels, channel)
          .template Store<Reach::kExact>(output + channel);
    });
  }
}

template <int kChannels, int kLevels, typename T>
void SampleRows(const TextureParams<T>& params, const MipLevels<const T>& shared_levels,
                int64_t begin, int64_t end) {
  const MipLevels<const T> levels = shared_levels;  // seen by nobody else: stays in registers
  const int64_t num_channels = KnownOr<kChannels>(params.shape.num_channels);
  const auto clear = [&](const PixelRun& run) {
    std::fill_n(params.output + run.first * num_channels, run.count * num_channels, T(0));
  };
  const auto write = [&](const LookupBlock<T>& block) {
    if (ReadsLastTexel<kLevels>(levels, block)) {
      WriteSamples<kChannels, kLevels, Reach::kExact>(params, levels, block);
    } else {
      WriteSamples<kChannels, kLevels, Reach::kRegister>(params, levels, block);
    }
  };
  ForEachBlock<kLevels>(params, levels, begin, end, clear, write);
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
