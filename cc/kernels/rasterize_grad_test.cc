// RasterizeGrad against finite differences of Rasterize at fixed coverage.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "cc/kernels/rasterize.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

// Sum of upstream * output, for differences at fixed coverage.
double LossOf(const Scene<double>& scene, const RasterizeSettings& settings,
              const std::vector<int32_t>& face_id) {
  const Result<double> result = Render(scene, settings);
  std::mt19937 rng(9);
  std::normal_distribution<double> normal;
  double loss = 0;
  for (size_t i = 0; i < result.barycentrics.size(); ++i) {
    const double grad = normal(rng);
    if (result.face_id[i / 3] == face_id[i / 3]) loss += grad * result.barycentrics[i];
  }
  for (size_t i = 0; i < result.depth.size(); ++i) {
    const double grad = normal(rng);
    if (result.face_id[i] == face_id[i]) loss += grad * result.depth[i];
  }
  EXPECT_EQ(result.face_id, face_id) << "choose another seed: coverage changed";
  return loss;
}

void ExpectGradientLikeDifferences(const RasterizeSettings& settings,
                                   const ImageShape& image = {1, 9, 14}) {
  constexpr double kStep = 1e-7;
  Scene<double> scene = Soup<double>(12, image, 6, 0.8, false);
  const Result<double> result = Render(scene, settings);
  const std::vector<double> grad = Gradient(scene, settings, result, SerialFor());
  double largest = 0;
  for (size_t i = 0; i < scene.vertices.size(); ++i) {
    const double value = scene.vertices[i];
    scene.vertices[i] = value + kStep;
    const double above = LossOf(scene, settings, result.face_id);
    scene.vertices[i] = value - kStep;
    const double below = LossOf(scene, settings, result.face_id);
    scene.vertices[i] = value;
    EXPECT_NEAR(grad[i], (above - below) / (2 * kStep), 1e-4 * (1 + std::abs(grad[i])));
    largest = std::max(largest, std::abs(grad[i]));
  }
  EXPECT_GT(largest, 0.1);
}

TEST(RasterizeTest, GradientMatchesDifferences) {
  ExpectGradientLikeDifferences({Cull::kNone, DepthFrom::kW, 0.1, 50.0});
  ExpectGradientLikeDifferences({Cull::kNone, DepthFrom::kZ, 0.5, 9.0});
}

// Their rows are summed in two bands, which faces cross.
TEST(RasterizeTest, GradientOfLargeImagesMatchesDifferences) {
  ExpectGradientLikeDifferences({Cull::kNone, DepthFrom::kW, 0.1, 50.0}, {1, 512, 513});
}

TEST(RasterizeTest, GradientOfLargeImagesDoesNotDependOnThreads) {
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kW, 0.1, 50.0};
  const Scene<double> scene = Soup<double>(12, {1, 512, 513}, 600, 0.3, false);
  const Result<double> result = Render(scene, settings);
  const std::vector<double> expected = Gradient(scene, settings, result, SerialFor());
  for (int threads : {2, 3, 8}) {
    EXPECT_EQ(Gradient(scene, settings, result, ThreadsForTest(threads)), expected) << threads;
  }
}

}  // namespace
}  // namespace mesh_renderer
