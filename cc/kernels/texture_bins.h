// Sorts the pixels that add to a texture by the rows of texels to which they add.
//
// Pixels come in bands, which may be sorted in parallel. Afterwards each bin of texel rows can be
// added up by a thread of its own, which meets the pixels in the order in which one thread alone
// would: every sum is formed the same way, and no thread looks at pixels that do not concern it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {

class TextureBins {
 public:
  // A power of two; more threads than that would idle.
  static constexpr int kNumBins = 64;

  // For bands of up to `pixels_per_band` pixels.
  TextureBins(int64_t num_bands, int64_t pixels_per_band)
      : entries_per_band_(pixels_per_band * kMaxRowsPerPixel),
        starts_(new int32_t[num_bands * (kNumBins + 1)]),
        entries_(new int32_t[num_bands * entries_per_band_]) {}

  // Sorts the pixels of a band.
  void Sort(int64_t band, const TouchedRows& touched) {
    int32_t* starts = starts_.get() + band * (kNumBins + 1);
    std::fill_n(starts, kNumBins + 1, 0);
    ForEachEntry(touched, [&](int32_t, int bin, int) { ++starts[bin + 1]; });
    for (int bin = 0; bin < kNumBins; ++bin) starts[bin + 1] += starts[bin];
    int32_t next[kNumBins];
    std::copy_n(starts, kNumBins, next);
    int32_t* entries = entries_.get() + band * entries_per_band_;
    ForEachEntry(touched, [&](int32_t pixel, int bin, int row_bits) {
      entries[next[bin]++] = pixel << kRowBits | row_bits;
    });
  }

  // The pixels of a sorted band that add to a bin; `first` as in the TouchedRows.
  PixelList List(int64_t band, int bin, int64_t first) const {
    const int32_t* starts = starts_.get() + band * (kNumBins + 1);
    return {first, entries_.get() + band * entries_per_band_ + starts[bin],
            starts[bin + 1] - starts[bin]};
  }

 private:
  // Neighbouring rows share a bin, because most lookups touch two of them.
  static int BinOf(int32_t row) {
    constexpr int kRowsPerBlockLog2 = 2;
    return row >> kRowsPerBlockLog2 & (kNumBins - 1);
  }

  // Calls body(pixel, bin, row_bits) once for each bin that a pixel adds to.
  template <typename Body>
  static void ForEachEntry(const TouchedRows& touched, const Body& body) {
    for (int64_t i = 0; i < touched.count; ++i) {
      const int32_t* row = touched.texel_row + i * kMaxRowsPerPixel;
      int left = 0;  // bits of the rows that no bin has yet
      for (int r = 0; r < kMaxRowsPerPixel; ++r) left |= (row[r] >= 0) << r;
      for (int r = 0; left != 0; ++r) {
        if ((left >> r & 1) == 0) continue;
        int same = 0;
        for (int k = r; k < kMaxRowsPerPixel; ++k) same |= (BinOf(row[k]) == BinOf(row[r])) << k;
        body(touched.pixel[i], BinOf(row[r]), same & left);
        left &= ~same;
      }
    }
  }

  const int64_t entries_per_band_;
  std::unique_ptr<int32_t[]> starts_;   // [num_bands, kNumBins + 1]
  std::unique_ptr<int32_t[]> entries_;  // [num_bands, entries_per_band_]
};

}  // namespace mesh_renderer
