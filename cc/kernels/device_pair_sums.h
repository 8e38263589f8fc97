// Sums over the pixels of a face on a Device: each pair of face and bin adds up the pixels of its
// part, then the pairs of a face are added as a tree of fixed shape.
#pragma once

#include "cc/kernels/device_bins.h"

namespace mesh_renderer {

// values[sum][pair] of `num_sums` sums, one array after the other. Afterwards the first pair of
// each face holds the sums of all of them; the others are spent.
template <typename Device>
void AddPairsOfFaces(const FacePairs& pairs, int num_sums, float* values, Device& device) {
  constexpr int64_t kFan = 32;
  const int64_t count = pairs.count;
  int32_t* place = device.template Scratch<int32_t>(count);      // among the pairs of the face
  int32_t* remaining = device.template Scratch<int32_t>(count);  // pairs of the face from this on
  device.For(count, [=] MR_DEVICE(int64_t i) {
    const int64_t box = PairAt(pairs, i).box;
    place[i] = static_cast<int32_t>(i - pairs.begin[box]);
    remaining[i] = static_cast<int32_t>(pairs.begin[box + 1] - i);
  });
  for (int64_t step = 1; step < pairs.grid.bins_per_image(); step *= kFan) {
    device.For(count, [=] MR_DEVICE(int64_t i) {
      if (place[i] % (step * kFan) != 0 || remaining[i] <= step) return;
      const int64_t last = remaining[i] < step * kFan ? remaining[i] : step * kFan;
      for (int j = 0; j < num_sums; ++j) {
        float* sums = values + j * count + i;
        float sum = sums[0];
        for (int64_t offset = step; offset < last; offset += step) sum += sums[offset];
        sums[0] = sum;
      }
    });
  }
}

}  // namespace mesh_renderer
