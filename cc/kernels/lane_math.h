// Lanes as numbers: comparisons, choices and the exponential, so that the formulas of cc/core that
// are written with cc/core/select.h work on sixteen pixels at once.
//
// Included by files compiled once per target; see lanes.h.
#pragma once

#include "cc/kernels/lanes.h"
//
#include "cc/core/select.h"

namespace mesh_renderer {

// One truth value per lane: all bits set or none.
template <typename T>
struct LaneMask {
  using Register = decltype(typename Lanes<T>::Register{} < typename Lanes<T>::Register{});
  Register registers[Lanes<T>::kRegisters];
};

// The same number in every lane, or a number per lane: what binary functions take on either side.
template <typename T>
MR_HOST_DEVICE typename Lanes<T>::Register RegisterAt(const Lanes<T>& lanes, int i) {
  return lanes.registers[i];
}
MR_HOST_DEVICE Lanes<float>::Register RegisterAt(float value, int) {
  return value - Lanes<float>::Register{};
}
MR_HOST_DEVICE Lanes<double>::Register RegisterAt(double value, int) {
  return value - Lanes<double>::Register{};
}

#define MR_LANE_ARITHMETIC(op)                                  \
  template <typename T>                                         \
  MR_HOST_DEVICE Lanes<T> operator op(const Lanes<T>& a, T b) { \
    return a op Broadcast(b);                                   \
  }                                                             \
  template <typename T>                                         \
  MR_HOST_DEVICE Lanes<T> operator op(T a, const Lanes<T>& b) { \
    return Broadcast(a) op b;                                   \
  }

MR_LANE_ARITHMETIC(+)
MR_LANE_ARITHMETIC(-)
MR_LANE_ARITHMETIC(*)
MR_LANE_ARITHMETIC(/)
#undef MR_LANE_ARITHMETIC

template <typename T>
MR_HOST_DEVICE Lanes<T> operator-(const Lanes<T>& a) {
  Lanes<T> negated;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) negated.registers[i] = -a.registers[i];
  return negated;
}

#define MR_LANE_COMPARISON(op)                                                   \
  template <typename T>                                                          \
  MR_HOST_DEVICE LaneMask<T> operator op(const Lanes<T>& a, const Lanes<T>& b) { \
    LaneMask<T> mask;                                                            \
    for (int i = 0; i < Lanes<T>::kRegisters; ++i) {                             \
      mask.registers[i] = a.registers[i] op b.registers[i];                      \
    }                                                                            \
    return mask;                                                                 \
  }                                                                              \
  template <typename T>                                                          \
  MR_HOST_DEVICE LaneMask<T> operator op(const Lanes<T>& a, T b) {               \
    return a op Broadcast(b);                                                    \
  }

MR_LANE_COMPARISON(<)
MR_LANE_COMPARISON(<=)
MR_LANE_COMPARISON(>)
MR_LANE_COMPARISON(>=)
MR_LANE_COMPARISON(==)
MR_LANE_COMPARISON(!=)
#undef MR_LANE_COMPARISON

#define MR_LANE_MASK_OPERATOR(op)                                                      \
  template <typename T>                                                                \
  MR_HOST_DEVICE LaneMask<T> operator op(const LaneMask<T>& a, const LaneMask<T>& b) { \
    LaneMask<T> mask;                                                                  \
    for (int i = 0; i < Lanes<T>::kRegisters; ++i) {                                   \
      mask.registers[i] = a.registers[i] op b.registers[i];                            \
    }                                                                                  \
    return mask;                                                                       \
  }

MR_LANE_MASK_OPERATOR(&)
MR_LANE_MASK_OPERATOR(|)
#undef MR_LANE_MASK_OPERATOR

template <typename T>
MR_HOST_DEVICE LaneMask<T> operator!(const LaneMask<T>& a) {
  LaneMask<T> mask;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) mask.registers[i] = ~a.registers[i];
  return mask;
}

// `value` where the mask holds, else `other`; either may be one number for all lanes.
template <typename T, typename A, typename B>
MR_HOST_DEVICE Lanes<T> Select(const LaneMask<T>& mask, const A& value, const B& other) {
  Lanes<T> selected;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    selected.registers[i] = mask.registers[i] ? RegisterAt(value, i) : RegisterAt(other, i);
  }
  return selected;
}

template <typename T>
MR_HOST_DEVICE Lanes<T> Max(const Lanes<T>& a, const Lanes<T>& b) {
  return Select(a > b, a, b);
}
template <typename T>
MR_HOST_DEVICE Lanes<T> Max(const Lanes<T>& a, T b) {
  return Max(a, Broadcast(b));
}
template <typename T>
MR_HOST_DEVICE Lanes<T> Min(const Lanes<T>& a, T b) {
  return Min(a, Broadcast(b));
}

#if defined(__AVX512F__)
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<float>::Register& mask) {
  return _mm512_movepi32_mask((__m512i)mask);
}
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<double>::Register& mask) {
  return _mm512_movepi64_mask((__m512i)mask);
}
#elif defined(__AVX2__)
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<float>::Register& mask) {
  return SignBits((__m256)mask);
}
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<double>::Register& mask) {
  return SignBits((__m256d)mask);
}
#else
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<float>::Register& mask) {
  return SignBits((__m128)mask);
}
MR_HOST_DEVICE uint32_t MaskBits(const LaneMask<double>::Register& mask) {
  return SignBits((__m128d)mask);
}
#endif

// One bit per lane.
template <typename T>
MR_HOST_DEVICE PixelMask ToBits(const LaneMask<T>& mask) {
  PixelMask bits = 0;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    bits |= MaskBits(mask.registers[i]) << (i * Lanes<T>::kPerRegister);
  }
  return bits;
}

// Sum over the lanes, always in the same order.
template <typename T>
MR_HOST_DEVICE T SumLanes(const Lanes<T>& lanes) {
  T values[kLanes];
  Store(lanes, values);
  for (int step = kLanes / 2; step > 0; step /= 2) {
    for (int i = 0; i < step; ++i) values[i] += values[i + step];
  }
  return values[0];
}

// For x <= 88; below -87 it stays at the smallest normal number.
MR_HOST_DEVICE Lanes<float> Exp(const Lanes<float>& x) {
  const Lanes<float> bounded = Max(x, kLowestExponent);
  Lanes<float> result;
  for (int i = 0; i < Lanes<float>::kRegisters; ++i) {
    result.registers[i] = ExpBySeries<RegisterOf<int32_t>::Type>(bounded.registers[i]);
  }
  return result;
}

// In double it is the library's, one lane after the other: exact gradients matter more than speed.
MR_HOST_DEVICE Lanes<double> Exp(const Lanes<double>& x) {
  double values[kLanes];
  Store(x, values);
  for (double& value : values) value = std::exp(value);
  return Load(values);
}

template <typename T>
MR_HOST_DEVICE Lanes<T> Sqrt(const Lanes<T>& x) {
  T values[kLanes];
  Store(x, values);
  for (T& value : values) value = std::sqrt(value);
  return Load(values);
}

}  // namespace mesh_renderer
