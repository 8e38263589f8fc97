// Sums over the lanes of several numbers at once: four sums cost little more than one.
//
// Included by files compiled once per target; see lanes.h.
#pragma once

#include "cc/kernels/lanes.h"

namespace mesh_renderer {

template <typename T>
using LaneQuad __attribute__((vector_size(4 * sizeof(T)))) = T;

// The sum of the four quads of a number, as (first + third) + (second + fourth).
template <typename T>
MR_HOST_DEVICE LaneQuad<T> SumOfQuads(const Lanes<T>& lanes) {
  if constexpr (Lanes<T>::kPerRegister == 16) {
    const auto r = lanes.registers[0];
    const auto half = __builtin_shufflevector(r, r, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(r, r, 8, 9, 10, 11, 12, 13, 14, 15);
    return __builtin_shufflevector(half, half, 0, 1, 2, 3) +
           __builtin_shufflevector(half, half, 4, 5, 6, 7);
  } else if constexpr (Lanes<T>::kPerRegister == 8) {
    const auto half = lanes.registers[0] + lanes.registers[1];
    return __builtin_shufflevector(half, half, 0, 1, 2, 3) +
           __builtin_shufflevector(half, half, 4, 5, 6, 7);
  } else {
    LaneQuad<T> quads[4];
    std::memcpy(quads, &lanes, sizeof(quads));
    return (quads[0] + quads[2]) + (quads[1] + quads[3]);
  }
}

// Sums of four numbers; within a quad as (first + third) + (second + fourth).
template <typename T>
MR_HOST_DEVICE void SumFour(const Lanes<T>* numbers, T* sums) {
  const LaneQuad<T> a = SumOfQuads(numbers[0]), b = SumOfQuads(numbers[1]);
  const LaneQuad<T> c = SumOfQuads(numbers[2]), d = SumOfQuads(numbers[3]);
  const LaneQuad<T> ab =
      __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const LaneQuad<T> cd =
      __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const LaneQuad<T> total =
      __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  std::memcpy(sums, &total, sizeof(total));
}

// sums[i] = sum over the lanes of numbers[i]. The order is that of SumLanes, for every target.
template <int kCount, typename T>
MR_HOST_DEVICE void SumAll(const Lanes<T>* numbers, T* sums) {
  constexpr int kWhole = kCount / 4 * 4;
  for (int i = 0; i < kWhole; i += 4) SumFour(numbers + i, sums + i);
  if constexpr (kWhole < kCount) {
    Lanes<T> rest[4] = {};
    T rest_sums[4];
    for (int i = kWhole; i < kCount; ++i) rest[i - kWhole] = numbers[i];
    SumFour(rest, rest_sums);
    for (int i = kWhole; i < kCount; ++i) sums[i] = rest_sums[i - kWhole];
  }
}

}  // namespace mesh_renderer
