// DibrMask on the CPU: bands of rows forwards, faces backwards.
#include <algorithm>
#include <vector>

#include "cc/kernels/dibr_mask_steps.h"
#include "cc/kernels/soft_faces.h"

namespace mesh_renderer {
namespace {

constexpr int64_t kFacesPerTask = 64;

template <typename T, typename Params>
SoftScene<T> SceneOf(const Params& params, int64_t b) {
  SoftScene<T> scene =
      SceneOfImage(params.image, params.num_vertices, params.faces, params.vertices_clip, b);
  scene.reach = static_cast<T>(params.settings.box_length);
  return scene;
}

// Per pixel what its faces share, in blocks; see DibrMaskGradImage.
template <typename T>
struct PixelWeights {
  std::vector<T> weight;
  std::vector<int32_t> last_face;
  std::vector<uint8_t> has_weight;
};

template <typename T>
PixelWeights<T> ToBlocks(const DibrMaskGradParams<T>& params, const BlockCenters<T>& centers,
                         int64_t first_pixel) {
  const int64_t blocks = int64_t{centers.rows()} * centers.columns();
  PixelWeights<T> pixels;
  pixels.weight.assign(blocks * kSoftBlockPixels, T(0));
  pixels.has_weight.assign(blocks, 0);
  if (params.settings.k_faces > 0) pixels.last_face.assign(blocks * kSoftBlockPixels, -1);
  ForEachBlockRow(params.image.height, params.image.width, 0, centers.rows(),
                  [&](const BlockRow& row) {
                    for (int i = 0; i < row.count; ++i) {
                      const int64_t pixel = first_pixel + row.pixel + i, lane = row.lane + i;
                      if (params.face_id[pixel] >= 0) continue;
                      pixels.weight[lane] = params.grad_mask[pixel] * (T(1) - params.mask[pixel]);
                      pixels.has_weight[lane / kSoftBlockPixels] |= pixels.weight[lane] != T(0);
                      if (!pixels.last_face.empty())
                        pixels.last_face[lane] = params.last_face[pixel];
                    }
                  });
  return pixels;
}

}  // namespace

template <typename T>
void DibrMaskCpu(const DibrMaskParams<T>& params, const ParallelFor& parallel_for,
                 CpuTarget target) {
  const DibrMaskSteps<T> steps = ChooseDibrMaskSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    SoftFaces<T> faces(SceneOf<T>(params, b), inner);
    faces.CutIntoBands(inner);
    const int64_t pixel = b * params.image.pixels();
    const DibrMaskImage<T> image = {faces, params.settings, params.face_id + pixel,
                                    params.mask + pixel, params.last_face + pixel};
    inner.Run(faces.num_bands(), 1, [&](int64_t begin, int64_t end) {
      for (int64_t band = begin; band < end; ++band) {
        steps.draw_band(image, static_cast<int>(band));
      }
    });
  });
}

template <typename T>
void DibrMaskGradCpu(const DibrMaskGradParams<T>& params, const ParallelFor& parallel_for,
                     CpuTarget target) {
  const DibrMaskSteps<T> steps = ChooseDibrMaskSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    const SoftFaces<T> faces(SceneOf<T>(params, b), inner);
    const PixelWeights<T> pixels = ToBlocks(params, faces.centers(), b * params.image.pixels());
    const DibrMaskGradImage<T> image = {
        faces, params.settings, pixels.weight.data(),
        pixels.last_face.empty() ? nullptr : pixels.last_face.data(), pixels.has_weight.data()};
    const int64_t num_faces = params.faces.num_faces;
    const std::unique_ptr<SoftCornerGradient<T>[]> corners(
        new SoftCornerGradient<T>[num_faces * 3]);
    inner.Run(num_faces, kFacesPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t f = begin; f < end; ++f) steps.face_backward(image, f, &corners[f * 3]);
    });
    SoftFacesBackward(faces, corners.get(), inner,
                      params.grad_vertices_clip + b * params.num_vertices * 4);
  });
}

template void DibrMaskCpu<float>(const DibrMaskParams<float>&, const ParallelFor&, CpuTarget);
template void DibrMaskCpu<double>(const DibrMaskParams<double>&, const ParallelFor&, CpuTarget);
template void DibrMaskGradCpu<float>(const DibrMaskGradParams<float>&, const ParallelFor&,
                                     CpuTarget);
template void DibrMaskGradCpu<double>(const DibrMaskGradParams<double>&, const ParallelFor&,
                                      CpuTarget);

}  // namespace mesh_renderer
