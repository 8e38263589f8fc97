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
    const auto add = [&](int k) {
      const T weight = kWhole ? taps.weight[k][i] : share * taps.weight[k][i];
      grad.AddTo(weight, level + taps.texel[k][i] * num_channels + channel);
    };
    if (rows & 1) {
      add(0);
      add(1);
    }
    if (rows & 2) {
      add(2);
      add(3);
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
                                    UvGradients<T>* grad) {
  DispatchLocator(settings, [&](auto locator) {
    for (int k = 0; k < 2; ++k) {
      if (settings.filter == TextureFilter::kNearest)
        std::fill_n(grad->along[k], kLookupsPerBlock, T(0));
      for (int i = 0; i < kLookupsPerBlock; ++i) {
        grad->along[k][i] =
            decltype(locator)::CoordinateBackward(block.coordinate[k][i], grad->along[k][i]);
      }
    }
  });
}

// Writes grad_uv and grad_uv_derivatives of the pixels of a located block.
template <int kChannels, int kLevels, Reach kRead, typename T>
MR_HOST_DEVICE void GradientsOfPixels(const TextureGradParams<T>& params,
                                      const MipLevels<const T>& shared_levels,
                                      const LookupBlock<T>& block) {
  const PickedPixels& pixels = block.pixels;
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
  UnfoldGradients(params.settings, block, &grad_uv);
  for (int i = 0; i < pixels.count; ++i) {
    params.grad_uv[pixels[i] * 2] = grad_uv.along[0][i];
    params.grad_uv[pixels[i] * 2 + 1] = grad_uv.along[1][i];
  }
}

// Calls add(block) for blocks of the covered pixels of rows [begin, end), after their own gradients
// have been written.
template <int kChannels, int kLevels, typename T, typename Add>
MR_HOST_DEVICE void GradientOfRows(const TextureGradParams<T>& params,
                                   const MipLevels<const T>& levels, int64_t begin, int64_t end,
                                   const Add& add) {
  const auto clear = [&](const PixelRun& run) {
    std::fill_n(params.grad_uv + run.first * 2, run.count * 2, T(0));
    if (kLevels == 2) {
      std::fill_n(params.grad_uv_derivatives + run.first * 4, run.count * 4, T(0));
    }
  };
  const auto visit = [&](const LookupBlock<T>& block) {
    if (ReadsLastTexel<kLevels>(levels, block)) {
      GradientsOfPixels<kChannels, kLevels, Reach::kExact>(params, levels, block);
    } else {
      GradientsOfPixels<kChannels, kLevels, Reach::kRegister>(params, levels, block);
    }
    add(block);
  };
  ForEachBlock<kLevels>(params, levels, begin, end, clear, visit);
}

// Appends the pixels of a block and the rows of texels that they read.
template <int kLevels, typename T>
MR_HOST_DEVICE void AppendRows(const MipLevels<const T>& levels, const LookupBlock<T>& block,
                               TouchedRows* touched) {
  const int count = block.pixels.count;
  const int32_t from_first = static_cast<int32_t>(block.pixels.first - touched->first);
  for (int i = 0; i < count; ++i) {
    touched->pixel[touched->count + i] = from_first + block.pixels.offset[i];
  }
  for (int k = 0; k < 2 * kLevels; ++k) {
    int32_t* row = touched->texel_row[k] + touched->count;
    const int32_t* row_in_level = block.taps[k / 2].row[k % 2];
    for (int i = 0; i < count; ++i) {
      if constexpr (kLevels == 1) {
        row[i] = row_in_level[i];
      } else {
        const int32_t first_row = levels.first_row[LevelOf(levels, block, k / 2, i)];
        row[i] = k >= 2 && block.mip_fraction[i] == T(0) ? -1 : first_row + row_in_level[i];
      }
    }
  }
  touched->count += count;
}

// Pixels of a list for the rows of a share: the place of each, and a bit for each of its rows.
constexpr int kPixelsPerScan = 512;
struct SharedPixels {
  int count;
  int32_t pixel[kPixelsPerScan];
  int32_t rows[kPixelsPerScan];
};

// Those of pixels [begin, begin + size) of a list.
template <int kLevels>
MR_HOST_DEVICE void FindShare(const TouchedRows& touched, const RowShare& the_share, int64_t begin,
                              int size, SharedPixels* found) {
  const RowShare share = the_share;
  int32_t rows[kPixelsPerScan];
  for (int i = 0; i < size; ++i) rows[i] = 0;
  for (int k = 0; k < 2 * kLevels; ++k) {
    const int32_t* row = touched.texel_row[k] + begin;
    for (int i = 0; i < size; ++i) rows[i] |= share.Has(row[i]) ? 1 << k : 0;
  }
  found->count = 0;
  for (int i = 0; i < size; ++i) {
    found->pixel[found->count] = touched.pixel[begin + i];
    found->rows[found->count] = rows[i];
    found->count += rows[i] != 0;
  }
}

// The steps proper.

template <typename T>
void Gradient(const TextureGradParams<T>& params, const MipLevels<const T>& levels,
              const MipLevels<T>& grad, int64_t begin, int64_t end) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    const int64_t num_channels = KnownOr<channels>(params.shape.num_channels);
    GradientOfRows<channels, num_levels>(
        params, levels, begin, end, [&](const LookupBlock<T>& block) {
          for (int i = 0; i < block.pixels.count; ++i) {
            const T* grad_output = params.grad_output + block.pixels[i] * num_channels;
            AddPixel<channels, num_levels>(block, i, kAllRows, grad_output, num_channels, grad);
          }
        });
  });
}

template <typename T>
void GradientAndRows(const TextureGradParams<T>& params, const MipLevels<const T>& levels,
                     TouchedRows* touched, int64_t begin, int64_t end) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    GradientOfRows<channels, num_levels>(
        params, levels, begin, end,
        [&](const LookupBlock<T>& block) { AppendRows<num_levels>(levels, block, touched); });
  });
}

template <typename T>
void AddShare(const TextureGradParams<T>& params, const MipLevels<T>& grad,
              const TouchedRows& touched, const RowShare& share) {
  DispatchLookups(params, [&](auto channels, auto num_levels) {
    const int64_t num_channels = KnownOr<channels>(params.shape.num_channels);
    SharedPixels found;
    LookupBlock<T> block;
    block.pixels.first = touched.first;
    for (int64_t begin = 0; begin < touched.count; begin += kPixelsPerScan) {
      const int size = static_cast<int>(std::min<int64_t>(kPixelsPerScan, touched.count - begin));
      FindShare<num_levels>(touched, share, begin, size, &found);
      for (int first = 0; first < found.count; first += kLookupsPerBlock) {
        block.pixels.count = std::min(kLookupsPerBlock, found.count - first);
        std::copy_n(found.pixel + first, block.pixels.count, block.pixels.offset);
        LocateBlock<num_levels>(params, grad, &block);
        for (int i = 0; i < block.pixels.count; ++i) {
          const T* grad_output = params.grad_output + block.pixels[i] * num_channels;
          AddPixel<channels, num_levels>(block, i, found.rows[first + i], grad_output, num_channels,
                                         grad);
        }
      }
    }
  });
}

}  // namespace
}  // namespace mesh_renderer
