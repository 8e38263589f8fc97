// SoftrasColor on the CPU: bands of rows forwards, faces backwards.
#include <algorithm>
#include <memory>
#include <vector>

#include "cc/kernels/softras_scene.h"
#include "cc/kernels/softras_steps.h"

namespace mesh_renderer {
namespace {

constexpr int64_t kVerticesPerTask = 4096;

// Numbers of the colours of one image.
template <typename Params>
int64_t ColorsPerImage(const Params& params) {
  const SoftColors& layout = params.color_layout;
  const int64_t rows =
      layout.side == 0 ? params.num_vertices : params.faces.num_faces * layout.side * layout.side;
  return rows * layout.num_channels;
}

template <typename T, typename Params>
ImageColors<T> ColorsOf(const Params& params, int64_t b) {
  const int64_t offset = params.color_layout.shared ? 0 : b * ColorsPerImage(params);
  return {params.colors + offset, params.color_layout.num_channels, params.color_layout.side};
}

// Adds the gradients of the corners' colours [F, 3, C] to the vertices [V, C], each vertex over its
// faces in their order.
template <typename T>
void AddToVertices(const SoftFaces<T>& faces, const T* corners, int64_t num_channels,
                   const ParallelFor& parallel_for, T* grad_colors) {
  const SoftScene<T>& scene = faces.scene();
  ForEachWorker(parallel_for, [&](int64_t worker, int64_t num_workers) {
    for (int64_t v = 0; v < scene.num_vertices; ++v) {
      if (OwnedBy(v, worker, num_workers)) {
        std::fill_n(grad_colors + v * num_channels, num_channels, T(0));
      }
    }
    for (int64_t f = 0; f < scene.num_faces; ++f) {
      if (faces.face(f).is_empty()) continue;
      for (int k = 0; k < 3; ++k) {
        const int64_t v = scene.faces[f * 3 + k];
        if (!OwnedBy(v, worker, num_workers)) continue;
        const T* from = corners + (f * 3 + k) * num_channels;
        for (int64_t c = 0; c < num_channels; ++c) grad_colors[v * num_channels + c] += from[c];
      }
    }
  });
}

// The gradients of one image.
template <typename T>
class ColorGradient {
 public:
  ColorGradient(const SoftrasColorGradParams<T>& params, int64_t b, const ParallelFor& parallel_for,
                const SoftrasSteps<T>& steps)
      : params_(params),
        b_(b),
        parallel_for_(parallel_for),
        steps_(steps),
        channels_(params.color_layout.num_channels),
        faces_(ViewedScene<T>(params, b), parallel_for),
        rows_(faces_.centers().rows()),
        num_blocks_(int64_t{rows_} * faces_.centers().columns()),
        blocks_(new T[num_blocks_ * (kGradColor + channels_) * kSoftBlockPixels]),
        has_gradient_(new uint8_t[num_blocks_]) {}

  void Run() const {
    const int64_t pixel = b_ * params_.image.pixels();
    const ColorGradImage<T> image = {
        faces_,
        BlurScaleOf<T>(params_.blur),
        ViewScaleOf<T>(params_.view),
        MixScaleOf<T>(params_.mixing, params_.view),
        ColorsOf<T>(params_, b_),
        static_cast<T>(CountFaces(params_.mixing.alpha, params_.faces, b_)),
        params_.color_image + pixel * (channels_ + 1),
        params_.aggregates + pixel * 2,
        params_.grad_image + pixel * (channels_ + 1),
        blocks_.get(),
        has_gradient_.get()};
    FillBlocks(image);
    AddFaces(image);
  }

 private:
  void FillBlocks(const ColorGradImage<T>& image) const {
    std::vector<T> of_rows(rows_ * channels_);
    parallel_for_.Run(rows_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        steps_.fill_color_blocks(image, static_cast<int>(row), of_rows.data() + row * channels_);
      }
    });
    T* const grad_background = params_.grad_background + b_ * channels_;
    std::fill_n(grad_background, channels_, T(0));
    for (size_t i = 0; i < of_rows.size(); ++i) grad_background[i % channels_] += of_rows[i];
  }

  void AddFaces(const ColorGradImage<T>& image) const {
    const int64_t num_faces = params_.faces.num_faces;
    const bool of_vertices = params_.color_layout.side == 0;
    const int64_t offset = params_.color_layout.shared ? 0 : b_ * ColorsPerImage(params_);
    T* const grad_colors = params_.grad_colors + offset;
    const std::unique_ptr<SoftCornerGradient<T>[]> corners(
        new SoftCornerGradient<T>[num_faces * 3]);
    const std::unique_ptr<T[]> corner_colors(new T[of_vertices ? num_faces * 3 * channels_ : 0]);
    parallel_for_.Run(num_faces, kFacesPerTask, [&](int64_t begin, int64_t end) {
      const std::unique_ptr<T[]> scratch(new T[3 * channels_ * kSoftBlockPixels]);
      steps_.color_backward(
          image, begin, end,
          {corners.get(), of_vertices ? corner_colors.get() : grad_colors, scratch.get()});
    });
    if (of_vertices) {
      AddToVertices(faces_, corner_colors.get(), channels_, parallel_for_, grad_colors);
    }
    SoftFacesBackward(faces_, corners.get(), parallel_for_,
                      params_.grad_vertices_clip + b_ * params_.num_vertices * 4);
  }

  const SoftrasColorGradParams<T>& params_;
  const int64_t b_;
  const ParallelFor& parallel_for_;
  const SoftrasSteps<T>& steps_;
  const int64_t channels_;
  const SoftFaces<T> faces_;
  const int rows_;  // of blocks
  const int64_t num_blocks_;
  const std::unique_ptr<T[]> blocks_;
  const std::unique_ptr<uint8_t[]> has_gradient_;
};

}  // namespace

template <typename T>
void SoftrasColorCpu(const SoftrasColorParams<T>& params, const ParallelFor& parallel_for,
                     CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  const int64_t channels = params.color_layout.num_channels;
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    SoftFaces<T> faces(ViewedScene<T>(params, b), inner);
    faces.CutIntoBands(inner);
    const int64_t pixel = b * params.image.pixels();
    const ColorImage<T> image = {faces,
                                 BlurScaleOf<T>(params.blur),
                                 ViewScaleOf<T>(params.view),
                                 MixScaleOf<T>(params.mixing, params.view),
                                 ColorsOf<T>(params, b),
                                 static_cast<T>(CountFaces(params.mixing.alpha, params.faces, b)),
                                 params.background + b * channels,
                                 params.color_image + pixel * (channels + 1),
                                 params.aggregates + pixel * 2};
    inner.Run(faces.num_bands(), 1, [&](int64_t begin, int64_t end) {
      const int64_t blocks = int64_t{kBandBlockRows} * faces.centers().columns();
      const std::unique_ptr<T[]> scratch(
          new T[blocks * (kDrawnColor + channels) * kSoftBlockPixels]);
      for (int64_t band = begin; band < end; ++band) {
        steps.draw_color_band(image, static_cast<int>(band), scratch.get());
      }
    });
  });
}

// Images that share the colours of their surfaces add to them one after the other.
template <typename T>
void SoftrasColorGradCpu(const SoftrasColorGradParams<T>& params, const ParallelFor& parallel_for,
                         CpuTarget target) {
  const SoftrasSteps<T> steps = ChooseSoftrasSteps<T>(target);
  const SoftColors& layout = params.color_layout;
  if (layout.side > 0) {
    const int64_t size = (layout.shared ? 1 : params.image.batch) * ColorsPerImage(params);
    parallel_for.Run(size, kVerticesPerTask, [&](int64_t begin, int64_t end) {
      std::fill(params.grad_colors + begin, params.grad_colors + end, T(0));
    });
  }
  const auto add_image = [&](int64_t b, const ParallelFor& inner) {
    ColorGradient<T>(params, b, inner, steps).Run();
  };
  if (!layout.shared) return ForEachImage(params.image.batch, parallel_for, add_image);
  for (int64_t b = 0; b < params.image.batch; ++b) add_image(b, parallel_for);
}

template void SoftrasColorCpu(const SoftrasColorParams<float>&, const ParallelFor&, CpuTarget);
template void SoftrasColorCpu(const SoftrasColorParams<double>&, const ParallelFor&, CpuTarget);
template void SoftrasColorGradCpu(const SoftrasColorGradParams<float>&, const ParallelFor&,
                                  CpuTarget);
template void SoftrasColorGradCpu(const SoftrasColorGradParams<double>&, const ParallelFor&,
                                  CpuTarget);

}  // namespace mesh_renderer
