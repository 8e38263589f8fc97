// e^x in single precision by the same operations for one number and for a register of them:
// pictures do not depend on which device, or which instruction set, draws them.
#pragma once

#include <cstring>

#include "cc/core/portability.h"

namespace mesh_renderer {

// Below, the result would be denormal.
constexpr float kLowestExponent = -87.0f;

// e^x to the last bit or two, for kLowestExponent <= x <= 88.
//
// x = n ln 2 + r: 2^n is written into the exponent, e^r comes from its Taylor series. Adding 1.5 *
// 2^23 rounds to an integer, which then stands in the lowest bits. Integers is what Numbers are as
// 32-bit integers.
template <typename Integers, typename Numbers>
MR_HOST_DEVICE Numbers ExpBySeries(const Numbers& x) {
  constexpr float kLog2E = 1.44269504f, kMagic = 12582912.0f;
  constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;  // their sum is ln 2
  constexpr float kTerms[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  constexpr int32_t kMagicBits = 0x4B400000, kBias = 127, kMantissaBits = 23;
  static_assert(sizeof(Integers) == sizeof(Numbers), "as many 32-bit integers as numbers");
  const Numbers shifted = x * kLog2E + kMagic;
  const Numbers n = shifted - kMagic;
  const Numbers r = (x - n * kLn2High) - n * kLn2Low;
  Numbers power = r * (1.0f / 5040) + kTerms[0];
  for (int k = 1; k < 7; ++k) power = power * r + kTerms[k];
  Integers bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits - kMagicBits + kBias) << kMantissaBits;
  Numbers scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  return power * scale;
}

}  // namespace mesh_renderer
