// Sixteen numbers at a time, for the pixels of one 4x4 block.
//
// Lanes is an array of the target's native registers; GCC's vector extension gives the arithmetic
// and only masks need intrinsics. Included by files compiled once per target: everything is
// inlined, so no code of one target leaks into another. x86-64 has SSE2 at least.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

#include "cc/core/portability.h"

// Vectors cross no function border here, so their calling convention does not matter.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace mesh_renderer {

constexpr int kLanes = 16;

#if defined(__AVX512F__)
constexpr int kRegisterBytes = 64;
#elif defined(__AVX2__)
constexpr int kRegisterBytes = 32;
#else
constexpr int kRegisterBytes = 16;
#endif

template <typename T>
struct RegisterOf;

template <>
struct RegisterOf<float> {
  typedef float Type __attribute__((vector_size(kRegisterBytes)));
};

template <>
struct RegisterOf<double> {
  typedef double Type __attribute__((vector_size(kRegisterBytes)));
};

template <>
struct RegisterOf<int32_t> {
  typedef int32_t Type __attribute__((vector_size(kRegisterBytes)));
};

template <typename T>
struct Lanes {
  using Register = typename RegisterOf<T>::Type;
  static constexpr int kPerRegister = kRegisterBytes / static_cast<int>(sizeof(T));
  static constexpr int kRegisters = kLanes / kPerRegister;
  Register registers[kRegisters];
};

template <typename T>
MR_HOST_DEVICE Lanes<T> Broadcast(T value) {
  Lanes<T> lanes;
  for (auto& r : lanes.registers) r = value - typename Lanes<T>::Register{};
  return lanes;
}

// Register by register: GCC copies the whole of Lanes through the stack, in pieces that are smaller
// than an AVX register and that the processor therefore does not forward to it.
template <typename T>
MR_HOST_DEVICE Lanes<T> Load(const T* from) {
  Lanes<T> lanes;
  for (auto& r : lanes.registers) {
    std::memcpy(&r, from, sizeof(r));
    from += Lanes<T>::kPerRegister;
  }
  return lanes;
}

template <typename T>
MR_HOST_DEVICE void Store(const Lanes<T>& lanes, T* to) {
  for (const auto& r : lanes.registers) {
    std::memcpy(to, &r, sizeof(r));
    to += Lanes<T>::kPerRegister;
  }
}

template <typename T>
MR_HOST_DEVICE Lanes<T> operator+(const Lanes<T>& a, const Lanes<T>& b) {
  Lanes<T> sum;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) sum.registers[i] = a.registers[i] + b.registers[i];
  return sum;
}

template <typename T>
MR_HOST_DEVICE Lanes<T> operator-(const Lanes<T>& a, const Lanes<T>& b) {
  Lanes<T> difference;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    difference.registers[i] = a.registers[i] - b.registers[i];
  }
  return difference;
}

template <typename T>
MR_HOST_DEVICE Lanes<T> operator*(const Lanes<T>& a, const Lanes<T>& b) {
  Lanes<T> product;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    product.registers[i] = a.registers[i] * b.registers[i];
  }
  return product;
}

template <typename T>
MR_HOST_DEVICE Lanes<T> operator/(const Lanes<T>& a, const Lanes<T>& b) {
  Lanes<T> quotient;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    quotient.registers[i] = a.registers[i] / b.registers[i];
  }
  return quotient;
}

template <typename T>
MR_HOST_DEVICE Lanes<T> Min(const Lanes<T>& a, const Lanes<T>& b) {
  Lanes<T> smaller;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    smaller.registers[i] = a.registers[i] < b.registers[i] ? a.registers[i] : b.registers[i];
  }
  return smaller;
}

// One pixel per bit.
using PixelMask = uint32_t;

#if defined(__AVX512F__)

MR_HOST_DEVICE PixelMask RegisterBits(const __m512& inside, const __m512& key, const __m512& stored,
                                      const __m512& limit) {
  __mmask16 mask = _mm512_cmp_ps_mask(inside, _mm512_setzero_ps(), _CMP_GE_OQ);
  mask = _mm512_mask_cmp_ps_mask(mask, key, stored, _CMP_GT_OQ);
  return _mm512_mask_cmp_ps_mask(mask, key, limit, _CMP_LT_OQ);
}

MR_HOST_DEVICE PixelMask RegisterBits(const __m512d& inside, const __m512d& key,
                                      const __m512d& stored, const __m512d& limit) {
  __mmask8 mask = _mm512_cmp_pd_mask(inside, _mm512_setzero_pd(), _CMP_GE_OQ);
  mask = _mm512_mask_cmp_pd_mask(mask, key, stored, _CMP_GT_OQ);
  return _mm512_mask_cmp_pd_mask(mask, key, limit, _CMP_LT_OQ);
}

MR_HOST_DEVICE __m512 SelectRegister(PixelMask mask, const __m512& lanes, const __m512& other) {
  return _mm512_mask_blend_ps(static_cast<__mmask16>(mask), other, lanes);
}

MR_HOST_DEVICE __m512d SelectRegister(PixelMask mask, const __m512d& lanes, const __m512d& other) {
  return _mm512_mask_blend_pd(static_cast<__mmask8>(mask), other, lanes);
}

MR_HOST_DEVICE RegisterOf<int32_t>::Type SelectRegister(PixelMask mask,
                                                        const RegisterOf<int32_t>::Type& lanes,
                                                        const RegisterOf<int32_t>::Type& other) {
  return (RegisterOf<int32_t>::Type)_mm512_mask_blend_epi32(static_cast<__mmask16>(mask),
                                                            (__m512i)other, (__m512i)lanes);
}

MR_HOST_DEVICE void StoreRegister(PixelMask mask, const __m512& lanes, float* to) {
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>(mask), lanes);
}

MR_HOST_DEVICE void StoreRegister(PixelMask mask, const __m512d& lanes, double* to) {
  _mm512_mask_storeu_pd(to, static_cast<__mmask8>(mask), lanes);
}

MR_HOST_DEVICE void MaskedFill(PixelMask mask, int32_t value, int32_t* to) {
  _mm512_mask_storeu_epi32(to, static_cast<__mmask16>(mask), _mm512_set1_epi32(value));
}

// Bits of the values that are >= 0.
MR_HOST_DEVICE PixelMask NonNegativeBits(const int32_t* values) {
  return _mm512_cmpge_epi32_mask(_mm512_loadu_si512(values), _mm512_setzero_si512());
}

#else

#if defined(__AVX2__)
MR_HOST_DEVICE PixelMask SignBits(__m256 mask) { return _mm256_movemask_ps(mask); }
MR_HOST_DEVICE PixelMask SignBits(__m256d mask) { return _mm256_movemask_pd(mask); }
#else
MR_HOST_DEVICE PixelMask SignBits(__m128 mask) { return _mm_movemask_ps(mask); }
MR_HOST_DEVICE PixelMask SignBits(__m128d mask) { return _mm_movemask_pd(mask); }
#endif

template <typename Register>
MR_HOST_DEVICE PixelMask RegisterBits(const Register& inside, const Register& key,
                                      const Register& stored, const Register& limit) {
  return SignBits((Register)((inside >= Register{}) & (key > stored) & (key < limit)));
}

// All-one lanes where `mask` has a bit.
template <typename Register>
MR_HOST_DEVICE auto SelectLanes(PixelMask mask, const Register& like) {
  using Mask = decltype(like < like);
  constexpr int kCount = sizeof(Mask) / sizeof(Mask{}[0]);
  Mask bit = {};
  for (int lane = 0; lane < kCount; ++lane) bit[lane] = 1 << lane;
  return (bit & static_cast<int>(mask)) != 0;
}

template <typename Register>
MR_HOST_DEVICE Register SelectRegister(PixelMask mask, const Register& lanes,
                                       const Register& other) {
  return SelectLanes(mask, lanes) ? lanes : other;
}

template <typename Register, typename T>
MR_HOST_DEVICE void StoreRegister(PixelMask mask, const Register& lanes, T* to) {
  Register stored;
  std::memcpy(&stored, to, sizeof(stored));
  stored = SelectRegister(mask, lanes, stored);
  std::memcpy(to, &stored, sizeof(stored));
}

MR_HOST_DEVICE void MaskedFill(PixelMask mask, int32_t value, int32_t* to) {
  typedef int32_t Register __attribute__((vector_size(kRegisterBytes)));
  constexpr int kPerRegister = kRegisterBytes / sizeof(int32_t);
  for (int lane = 0; lane < kLanes; lane += kPerRegister) {
    StoreRegister(mask >> lane, value - Register{}, to + lane);
  }
}

// Bits of the values that are >= 0.
MR_HOST_DEVICE PixelMask NonNegativeBits(const int32_t* values) {
  const __m128i* quads = reinterpret_cast<const __m128i*>(values);
  PixelMask negative = 0;
  for (int i = 0; i < kLanes / 4; ++i) {
    negative |= _mm_movemask_ps(_mm_castsi128_ps(_mm_loadu_si128(quads + i))) << (i * 4);
  }
  return ~negative & 0xFFFF;
}

#endif

// Writes each group of four lanes to a row of its own, rows `stride` apart.
template <typename T>
MR_HOST_DEVICE void StoreRows(const Lanes<T>& lanes, T* to, int64_t stride) {
  T values[kLanes];
  Store(lanes, values);
  for (int i = 0; i < kLanes / 4; ++i) std::memcpy(to + i * stride, values + i * 4, 4 * sizeof(T));
}

// The same for three values per lane: x0 y0 z0 x1 y1 z1 ...
template <typename T>
MR_HOST_DEVICE void StoreInterleavedRows(const Lanes<T>& x, const Lanes<T>& y, const Lanes<T>& z,
                                         T* to, int64_t stride) {
  typedef T Quad __attribute__((vector_size(4 * sizeof(T))));
  Quad xs[kLanes / 4], ys[kLanes / 4], zs[kLanes / 4];
  std::memcpy(xs, &x, sizeof(xs));
  std::memcpy(ys, &y, sizeof(ys));
  std::memcpy(zs, &z, sizeof(zs));
  for (int i = 0; i < kLanes / 4; ++i) {
    const Quad low = __builtin_shufflevector(xs[i], ys[i], 0, 4, 1, 5);   // x0 y0 x1 y1
    const Quad high = __builtin_shufflevector(xs[i], ys[i], 2, 6, 3, 7);  // x2 y2 x3 y3
    const Quad y1_z1 = __builtin_shufflevector(low, zs[i], 3, 5, 3, 5);
    const Quad xyz[3] = {__builtin_shufflevector(low, zs[i], 0, 1, 4, 2),
                         __builtin_shufflevector(y1_z1, high, 0, 1, 4, 5),
                         __builtin_shufflevector(high, zs[i], 6, 2, 3, 7)};
    std::memcpy(to + i * stride, xyz, sizeof(xyz));
  }
}

// Lanes where inside >= 0 and stored < key < limit.
template <typename T>
MR_HOST_DEVICE PixelMask VisibleMask(const Lanes<T>& inside, const Lanes<T>& key,
                                     const Lanes<T>& stored, const Lanes<T>& limit) {
  PixelMask mask = 0;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    mask |=
        RegisterBits(inside.registers[i], key.registers[i], stored.registers[i], limit.registers[i])
        << (i * Lanes<T>::kPerRegister);
  }
  return mask;
}

template <typename T>
MR_HOST_DEVICE void MaskedStore(PixelMask mask, const Lanes<T>& lanes, T* to) {
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    const int lane = i * Lanes<T>::kPerRegister;
    StoreRegister(mask >> lane, lanes.registers[i], to + lane);
  }
}

// `lanes` where the mask has a bit, else `other`.
template <typename T>
MR_HOST_DEVICE Lanes<T> Select(PixelMask mask, const Lanes<T>& lanes, const Lanes<T>& other) {
  Lanes<T> selected;
  for (int i = 0; i < Lanes<T>::kRegisters; ++i) {
    selected.registers[i] = SelectRegister(mask >> (i * Lanes<T>::kPerRegister), lanes.registers[i],
                                           other.registers[i]);
  }
  return selected;
}

}  // namespace mesh_renderer
