// Mip pyramid of a texture: sizes and weights of its levels, and which level a pixel reads.
//
// Level 0 is the picture; every further level halves both sides, rounded down, until both are 1.
// Each forward function is followed by its derivative. Source: Williams, "Pyramidal parametrics",
// SIGGRAPH 1983; OpenGL 4.6 core profile, section 8.14.
#pragma once

#include <cstring>

#include "cc/core/portability.h"

namespace mesh_renderer {

// Longer footprints than this, in texels, are read as of this length: the last level of the largest
// texture serves them all, and its square keeps far from the largest float.
constexpr double kLargestFootprint = 1 << 20;

MR_HOST_DEVICE int NextMipSize(int size) { return size > 1 ? size / 2 : 1; }

MR_HOST_DEVICE int NumMipLevels(int height, int width) {
  int levels = 1;
  for (int side = height > width ? height : width; side > 1; side /= 2) ++levels;
  return levels;
}

// How much of texel `fine` of an axis of `size` texels goes into texel `coarse` of the next level:
// the area that both have in common, relative to that of the coarse texel. An odd axis 2m + 1 has m
// coarse texels that are a little more than two fine ones wide, so that each level has the same
// mean and nothing moves. Source of the odd case: Guthe and Heckbert, "Non-power-of-two
// mipmapping", NVIDIA technical report, 2005.
template <typename F>
MR_HOST_DEVICE F MipWeight(int size, int coarse, int fine) {
  if (size == 1) return F(1);
  const int step = fine - 2 * coarse;  // from the first fine texel that can take part
  if (step < 0 || step > 2) return F(0);
  if (size % 2 == 0) return step < 2 ? F(0.5) : F(0);
  const int half = size / 2;
  const int share = step == 0 ? half - coarse : step == 1 ? half : coarse + 1;
  return F(share) / F(size);
}

// Neighbouring texels along one axis: first..last, both included.
struct TexelSpan {
  int first, last;
};

// The texels of an axis of `size` texels that go into texel `coarse` of the next level.
MR_HOST_DEVICE TexelSpan FineTexels(int size, int coarse) {
  if (size == 1) return {0, 0};
  return {2 * coarse, 2 * coarse + 1 + size % 2};
}

// The texels of the next level that texel `fine` of an axis of `size` texels goes into.
MR_HOST_DEVICE TexelSpan CoarseTexels(int size, int fine) {
  const int last = NextMipSize(size) - 1, below = fine / 2;
  const int first = size % 2 == 1 && fine > 0 ? (fine - 1) / 2 : below;
  return {first, below < last ? below : last};
}

// How one step of a column and one of a row move a lookup, in texels of level 0.
template <typename F>
struct TexelFootprint {
  F u_column, u_row, v_column, v_row;
};

template <typename F>
MR_HOST_DEVICE F FootprintSide(F derivative, int size) {
  const F side = derivative * F(size);
  constexpr F kLimit = F(kLargestFootprint);
  const F above = side > -kLimit ? side : -kLimit;
  return above < kLimit ? above : kLimit;
}

// `uv_derivatives` is (du / d column, du / d row, dv / d column, dv / d row).
template <typename F>
MR_HOST_DEVICE TexelFootprint<F> MakeFootprint(const F* uv_derivatives, int height, int width) {
  return {FootprintSide(uv_derivatives[0], width), FootprintSide(uv_derivatives[1], width),
          FootprintSide(uv_derivatives[2], height), FootprintSide(uv_derivatives[3], height)};
}

// Where the limit acts the level is the last one, whose gradient is 0 anyway.
template <typename F>
MR_HOST_DEVICE void MakeFootprintBackward(const TexelFootprint<F>& grad, int height, int width,
                                          F* grad_uv_derivatives) {
  grad_uv_derivatives[0] = grad.u_column * F(width);
  grad_uv_derivatives[1] = grad.u_row * F(width);
  grad_uv_derivatives[2] = grad.v_column * F(height);
  grad_uv_derivatives[3] = grad.v_row * F(height);
}

// The footprint of a pixel is a parallelogram; the ellipse of the same map has the squared
// semi-axes (column + row +- root) / 2. These are the terms of the longer one.
template <typename F>
struct FootprintEllipse {
  F column, row, mixed;  // column . column, row . row, column . row
  F root;                // sqrt((column - row)^2 + 4 mixed^2)

  MR_HOST_DEVICE explicit FootprintEllipse(const TexelFootprint<F>& f)
      : column(f.u_column * f.u_column + f.v_column * f.v_column),
        row(f.u_row * f.u_row + f.v_row * f.v_row),
        mixed(f.u_column * f.u_row + f.v_column * f.v_row),
        root(std::sqrt((column - row) * (column - row) + F(4) * mixed * mixed)) {}

  MR_HOST_DEVICE F LongerAxisSquared() const { return F(0.5) * (column + row + root); }
};

// Layout of a floating-point number.
template <typename F>
struct FloatLayout;
template <>
struct FloatLayout<float> {
  using Bits = int32_t;
  static constexpr int kFractionBits = 23, kBias = 127, kLogTerms = 6;
};
template <>
struct FloatLayout<double> {
  using Bits = int64_t;
  static constexpr int kFractionBits = 52, kBias = 1023, kLogTerms = 11;
};

// log2 of a normal positive number; 0 gives a number below -100. The library's own has other digits
// on other processors.
template <typename F>
MR_HOST_DEVICE F Log2(F x) {
  using Layout = FloatLayout<F>;
  using Bits = typename Layout::Bits;
  constexpr Bits kOne = Bits{Layout::kBias} << Layout::kFractionBits;
  constexpr F kSqrt2 = F(1.41421356237309504880), kTwoLog2E = F(2.88539008177792681472);
  Bits bits;
  std::memcpy(&bits, &x, sizeof(F));
  const Bits fraction_bits = (bits & ((Bits{1} << Layout::kFractionBits) - 1)) | kOne;
  F mantissa;  // in [1, 2)
  std::memcpy(&mantissa, &fraction_bits, sizeof(F));
  const int large = mantissa > kSqrt2 ? 1 : 0;
  const int exponent = static_cast<int>((bits - kOne) >> Layout::kFractionBits) + large;
  mantissa *= F(1) - F(0.5) * F(large);  // in [1 / sqrt 2, sqrt 2]
  // ln m = 2 artanh s = 2 (s + s^3 / 3 + s^5 / 5 + ...), |s| < 0.172.
  const F s = (mantissa - F(1)) / (mantissa + F(1));
  F series = F(0);
  for (int k = Layout::kLogTerms - 1; k >= 0; --k) series = series * (s * s) + F(1) / F(2 * k + 1);
  return F(exponent) + kTwoLog2E * (s * series);
}

// Level of detail: log2 of the footprint's longer axis in texels. Of what OpenGL allows this choice
// does not depend on how the footprint is turned. Far below 0 for a footprint without extent.
template <typename F>
MR_HOST_DEVICE F LevelOfDetail(const TexelFootprint<F>& footprint) {
  return F(0.5) * Log2(FootprintEllipse<F>(footprint).LongerAxisSquared());
}

// Footprints without extent must not come here. A circle, whose axes are any two directions, has
// the mean of their derivatives.
template <typename F>
MR_HOST_DEVICE TexelFootprint<F> LevelOfDetailBackward(const TexelFootprint<F>& f, F grad_lod) {
  constexpr F kHalfLog2E = F(0.72134752044448170368);  // 1 / (2 ln 2)
  const FootprintEllipse<F> e(f);
  const F grad = grad_lod * kHalfLog2E / e.LongerAxisSquared();
  const F lean = e.root > F(0) ? (e.column - e.row) / e.root : F(0);
  const F by_column = grad * (F(1) + lean);  // twice the derivative by column . column
  const F by_row = grad * (F(1) - lean);
  const F by_mixed = e.root > F(0) ? grad * F(2) * e.mixed / e.root : F(0);
  return {by_column * f.u_column + by_mixed * f.u_row, by_row * f.u_row + by_mixed * f.u_column,
          by_column * f.v_column + by_mixed * f.v_row, by_row * f.v_row + by_mixed * f.v_column};
}

// Two neighbouring levels of the pyramid: (1 - fraction) of `level` and `fraction` of the next.
template <typename F>
struct MipBlend {
  int level;
  F fraction;  // 0 at the last level, which has no next one
};

// Beyond the ends of the pyramid its first or last level is read.
template <typename F>
MR_HOST_DEVICE MipBlend<F> SplitLevel(F lod, int num_levels) {
  const int last = num_levels - 1;
  if (!(lod > F(0))) return {0, F(0)};
  if (lod >= F(last)) return {last, F(0)};
  const int level = static_cast<int>(lod);
  return {level, lod - F(level)};
}

// Also says whether LevelOfDetailBackward is needed at all: only if the result is not 0.
template <typename F>
MR_HOST_DEVICE F SplitLevelBackward(F lod, int num_levels, F grad_fraction) {
  return lod > F(0) && lod < F(num_levels - 1) ? grad_fraction : F(0);
}

// From the fraction between two levels to the `uv_derivatives` that the level of detail came from.
template <typename F>
MR_HOST_DEVICE void MipFractionBackward(const F* uv_derivatives, int height, int width, F lod,
                                        int num_levels, F grad_fraction, F* grad_uv_derivatives) {
  const F grad_lod = SplitLevelBackward(lod, num_levels, grad_fraction);
  TexelFootprint<F> grad = {};
  if (grad_lod != F(0)) {
    grad = LevelOfDetailBackward(MakeFootprint(uv_derivatives, height, width), grad_lod);
  }
  MakeFootprintBackward(grad, height, width, grad_uv_derivatives);
}

}  // namespace mesh_renderer
