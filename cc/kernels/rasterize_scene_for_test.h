// Scenes for the tests of Rasterize, and the calls that draw and differentiate them.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr RasterizeSettings kTwoSided = {Cull::kNone, DepthFrom::kW, 0.0, kInfinity};

inline std::vector<CpuTarget> AvailableTargets() {
  std::vector<CpuTarget> targets;
  for (CpuTarget target : {CpuTarget::kBaseline, CpuTarget::kAvx2, CpuTarget::kAvx512}) {
    if (target <= ActiveCpuTarget()) targets.push_back(target);
  }
  return targets;
}

template <typename T>
struct Scene {
  ImageShape image;
  int64_t num_vertices;
  std::vector<T> vertices;  // [B, V, 4]
  std::vector<int32_t> faces;
  bool batched_faces = false;

  FacesView view() const {
    const int64_t rows = static_cast<int64_t>(faces.size()) / 3;
    return {faces.data(), batched_faces ? rows / image.batch : rows, batched_faces};
  }
};

template <typename T>
struct Result {
  std::vector<int32_t> face_id;
  std::vector<T> barycentrics, depth;
};

// Filled with nonsense: every output must be written.
template <typename T>
Result<T> UnwrittenResult(const Scene<T>& scene, int num_layers = 1) {
  const int64_t pixels = num_layers * scene.image.batch * scene.image.pixels();
  return {std::vector<int32_t>(pixels, 77), std::vector<T>(pixels * 3, T(77)),
          std::vector<T>(pixels, T(77))};
}

template <typename T>
RasterizeParams<T> ParamsOf(const Scene<T>& scene, const RasterizeSettings& settings,
                            Result<T>* result) {
  return {scene.image,
          scene.num_vertices,
          scene.view(),
          settings,
          scene.vertices.data(),
          result->face_id.data(),
          result->barycentrics.data(),
          result->depth.data()};
}

template <typename T>
Result<T> Render(const Scene<T>& scene, const RasterizeSettings& settings,
                 const ParallelFor& parallel_for = SerialFor(),
                 CpuTarget target = ActiveCpuTarget()) {
  Result<T> result = UnwrittenResult(scene);
  RasterizeCpu(ParamsOf(scene, settings, &result), parallel_for, target);
  return result;
}

template <typename T>
void ExpectEqual(const Result<T>& ours, const Result<T>& expected) {
  EXPECT_EQ(ours.face_id, expected.face_id);
  EXPECT_EQ(ours.barycentrics, expected.barycentrics);
  EXPECT_EQ(ours.depth, expected.depth);
}

// Gradients to the outputs.
template <typename T>
struct Upstream {
  std::vector<T> grad_barycentrics, grad_depth;

  explicit Upstream(const Result<T>& result)
      : grad_barycentrics(result.barycentrics.size()), grad_depth(result.depth.size()) {
    std::mt19937 rng(9);
    std::normal_distribution<T> normal;
    for (T& value : grad_barycentrics) value = normal(rng);
    for (T& value : grad_depth) value = normal(rng);
  }
};

// Calls differentiate(params), and returns the gradient to the vertices.
template <typename T, typename Differentiate>
std::vector<T> GradientBy(const Scene<T>& scene, const RasterizeSettings& settings,
                          const Result<T>& result, const Upstream<T>& upstream,
                          const Differentiate& differentiate) {
  std::vector<T> grad(scene.vertices.size(), T(77));
  differentiate(RasterizeGradParams<T>{
      scene.image, scene.num_vertices, scene.view(), settings, scene.vertices.data(),
      result.face_id.data(), result.barycentrics.data(), upstream.grad_barycentrics.data(),
      upstream.grad_depth.data(), grad.data()});
  return grad;
}

template <typename T>
std::vector<T> Gradient(const Scene<T>& scene, const RasterizeSettings& settings,
                        const Result<T>& result, const ParallelFor& parallel_for) {
  return GradientBy(scene, settings, result, Upstream<T>(result),
                    [&](const auto& params) { RasterizeGradCpu(params, parallel_for); });
}

// Separate random triangles; `behind` lets vertices lie behind the camera.
template <typename T>
Scene<T> Soup(int seed, const ImageShape& image, int64_t num_faces, double size, bool behind) {
  std::mt19937 rng(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Scene<T> scene = {image, num_faces * 3, {}, {}};
  for (int64_t b = 0; b < image.batch; ++b) {
    for (int64_t f = 0; f < num_faces; ++f) {
      const double x = uniform(rng), y = uniform(rng), w = 2 + uniform(rng);
      for (int k = 0; k < 3; ++k) {
        const double corner_w = w + uniform(rng) * (behind ? 3 : 0.5);
        const double scale = std::abs(corner_w);
        scene.vertices.push_back(static_cast<T>((x + size * uniform(rng)) * scale));
        scene.vertices.push_back(static_cast<T>((y + size * uniform(rng)) * scale));
        scene.vertices.push_back(static_cast<T>(uniform(rng) * corner_w));
        scene.vertices.push_back(static_cast<T>(corner_w));
      }
    }
  }
  for (int32_t v = 0; v < num_faces * 3; ++v) scene.faces.push_back(v);
  return scene;
}

}  // namespace mesh_renderer
