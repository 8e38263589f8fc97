// Choices and elementary functions of plain numbers, under the names that lanes of pixels have too
// (cc/kernels/lane_math.h): a formula written with them serves one pixel or sixteen.
#pragma once

#include "cc/core/exponential.h"
#include "cc/core/portability.h"

namespace mesh_renderer {

// What a comparison of two P gives.
template <typename P>
using MaskOf = decltype(P{} < P{});

template <typename F>
MR_HOST_DEVICE F Select(bool condition, F value, F other) {
  return condition ? value : other;
}

// The second if one is NaN.
MR_HOST_DEVICE float Min(float a, float b) { return a < b ? a : b; }
MR_HOST_DEVICE double Min(double a, double b) { return a < b ? a : b; }
MR_HOST_DEVICE float Max(float a, float b) { return a > b ? a : b; }
MR_HOST_DEVICE double Max(double a, double b) { return a > b ? a : b; }

// Not std::exp: see exponential.h. For x <= 88; below -87 it stays at the smallest normal number.
MR_HOST_DEVICE float Exp(float x) { return ExpBySeries<int32_t>(Max(x, kLowestExponent)); }
MR_HOST_DEVICE double Exp(double x) { return std::exp(x); }
MR_HOST_DEVICE float Sqrt(float x) { return std::sqrt(x); }
MR_HOST_DEVICE double Sqrt(double x) { return std::sqrt(x); }

}  // namespace mesh_renderer
