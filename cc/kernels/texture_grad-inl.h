// Backward steps of TextureSteps. Included once per instruction set, see texture_steps-inl.h.
#pragma once

#include "cc/kernels/texture_sample-inl.h"

namespace mesh_renderer {
namespace {

// A group of channels that is added to sums in memory. The next texel must not be touched, which
// may be another thread's; and two channels and one then need fewer instructions than three that do
// not fill a register.
template <typename T, int N>
struct Addend {
  static constexpr int kLanes = N == 3 ? 2 : N;
  using Lanes = ChannelLanes<T, kLanes>;
  Lanes lanes;
  T last;  // of three

  explicit MR_HOST_DEVICE Addend(const T* from)
      : lanes(Lanes::template Load<Reach::kExact>(from)), last(from[N - 1]) {}

  MR_HOST_DEVICE void AddTo(T weight, T* sum) const {
    const Lanes total = Lanes::template Load<Reach::kExact>(sum) + weight * lanes;
    if (N == 3) sum[N - 1] += weight * last;
    total.template Store<Reach::kExact>(sum);
  }
};

// Adds share * weight * grad_output to the texels of one lookup in the rows that `rows` names: bit
// 0 the lower one, bit 1 the upper one.
template <int kChannels, bool kWhole, typename T>
MR_HOST_DEVICE void AddTexels(const TexelTaps<T>& taps, int64_t i, int rows, T share,
                              const T* grad_output, int64_t num_channels, T* level) {
  ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
    const Addend<T, n> grad(grad_output + channel);
    for (int k = 0; k < kTexelsPerBlend; ++k) {
      if ((rows >> (k >> 1) & 1) == 0) continue;
      const T weight = kWhole ? taps.weight[k][i] : share * taps.weight[k][i];
      grad.AddTo(weight, level + taps.texel[k][i] * num_channels + channel);
    }
  });
}

// AddTexels for all lookups of pixel i; `rows` has two bits for each.
template <int kChannels, int kLevels, typename T>
MR_HOST_DEVICE void AddPixel(const LookupBlock<T>& block, int64_t i, int rows, const T* grad_output,
                             int64_t num_channels, const MipLevels<T>& grad_levels) {
  if constexpr (kLevels == 1) {
    AddTexels<kChannels, true>(block.taps[0], i, rows, T(1), grad_output, num_channels,
                               grad_levels.texels[0]);
  } else {
    const T fraction = block.mip_fraction[i];
    AddTexels<kChannels, false>(block.taps[0], i, rows, T(1) - fraction, grad_output, num_channels,
                                grad_levels.texels[block.level[i]]);
    if (fraction == T(0)) return;
    AddTexels<kChannels, false>(block.taps[1], i, rows >> 2, fraction, grad_output, num_channels,
                                grad_levels.texels[LevelOf(grad_levels, block, 1, i)]);
  }
}

// Sums over the channels of grad_output times: the derivatives of one lookup by its fractions and,
// with several levels, its value.
template <int kChannels, int kLevels, Reach kRead, typename T>
MR_HOST_DEVICE Vec3<T> LookupGradient(const T* level, const TexelTaps<T>& taps, int64_t i,
                                      const T* grad_output, int64_t num_channels) {
  auto sums = ChannelLanes<T, 3>::Zero();
  ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
    using Group = ChannelLanes<T, n>;
    const Group grad = Group::template Load<Reach::kExact>(grad_output + channel);
    typename Group::Vector texels[kTexelsPerBlend];
    for (int k = 0; k < kTexelsPerBlend; ++k) {
      const T* texel = level + taps.texel[k][i] * num_channels + channel;
      texels[k] = Group::template Load<kRead>(texel).v;
    }
    const auto slopes = BlendBackward(taps.fraction[0][i], taps.fraction[1][i], texels);
    Group value = Group::Zero();
    if (kLevels > 1) {
      for (int k = 0; k < kTexelsPerBlend; ++k) value.v += taps.weight[k][i] * texels[k];
    }
    sums = sums + SumsOverChannels(grad * Group{slopes.x}, grad * Group{slopes.y}, grad * value);
  });
  return {sums.v[0], sums.v[1], sums.v[2]};
}

// Gradients of one pixel by its folded coordinates and, with two levels, by the fraction between
// them.
template <int kChannels, int kLevels, Reach kRead, typename T>
MR_HOST_DEVICE Vec3<T> PixelGradient(const MipLevels<const T>& levels, const LookupBlock<T>& block,
                                     int64_t i, const T* grad_output, int64_t num_channels) {
  const auto lookup = [&](int level, const TexelTaps<T>& taps) {
    const Vec3<T> grad = LookupGradient<kChannels, kLevels, kRead>(levels.texels[level], taps, i,
                                                                   grad_output, num_channels);
    return Vec3<T>{LocateTexelPairBackward(levels.width[level], grad.x),
                   LocateTexelPairBackward(levels.height[level], grad.y), grad.z};
  };
  if constexpr (kLevels == 1) return lookup(0, block.taps[0]);
  const T fraction = block.mip_fraction[i];
  const Vec3<T> fine = lookup(block.level[i], block.taps[0]);
  const Vec3<T> coarse = lookup(LevelOf(levels, block, 1, i), block.taps[1]);
  return {(T(1) - fraction) * fine.x + fraction * coarse.x,
          (T(1) - fraction) * fine.y + fraction * coarse.y, coarse.z - fine.z};
}

// From the level of detail of pixel i to the derivatives that it was computed from.
template <typename T>
MR_HOST_DEVICE void DerivativesGradient(const MipLevels<const T>& levels, T lod, T grad_fraction,
                                        const T* uv_derivatives, T* grad_uv_derivatives) {
  const T grad_lod = SplitLevelBackward(lod, levels.num_levels, grad_fraction);
  const int height = levels.height[0], width = levels.width[0];
  TexelFootprint<T> grad = {};
  if (grad_lod != T(0)) {
    grad = LevelOfDetailBackward(MakeFootprint(uv_derivatives, height, width), grad_lod);
  }
  MakeFootprintBackward(grad, height, width, grad_uv_derivatives);
}

// Gradients by the coordinates of the pixels of a block, one axis after the other.
template <typename T>
struct UvGradients {
  T along[2][kLookupsPerBlock];
};

// From folded coordinates to coordinates. Nearest texels do not change with them.
template <typename T>
MR_HOST_DEVICE void UnfoldGradients(const TextureSettings& settings, const LookupBlock<T>& block,
                                    int count, UvGradients<T>* grad) {
  DispatchLocator(settings, [&](auto locator) {
    for (int k = 0; k < 2; ++k) {
      if (settings.filter == TextureFilter::kNearest) std::fill_n(grad->along[k], count, T(0));
      for (int i = 0; i < count; ++i) {
        grad->along[k][i] =
            decltype(locator)::CoordinateBackward(block.coordinate[k][i], grad->along[k][i]);
      }
    }
  });
}

// Writes grad_uv and grad_uv_derivatives of the pixels of a located block.
template <int kChannels, int kLevels, Reach kRead, typename Pixels, typename T>
MR_HOST_DEVICE void GradientsOfPixels(const TextureGradParams<T>& params,
                                      const MipLevels<const T>& shared_levels, const Pixels& pixels,
                                      const LookupBlock<T>& block) {
  const MipLevels<const T> levels = shared_levels;  // seen by nobody else: stays in registers
  const int64_t num_channels = KnownOr<kChannels>(params.shape.num_channels);
  UvGradients<T> grad_uv;
  for (int i = 0; i < pixels.count; ++i) {
    const T* grad_output = params.grad_output + pixels[i] * num_channels;
    const Vec3<T> grad =
        PixelGradient<kChannels, kLevels, kRead>(levels, block, i, grad_output, num_channels);
    grad_uv.along[0][i] = grad.x;
    grad_uv.along[1][i] = grad.y;
    if constexpr (kLevels == 2) {
      DerivativesGradient(levels, block.lod[i], grad.z, params.uv_derivatives + pixels[i] * 4,
                          params.grad_uv_derivatives + pixels[i] * 4);
    }
  }
  UnfoldGradients(params.settings, block, pixels.count, &grad_uv);
  for (int i = 0; i < pixels.count; ++i) {
    params.grad_uv[pixels[i] * 2] = grad_uv.along[0][i];
    params.grad_uv[pixels[i] * 2 + 1] = grad_uv.along[1][i];
  }
}

// Calls add(block, pixels) for the covered pixels of each block of rows [begin, end), after their
// own gradients have been written.
template <int kChannels, int kLevels, typename T, typename Add>
MR_HOST_DEVICE void GradientOfRows(const TextureGradParams<T>& params,
                                   const MipLevels<const T>& levels, int64_t begin, int64_t end,
                                   const Add& add) {
  LookupBlock<T> block;
  const auto visit = [&](const auto& pixels) {
    LocateBlock<kLevels>(params, levels, pixels, &block);
    if (ReadsLastTexel<kLevels>(levels, block, pixels.count)) {
      GradientsOfPixels<kChannels, kLevels, Reach::kExact>(params, levels, pixels, block);
    } else {
      GradientsOfPixels<kChannels, kLevels, Reach::kRegister>(params, levels, pixels, block);
    }
    add(block, pixels);
  };
  ForEachBlock(params.image, begin, end, [&](const PixelRun& run) {
    const int count = CountCovered(params.covered, run);
    if (count == run.count) return visit(run);
    std::fill_n(params.grad_uv + run.first * 2, run.count * 2, T(0));
    if (kLevels == 2) {
      std::fill_n(params.grad_uv_derivatives + run.first * 4, run.count * 4, T(0));
    }
    if (count == 0) return;
    const PickedPixels pixels = PickCovered(params.covered, run);
    if (pixels.count > 0) visit(pixels);
  });
}

// Appends the pixels of a block and the rows of texels that they read.
template <int kLevels, typename Pixels, typename T>
MR_HOST_DEVICE void AppendRows(const MipLevels<const T>& levels, const LookupBlock<T>& block,
                               const Pixels& pixels, TouchedRows* touched) {
  for (int i = 0; i < pixels.count; ++i) {
    touched->pixel[touched->count] = static_cast<int32_t>(pixels[i] - touched->first);
    int32_t* rows = touched->texel_row + kMaxRowsPerPixel * touched->count++;
    std::fill_n(rows, kMaxRowsPerPixel, -1);
    const int lookups = kLevels == 1 || block.mip_fraction[i] == T(0) ? 1 : 2;
    for (int k = 0; k < lookups; ++k) {
      const int level = kLevels == 1 ? 0 : LevelOf(levels, block, k, i);
      rows[2 * k] = levels.first_row[level] + block.taps[k].row[0][i];
      rows[2 * k + 1] = levels.first_row[level] + block.taps[k].row[1][i];
    }
  }
}

// The steps proper.

template <typename T>
void Gradient(const TextureGradParams<T>& params, const MipLevels<const T>& levels,
              const MipLevels<T>& grad, int64_t begin, int64_t end) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    const int64_t num_channels = KnownOr<channels>(params.shape.num_channels);
    GradientOfRows<channels, num_levels>(
        params, levels, begin, end, [&](const LookupBlock<T>& block, const auto& pixels) {
          for (int i = 0; i < pixels.count; ++i) {
            const T* grad_output = params.grad_output + pixels[i] * num_channels;
            AddPixel<channels, num_levels>(block, i, kAllRows, grad_output, num_channels, grad);
          }
        });
  });
}

template <typename T>
void GradientAndRows(const TextureGradParams<T>& params, const MipLevels<const T>& levels,
                     TouchedRows* touched, int64_t begin, int64_t end) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    GradientOfRows<channels, num_levels>(params, levels, begin, end,
                                         [&](const LookupBlock<T>& block, const auto& pixels) {
                                           AppendRows<num_levels>(levels, block, pixels, touched);
                                         });
  });
}

template <typename T>
void AddListedTexels(const TextureGradParams<T>& params, const MipLevels<T>& grad,
                     const PixelList& list) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    const int64_t num_channels = KnownOr<channels>(params.shape.num_channels);
    LookupBlock<T> block;
    PickedPixels pixels;
    pixels.first = list.first;
    for (int64_t begin = 0; begin < list.count; begin += kLookupsPerBlock) {
      const int32_t* entries = list.entries + begin;
      pixels.count = static_cast<int>(std::min<int64_t>(kLookupsPerBlock, list.count - begin));
      for (int i = 0; i < pixels.count; ++i) pixels.offset[i] = entries[i] >> kRowBits;
      LocateBlock<num_levels>(params, grad, pixels, &block);
      for (int i = 0; i < pixels.count; ++i) {
        const T* grad_output = params.grad_output + pixels[i] * num_channels;
        AddPixel<channels, num_levels>(block, i, entries[i] & kAllRows, grad_output, num_channels,
                                       grad);
      }
    }
  });
}

}  // namespace
}  // namespace mesh_renderer
