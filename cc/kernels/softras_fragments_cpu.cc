// SoftrasFragments on the CPU: bands of rows forwards, faces backwards.
#include <algorithm>
#include <memory>

#include "cc/kernels/softras_scene.h"
#include "cc/kernels/softras_steps.h"

namespace mesh_renderer {
namespace {

// The gradients of one image in blocks; see FragmentsGradImage.
template <typename T>
struct FragmentBlocks {
  std::unique_ptr<T[]> numbers;
  std::unique_ptr<int32_t[]> ids;
  std::unique_ptr<int32_t[]> used;
};

// Copies the fragments of one pixel; returns how many there are.
template <typename T>
int CopyPixel(const SoftrasFragmentsGradParams<T>& params, int64_t pixel, T* numbers,
              int32_t* ids) {
  int used = 0;
  for (int k = 0; k < params.num_fragments; ++k) {
    const int64_t from = pixel * params.num_fragments + k;
    T* const to = numbers + k * kFragmentNumbers * kSoftBlockPixels;
    ids[k * kSoftBlockPixels] = params.face_id[from];
    if (params.face_id[from] >= 0) used = k + 1;
    to[kFragmentDepth * kSoftBlockPixels] = params.grad_depth[from];
    to[kFragmentCoverage * kSoftBlockPixels] = params.grad_coverage[from];
    for (int i = 0; i < 3; ++i) {
      to[(kFragmentWeights + i) * kSoftBlockPixels] = params.grad_barycentrics[from * 3 + i];
    }
  }
  return used;
}

template <typename T>
FragmentBlocks<T> ToBlocks(const SoftrasFragmentsGradParams<T>& params,
                           const BlockCenters<T>& centers, int64_t b,
                           const ParallelFor& parallel_for) {
  const int64_t num_blocks = int64_t{centers.rows()} * centers.columns();
  const int64_t ids_per_block = int64_t{params.num_fragments} * kSoftBlockPixels;
  FragmentBlocks<T> blocks = {
      std::unique_ptr<T[]>(new T[num_blocks * ids_per_block * kFragmentNumbers]),
      std::unique_ptr<int32_t[]>(new int32_t[num_blocks * ids_per_block]),
      std::unique_ptr<int32_t[]>(new int32_t[num_blocks])};
  parallel_for.Run(centers.rows(), 1, [&](int64_t begin, int64_t end) {
    const int64_t first = begin * centers.columns(), last = end * centers.columns();
    std::fill(blocks.ids.get() + first * ids_per_block, blocks.ids.get() + last * ids_per_block,
              -1);
    std::fill(blocks.used.get() + first, blocks.used.get() + last, 0);
    ForEachBlockRow(params.image.height, params.image.width, static_cast<int>(begin),
                    static_cast<int>(end), [&](const BlockRow& row) {
                      const int64_t block = row.lane / kSoftBlockPixels;
                      const int64_t lane = row.lane % kSoftBlockPixels;
                      for (int i = 0; i < row.count; ++i) {
                        const int used =
                            CopyPixel(params, b * params.image.pixels() + row.pixel + i,
                                      blocks.numbers.get() +
                                          block * ids_per_block * kFragmentNumbers + lane + i,
                                      blocks.ids.get() + block * ids_per_block + lane + i);
                        blocks.used[block] = std::max(blocks.used[block], used);
                      }
                    });
  });
  return blocks;
}

}  // namespace

template <typename T>
void SoftrasFragmentsCpu(const SoftrasFragmentsParams<T>& params, const ParallelFor& parallel_for,
                         CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    SoftFaces<T> faces(ViewedScene<T>(params, b), inner);
    faces.CutIntoBands(inner);
    const int64_t pixel = b * params.image.pixels(), fragment = pixel * params.num_fragments;
    const FragmentsImage<T> image = {faces,
                                     BlurScaleOf<T>(params.blur),
                                     ViewScaleOf<T>(params.view),
                                     params.num_fragments,
                                     params.face_id + fragment,
                                     params.barycentrics + fragment * 3,
                                     params.depth + fragment,
                                     params.coverage + fragment,
                                     params.count + pixel};
    inner.Run(faces.num_bands(), 1, [&](int64_t begin, int64_t end) {
      const int64_t pixels = int64_t{kBandBlockRows} * faces.centers().columns() * kSoftBlockPixels;
      const std::unique_ptr<T[]> numbers(new T[pixels * params.num_fragments * kFragmentNumbers]);
      const std::unique_ptr<int32_t[]> ids(new int32_t[pixels * (params.num_fragments + 1)]);
      for (int64_t band = begin; band < end; ++band) {
        steps.draw_fragments_band(image, static_cast<int>(band), {numbers.get(), ids.get()});
      }
    });
  });
}

template <typename T>
void SoftrasFragmentsGradCpu(const SoftrasFragmentsGradParams<T>& params,
                             const ParallelFor& parallel_for, CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    const SoftFaces<T> faces(ViewedScene<T>(params, b), inner);
    const FragmentBlocks<T> blocks = ToBlocks(params, faces.centers(), b, inner);
    const FragmentsGradImage<T> image = {faces,
                                         BlurScaleOf<T>(params.blur),
                                         ViewScaleOf<T>(params.view),
                                         params.num_fragments,
                                         blocks.numbers.get(),
                                         blocks.ids.get(),
                                         blocks.used.get()};
    const int64_t num_faces = params.faces.num_faces;
    const std::unique_ptr<SoftCornerGradient<T>[]> corners(
        new SoftCornerGradient<T>[num_faces * 3]);
    inner.Run(num_faces, kFacesPerTask, [&](int64_t begin, int64_t end) {
      steps.fragments_backward(image, begin, end, corners.get());
    });
    SoftFacesBackward(faces, corners.get(), inner,
                      params.grad_vertices_clip + b * params.num_vertices * 4);
  });
}

template void SoftrasFragmentsCpu(const SoftrasFragmentsParams<float>&, const ParallelFor&,
                                  CpuTarget);
template void SoftrasFragmentsCpu(const SoftrasFragmentsParams<double>&, const ParallelFor&,
                                  CpuTarget);
template void SoftrasFragmentsGradCpu(const SoftrasFragmentsGradParams<float>&, const ParallelFor&,
                                      CpuTarget);
template void SoftrasFragmentsGradCpu(const SoftrasFragmentsGradParams<double>&, const ParallelFor&,
                                      CpuTarget);

}  // namespace mesh_renderer
