// Scattered sums on a Device, with the same bits whatever runs first; see core/order_free_sum.h.
#pragma once

#include "cc/core/order_free_sum.h"
#include "cc/kernels/device.h"

namespace mesh_renderer {

// What an addend is handed to. The first pass over all addends looks at magnitudes, the second
// adds.
struct MagnitudePass {
  uint32_t* largest;
  MR_HOST_DEVICE void operator()(int64_t destination, float addend) const {
    RaiseTo(&largest[destination], MagnitudeBits(addend));
  }
};

struct AddingPass {
  const uint32_t* largest;
  int64_t* units;
  int addend_bits;
  MR_HOST_DEVICE void operator()(int64_t destination, float addend) const {
    const int64_t value = ToUnits(addend, largest[destination], addend_bits);
    if (value != 0) AddTo(&units[destination], value);
  }
};

// One item of a scattering loop in one pass.
template <typename Visit, typename Pass>
struct ScatterBody {
  Visit visit;
  Pass pass;
  MR_DEVICE void operator()(int64_t i) const { visit(i, pass); }
};

// sums[d] = sum of the addends for destination d. `visit(i, add)` calls add(d, addend) for the
// addends of item i, of which there are at most max_addends for one destination; it is called twice
// for every item and must give the same both times. It is a struct with a templated operator().
template <typename Device, typename Visit>
void ScatterSums(Device& device, int64_t num_items, int64_t max_addends, const Visit& visit,
                 int64_t num_sums, float* sums) {
  uint32_t* largest = device.template Scratch<uint32_t>(num_sums);
  int64_t* units = device.template Scratch<int64_t>(num_sums);
  const int addend_bits = AddendBits(max_addends);
  device.Fill(largest, num_sums, uint32_t{0});
  device.Fill(units, num_sums, int64_t{0});
  device.For(num_items, ScatterBody<Visit, MagnitudePass>{visit, {largest}});
  device.For(num_items, ScatterBody<Visit, AddingPass>{visit, {largest, units, addend_bits}});
  device.For(num_sums, [=] MR_DEVICE(int64_t i) {
    sums[i] = static_cast<float>(FromUnits(units[i], largest[i], addend_bits));
  });
}

}  // namespace mesh_renderer
