// SoftrasSilhouette on the CPU: bands of rows forwards, faces backwards.
#include <algorithm>
#include <memory>
#include <vector>

#include "cc/kernels/softras_scene.h"
#include "cc/kernels/softras_steps.h"

namespace mesh_renderer {
namespace {

// What the faces of one image share, in blocks; see SilhouetteGradImage.
template <typename T>
struct SharedGradient {
  std::vector<T> shared;
  std::vector<uint8_t> has_shared;
};

template <typename T>
SharedGradient<T> ToBlocks(const SoftrasSilhouetteGradParams<T>& params,
                           const BlockCenters<T>& centers, int64_t b) {
  const int64_t blocks = int64_t{centers.rows()} * centers.columns();
  const T num_faces = static_cast<T>(CountFaces(params.aggregation, params.faces, b));
  const int64_t first_pixel = b * params.image.pixels();
  SharedGradient<T> result = {std::vector<T>(blocks * kSoftBlockPixels, T(0)),
                              std::vector<uint8_t>(blocks, 0)};
  ForEachBlockRow(params.image.height, params.image.width, 0, centers.rows(),
                  [&](const BlockRow& row) {
                    for (int i = 0; i < row.count; ++i) {
                      const int64_t pixel = first_pixel + row.pixel + i, lane = row.lane + i;
                      result.shared[lane] =
                          AlphaBackward(params.aggregation, /*original=*/false, params.alpha[pixel],
                                        num_faces, params.grad_alpha[pixel]);
                      result.has_shared[lane / kSoftBlockPixels] |= result.shared[lane] != T(0);
                    }
                  });
  return result;
}

}  // namespace

template <typename T>
void SoftrasSilhouetteCpu(const SoftrasSilhouetteParams<T>& params, const ParallelFor& parallel_for,
                          CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    SoftFaces<T> faces(BlurredScene<T>(params, b), inner);
    faces.CutIntoBands(inner);
    const SilhouetteImage<T> image = {
        faces, BlurScaleOf<T>(params.blur), params.aggregation,
        static_cast<T>(CountFaces(params.aggregation, params.faces, b)),
        params.alpha + b * params.image.pixels()};
    inner.Run(faces.num_bands(), 1, [&](int64_t begin, int64_t end) {
      const int64_t blocks = int64_t{kBandBlockRows} * faces.centers().columns();
      const std::unique_ptr<T[]> scratch(new T[blocks * kSoftBlockPixels]);
      for (int64_t band = begin; band < end; ++band) {
        steps.draw_alpha_band(image, static_cast<int>(band), scratch.get());
      }
    });
  });
}

template <typename T>
void SoftrasSilhouetteGradCpu(const SoftrasSilhouetteGradParams<T>& params,
                              const ParallelFor& parallel_for, CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    const SoftFaces<T> faces(BlurredScene<T>(params, b), inner);
    const SharedGradient<T> gradient = ToBlocks(params, faces.centers(), b);
    const SilhouetteGradImage<T> image = {faces, BlurScaleOf<T>(params.blur), params.aggregation,
                                          gradient.shared.data(), gradient.has_shared.data()};
    const int64_t num_faces = params.faces.num_faces;
    const std::unique_ptr<SoftCornerGradient<T>[]> corners(
        new SoftCornerGradient<T>[num_faces * 3]);
    inner.Run(num_faces, kFacesPerTask, [&](int64_t begin, int64_t end) {
      steps.alpha_backward(image, begin, end, corners.get());
    });
    SoftFacesBackward(faces, corners.get(), inner,
                      params.grad_vertices_clip + b * params.num_vertices * 4);
  });
}

template void SoftrasSilhouetteCpu(const SoftrasSilhouetteParams<float>&, const ParallelFor&,
                                   CpuTarget);
template void SoftrasSilhouetteCpu(const SoftrasSilhouetteParams<double>&, const ParallelFor&,
                                   CpuTarget);
template void SoftrasSilhouetteGradCpu(const SoftrasSilhouetteGradParams<float>&,
                                       const ParallelFor&, CpuTarget);
template void SoftrasSilhouetteGradCpu(const SoftrasSilhouetteGradParams<double>&,
                                       const ParallelFor&, CpuTarget);

}  // namespace mesh_renderer
