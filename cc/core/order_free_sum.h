// A sum of floats with the same bits in whatever order the addends come: what makes gradients that
// many threads of a GPU add up reproducible.
//
// Integers can be added in any order. Each sum has a unit of its own, a power of two so large that
// the sum of all fits 64 bits: one pass over the addends finds the largest, a second adds multiples
// of the unit. Each addend is rounded once, to a unit that is 2^-addend_bits of the power of two
// above the largest; adding is exact. Addends far below the largest are lost, also where the large
// ones cancel.
#pragma once

#include <cstring>

#include "cc/core/portability.h"

namespace mesh_renderer {

// Order of magnitude of an addend: its bits without the sign. They sort as magnitudes do, with
// infinity and NaN on top.
MR_HOST_DEVICE uint32_t MagnitudeBits(float addend) {
  uint32_t bits;
  std::memcpy(&bits, &addend, sizeof(bits));
  return bits & 0x7FFFFFFFu;
}

// The smallest bits that are no number.
constexpr uint32_t kInfinityBits = 0x7F800000u;

// Bits of the integer that an addend of the largest magnitude becomes, so that a sum of
// `max_addends` stays below 2^63.
MR_HOST_DEVICE int AddendBits(int64_t max_addends) {
  int bits = 62;
  while (max_addends > 1) {
    max_addends = (max_addends + 1) / 2;
    --bits;
  }
  return bits;
}

// 2^exponent, for the exponents of normal doubles.
MR_HOST_DEVICE double PowerOfTwo(int exponent) {
  const int64_t bits = static_cast<int64_t>(exponent + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, sizeof(power));
  return power;
}

// Addends below 2^exponent in magnitude become integers below 2^AddendBits.
MR_HOST_DEVICE int ExponentAbove(uint32_t largest_magnitude) {
  return static_cast<int>(largest_magnitude >> 23) - 126;  // of subnormal numbers: the same as 1
}

// The addend in units of its sum. Nothing is added where some addend is no finite number.
MR_HOST_DEVICE int64_t ToUnits(float addend, uint32_t largest_magnitude, int addend_bits) {
  if (largest_magnitude >= kInfinityBits) return 0;
  const double unit_inv = PowerOfTwo(addend_bits - ExponentAbove(largest_magnitude));
  return static_cast<int64_t>(std::rint(static_cast<double>(addend) * unit_inv));
}

// The sum as a double; NaN where some addend was no finite number.
MR_HOST_DEVICE double FromUnits(int64_t units, uint32_t largest_magnitude, int addend_bits) {
  if (largest_magnitude >= kInfinityBits) return std::nan("");
  return static_cast<double>(units) * PowerOfTwo(ExponentAbove(largest_magnitude) - addend_bits);
}

}  // namespace mesh_renderer
