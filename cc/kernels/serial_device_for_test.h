// A Device without a GPU: the loops of device.h in the calling thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <numeric>
#include <vector>

#include "cc/kernels/device.h"

namespace mesh_renderer {

// The order in which a loop visits its items. A kernel must give the same bits with each.
enum class Order { kForward, kBackward, kStrided };

inline constexpr Order kOrders[] = {Order::kForward, Order::kBackward, Order::kStrided};

class SerialDevice {
 public:
  explicit SerialDevice(Order order = Order::kForward) : order_(order) {}

  bool failed() const { return false; }

  template <typename Body>
  void For(int64_t count, const Body& body) {
    constexpr int64_t kStride = 7;
    if (order_ == Order::kForward) {
      for (int64_t i = 0; i < count; ++i) body(i);
    } else if (order_ == Order::kBackward) {
      for (int64_t i = count - 1; i >= 0; --i) body(i);
    } else {
      for (int64_t first = 0; first < std::min(kStride, count); ++first) {
        for (int64_t i = first; i < count; i += kStride) body(i);
      }
    }
  }

  // Filled with a pattern: whoever reads what was never written gets absurd numbers.
  template <typename T>
  T* Scratch(int64_t count) {
    const size_t bytes = static_cast<size_t>(std::max<int64_t>(count, 1)) * sizeof(T);
    scratch_.emplace_back(new std::max_align_t[bytes / sizeof(std::max_align_t) + 1]);
    std::memset(scratch_.back().get(), 0x7B, bytes);
    return reinterpret_cast<T*>(scratch_.back().get());
  }

  template <typename T>
  void Fill(T* values, int64_t count, T value) {
    std::fill_n(values, count, value);
  }

  template <typename T>
  T Read(const T* value) {
    return *value;
  }

  void ExclusiveSum(int64_t* values, int64_t count) {
    std::exclusive_scan(values, values + count, values, int64_t{0});
  }

  void SortByKey(uint32_t* keys, int32_t* values, int64_t count, int key_bits) {
    std::vector<std::pair<uint32_t, int32_t>> pairs(count);
    const uint32_t mask = key_bits >= 32 ? ~0u : (1u << key_bits) - 1;  // the rest is not looked at
    for (int64_t i = 0; i < count; ++i) pairs[i] = {keys[i], values[i]};
    std::stable_sort(pairs.begin(), pairs.end(), [mask](const auto& a, const auto& b) {
      return (a.first & mask) < (b.first & mask);
    });
    for (int64_t i = 0; i < count; ++i) {
      keys[i] = pairs[i].first;
      values[i] = pairs[i].second;
    }
  }

 private:
  const Order order_;
  std::vector<std::unique_ptr<std::max_align_t[]>> scratch_;
};

}  // namespace mesh_renderer
