// The pixels that a texture is read at, in blocks. Included once per instruction set, see
// texture_steps-inl.h.
#pragma once

#include "cc/kernels/texture_lookup-inl.h"

namespace mesh_renderer {
namespace {

// Neighbours in a row, by the place in the batch of the first.
struct PixelRun {
  int64_t first;
  int count;
};

// How many pixels of a run are covered. Eight bytes of 0 or 1 are added up by one multiplication.
MR_HOST_DEVICE int CountCovered(const bool* covered, const PixelRun& run) {
  if (covered == nullptr) return run.count;
  constexpr int kBytes = 8;
  uint64_t count = 0;
  int i = 0;
  for (; i + kBytes <= run.count; i += kBytes) {
    uint64_t bytes;
    std::memcpy(&bytes, covered + run.first + i, kBytes);
    count += bytes * 0x0101010101010101u >> 56;
  }
  for (; i < run.count; ++i) count += covered[run.first + i];
  return static_cast<int>(count);
}

// Covered pixels that no block has taken yet.
class WaitingPixels {
 public:
  void Reset(int64_t first) {
    first_ = first;
    count_ = 0;
  }

  // Room is left for a run as long as a block after whatever was taken.
  void Add(const bool* covered, const PixelRun& run, bool all) {
    const int32_t offset = static_cast<int32_t>(run.first - first_);
    if (all) {
      for (int i = 0; i < run.count; ++i) offset_[count_ + i] = offset + i;
      count_ += run.count;
      return;
    }
    // A byte of the mask that is neither 0 nor 1 does no harm.
    const auto* bytes = reinterpret_cast<const uint8_t*>(covered) + run.first;
    for (int i = 0; i < run.count; ++i) {
      offset_[count_] = offset + i;
      count_ += bytes[i] != 0;
    }
  }

  int count() const { return count_; }

  void Take(PickedPixels* pixels) {
    pixels->first = first_;
    pixels->count = std::min(count_, kLookupsPerBlock);
    std::copy_n(offset_, kLookupsPerBlock, pixels->offset);
    std::copy_n(offset_ + kLookupsPerBlock, kLookupsPerBlock, offset_);
    count_ -= pixels->count;
  }

 private:
  int64_t first_ = 0;
  int count_ = 0;
  int32_t offset_[2 * kLookupsPerBlock + 1] = {};
};

// The level that lookup k of pixel i reads.
template <typename T, typename Block>
MR_HOST_DEVICE int LevelOf(const MipLevels<T>& levels, const Block& block, int k, int64_t i) {
  return std::min(block.level[i] + k, levels.num_levels - 1);
}

// Calls body(block) for located blocks of the covered pixels of rows [begin, end): band by band,
// strip by strip, row by row; and clear(run) for each run that is not wholly covered, before.
template <int kLevels, typename Params, typename T, typename Clear, typename Body>
MR_HOST_DEVICE void ForEachBlock(const Params& params, const MipLevels<const T>& levels,
                                 int64_t begin, int64_t end, const Clear& clear, const Body& body) {
  const int64_t width = params.image.width;
  const int64_t strips = (width + kLookupsPerBlock - 1) / kLookupsPerBlock;
  const int64_t rows_per_band = RowsPerBand(params.image);
  LookupBlock<T> block;
  WaitingPixels waiting;
  const auto visit = [&] {
    waiting.Take(&block.pixels);
    LocateBlock<kLevels>(params, levels, &block);
    body(block);
  };
  for (int64_t band = begin; band < end; band += rows_per_band) {
    const int64_t band_end = std::min(end, band + rows_per_band);
    waiting.Reset(band * width);
    for (int64_t strip = 0; strip < strips; ++strip) {
      const int64_t column = width * strip / strips;
      const int run_length = static_cast<int>(width * (strip + 1) / strips - column);
      for (int64_t row = band; row < band_end; ++row) {
        const PixelRun run = {row * width + column, run_length};
        const int count = CountCovered(params.covered, run);
        if (count < run.count) clear(run);
        if (count == 0) continue;
        waiting.Add(params.covered, run, count == run.count);
        if (waiting.count() >= kLookupsPerBlock) visit();
      }
    }
    while (waiting.count() > 0) visit();
  }
}

}  // namespace
}  // namespace mesh_renderer
