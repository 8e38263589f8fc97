#include <algorithm>
#include <memory>

#include "cc/kernels/texture.h"
#include "cc/kernels/texture_pyramid.h"
#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
void Clear(T* values, int64_t size, const ParallelFor& parallel_for) {
  constexpr int64_t kElementsPerTask = 1 << 16;
  parallel_for.Run(size, kElementsPerTask, [&](int64_t begin, int64_t end) {
    std::fill(values + begin, values + end, T(0));
  });
}

// Several threads at one item of the texture: each computes the gradients of some bands of pixels
// and lists the texel rows that their pixels touch; then each adds to the rows that are its own. It
// meets the pixels in the order in which one thread alone would: every sum is formed the same way.
template <typename T>
class SharedItem {
 public:
  SharedItem(const TextureGradParams<T>& params, const TextureSteps<T>& steps,
             const MipLevels<const T>& levels, const MipLevels<T>& grad)
      : params_(params), steps_(steps), levels_(levels), grad_(grad) {}

  // Adds the gradients of pixel rows [begin, end).
  void AddRows(int64_t begin, int64_t end, const ParallelFor& parallel_for) const {
    // Bands listed at once: enough to keep all threads busy, few enough for the cache.
    constexpr int64_t kBandsPerRound = 64;
    const int64_t rows_per_band = RowsPerBand(params_.image);
    const int64_t num_bands = (end - begin + rows_per_band - 1) / rows_per_band;
    const int64_t bands_per_round = std::min(num_bands, kBandsPerRound);
    const int64_t numbers_per_band = rows_per_band * params_.image.width * (1 + kMaxRowsPerPixel);
    const std::unique_ptr<int32_t[]> room(new int32_t[bands_per_round * numbers_per_band]);
    TouchedRows lists[kBandsPerRound];
    const int64_t rows_per_round = kBandsPerRound * rows_per_band;
    for (int64_t row = begin; row < end; row += rows_per_round) {
      AddRound(row, std::min(end, row + rows_per_round), room.get(), lists, parallel_for);
    }
  }

 private:
  void AddRound(int64_t begin, int64_t end, int32_t* room, TouchedRows* lists,
                const ParallelFor& parallel_for) const {
    const int64_t rows_per_band = RowsPerBand(params_.image);
    const int64_t pixels = rows_per_band * params_.image.width;
    const int64_t num_bands = (end - begin + rows_per_band - 1) / rows_per_band;
    parallel_for.Run(num_bands, 1, [&](int64_t band, int64_t band_end) {
      for (; band < band_end; ++band) {
        int32_t* numbers = room + band * pixels * (1 + kMaxRowsPerPixel);
        TouchedRows& touched = lists[band];
        touched = {(begin + band * rows_per_band) * params_.image.width, 0, numbers, {}};
        for (int32_t*& row : touched.texel_row) row = numbers += pixels;
        const int64_t row = begin + band * rows_per_band;
        steps_.gradient_and_rows(params_, levels_, &touched, row,
                                 std::min(end, row + rows_per_band));
      }
    });
    ForEachWorker(parallel_for, [&](int64_t worker, int64_t num_workers) {
      const RowShare share = {static_cast<int32_t>(worker), static_cast<int32_t>(num_workers)};
      for (int64_t band = 0; band < num_bands; ++band) {
        steps_.add_share(params_, grad_, lists[band], share);
      }
    });
  }

  const TextureGradParams<T>& params_;
  const TextureSteps<T>& steps_;
  const MipLevels<const T> levels_;
  const MipLevels<T> grad_;
};

// Both pyramids of a call, and the hot loops.
template <typename T>
struct Pyramids {
  TexturePyramid<const T> values;
  TexturePyramid<T> grad;
  TextureSteps<T> steps;

  Pyramids(const TextureGradParams<T>& params, int64_t items, CpuTarget target)
      : values(params.shape, params.settings.filter, items, params.texture),
        grad(params.shape, params.settings.filter, items, params.grad_texture),
        steps(ChooseTextureSteps<T>(target)) {}

  // Pixel rows [begin, end) read this item and no others do.
  void FillItem(const TextureGradParams<T>& params, int64_t item, int64_t begin, int64_t end,
                const ParallelFor& parallel_for) const {
    const int64_t size = params.shape.texels() * params.shape.num_channels;
    Clear(params.grad_texture + item * size, size, parallel_for);
    Clear(grad.Upper(item, 1), grad.upper_size() / grad.items(), parallel_for);
    const MipLevels<const T> levels = values.OfItem(item);
    if (parallel_for.num_threads() == 1) {
      return steps.gradient(params, levels, grad.OfItem(item), begin, end);
    }
    SharedItem<T>(params, steps, levels, grad.OfItem(item)).AddRows(begin, end, parallel_for);
  }
};

}  // namespace

template <typename T>
void TextureGradCpu(const TextureGradParams<T>& params, const ParallelFor& parallel_for,
                    CpuTarget target) {
  const int64_t batch = params.image.batch, height = params.image.height;
  const Pyramids<T> pyramids(params, params.shape.items(batch), target);
  BuildPyramid(pyramids.values, parallel_for);
  if (params.shape.shared) {
    pyramids.FillItem(params, 0, 0, batch * height, parallel_for);
  } else {
    ForEachImage(batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
      pyramids.FillItem(params, b, b * height, (b + 1) * height, inner);
    });
  }
  BuildPyramidBackward(pyramids.grad, parallel_for);
}

template void TextureGradCpu(const TextureGradParams<float>&, const ParallelFor&, CpuTarget);
template void TextureGradCpu(const TextureGradParams<double>&, const ParallelFor&, CpuTarget);

}  // namespace mesh_renderer
