// Binary searches in loops that a Device runs.
#pragma once

#include <cstdint>

#include "cc/core/portability.h"

namespace mesh_renderer {

// The first of the items [0, count) for which before(item) does not hold; it holds for those in
// front of that one and for none behind.
template <typename Before>
MR_HOST_DEVICE int64_t PartitionPoint(int64_t count, const Before& before) {
  int64_t low = 0, high = count;
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (before(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// Which of the lists that lie one after the other holds entry i: begin[list] <= i < begin[list +
// 1].
MR_HOST_DEVICE int64_t ListOf(const int64_t* begin, int64_t num_lists, int64_t i) {
  return PartitionPoint(num_lists, [begin, i](int64_t list) { return begin[list + 1] <= i; });
}

}  // namespace mesh_renderer
