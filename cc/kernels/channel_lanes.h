// Channels of a pixel, vertex or texel held in one vector register.
//
// Compilers do not vectorise loops over three channels; these few operations do, on every target,
// by the vector extension that GCC and Clang share.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "cc/core/portability.h"

namespace mesh_renderer {

// How far a load or store reaches: over exactly N elements, or over the whole register. The latter
// is one instruction where N is 3, but touches the element that follows in memory.
enum class Reach { kExact, kRegister };

template <typename T, int N>
struct ChannelLanes {
  static_assert(1 <= N && N <= 4, "one register");
  static constexpr int kWidth = N == 3 ? 4 : N;
  typedef T Vector __attribute__((vector_size(kWidth * sizeof(T))));

  Vector v;

  static MR_HOST_DEVICE ChannelLanes Zero() { return {Vector{}}; }

  template <Reach kReach>
  static MR_HOST_DEVICE ChannelLanes Load(const T* from) {
    ChannelLanes lanes;
    if constexpr (N == 3 && kReach == Reach::kExact) {
      lanes.v = Vector{from[0], from[1], from[2], T(0)};
    } else {
      std::memcpy(&lanes.v, from, sizeof(Vector));
    }
    return lanes;
  }

  template <Reach kReach>
  MR_HOST_DEVICE void Store(T* to) const {
    if constexpr (N == 3 && kReach == Reach::kExact) {
      std::memcpy(to, &v, 2 * sizeof(T));
      to[2] = v[2];
    } else {
      std::memcpy(to, &v, sizeof(Vector));
    }
  }
};

template <typename T, int N>
MR_HOST_DEVICE ChannelLanes<T, N> operator+(const ChannelLanes<T, N>& a,
                                            const ChannelLanes<T, N>& b) {
  return {a.v + b.v};
}

template <typename T, int N>
MR_HOST_DEVICE ChannelLanes<T, N> operator*(const ChannelLanes<T, N>& a,
                                            const ChannelLanes<T, N>& b) {
  return {a.v * b.v};
}

template <typename T, int N>
MR_HOST_DEVICE ChannelLanes<T, N> operator*(T s, const ChannelLanes<T, N>& a) {
  return {s * a.v};
}

// Three sums over the N channels of a, b and c. Adds from channel 0 upwards, whatever the target.
template <typename T, int N>
MR_HOST_DEVICE ChannelLanes<T, 3> SumsOverChannels(const ChannelLanes<T, N>& a,
                                                   const ChannelLanes<T, N>& b,
                                                   const ChannelLanes<T, N>& c) {
  using Sums = typename ChannelLanes<T, 3>::Vector;
  if constexpr (N == 1) {
    return {Sums{a.v[0], b.v[0], c.v[0], T(0)}};
  } else if constexpr (N == 2) {
    return {Sums{a.v[0], b.v[0], c.v[0], T(0)} + Sums{a.v[1], b.v[1], c.v[1], T(0)}};
  } else {
    // A transpose, written as pairwise interleaving: two shuffles serve two channels each.
    const Sums ab01 = __builtin_shufflevector(a.v, b.v, 0, 4, 1, 5);
    const Sums ab23 = __builtin_shufflevector(a.v, b.v, 2, 6, 3, 7);
    const Sums channel0 = __builtin_shufflevector(ab01, c.v, 0, 1, 4, 4);
    const Sums channel1 = __builtin_shufflevector(ab01, c.v, 2, 3, 5, 5);
    const Sums channel2 = __builtin_shufflevector(ab23, c.v, 0, 1, 6, 6);
    const Sums sum = channel0 + channel1 + channel2;
    if constexpr (N == 3) return {sum};
    return {sum + __builtin_shufflevector(ab23, c.v, 2, 3, 7, 7)};
  }
}

// Stands for "known at run time only" where a channel count is a template argument.
constexpr int kAnyCount = 0;

template <int kChannels>
using ChannelCount = std::integral_constant<int, kChannels>;

// `num_channels`, as a constant where the template argument tells it.
template <int kChannels>
MR_HOST_DEVICE int64_t KnownOr(int64_t num_channels) {
  return kChannels == kAnyCount ? num_channels : kChannels;
}

// Calls body(ChannelCount<n>, first) for consecutive groups of n channels that fit a register.
template <int kChannels, typename Body>
MR_HOST_DEVICE void ForEachChannelGroup(int64_t num_channels, const Body& body) {
  if constexpr (kChannels != kAnyCount) {
    body(ChannelCount<kChannels>(), int64_t{0});
  } else {
    constexpr int kGroup = 4;
    int64_t first = 0;
    for (; first + kGroup <= num_channels; first += kGroup) body(ChannelCount<kGroup>(), first);
    for (; first < num_channels; ++first) body(ChannelCount<1>(), first);
  }
}

// The value of a pixel that shows no face.
template <int kChannels, Reach kReach, typename T>
MR_HOST_DEVICE void ClearChannels(T* to, int64_t num_channels) {
  ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
    ChannelLanes<T, n>::Zero().template Store<kReach>(to + channel);
  });
}

// Calls body(ChannelCount<n>) with n = num_channels where that fits a register, else kAnyCount.
template <typename Body>
void DispatchChannelCount(int64_t num_channels, const Body& body) {
  switch (num_channels) {
    case 1:
      return body(ChannelCount<1>());
    case 2:
      return body(ChannelCount<2>());
    case 3:
      return body(ChannelCount<3>());
    case 4:
      return body(ChannelCount<4>());
    default:
      return body(ChannelCount<kAnyCount>());
  }
}

}  // namespace mesh_renderer
