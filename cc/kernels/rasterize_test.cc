// Rasterize against a brute-force double oracle, and its promises: watertight, deterministic,
// finite.
#include "cc/kernels/rasterize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "cc/core/triangle.h"
#include "cc/core/viewport.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

// The nearest face of one pixel by definition. `margin` tells how clear the decision was.
struct Sample {
  int32_t face = -1;
  double b[3] = {0, 0, 0}, depth = 0, margin = kInfinity;
};

template <typename T>
Sample BruteForce(const Scene<T>& scene, const RasterizeSettings& settings, int64_t item, int row,
                  int column) {
  const Vec3<double> p = {ColumnToNdc<double>(column, scene.image.width),
                          RowToNdc<double>(row, scene.image.height), 1.0};
  Sample best;
  double best_key = kInfinity;
  for (int32_t f = 0; f < scene.view().num_faces; ++f) {
    Vec3<double> q[3];
    double z[3];
    for (int k = 0; k < 3; ++k) {
      const T* v = &scene.vertices[(item * scene.num_vertices + scene.faces[f * 3 + k]) * 4];
      q[k] = {double(v[0]), double(v[1]), double(v[3])};
      z[k] = v[2];
    }
    const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
    if (settings.cull == Cull::kBack && edges.det < 0) continue;
    if (settings.cull == Cull::kFront && edges.det > 0) continue;
    const double n[3] = {Dot(edges.e0, p) / edges.det, Dot(edges.e1, p) / edges.det,
                         Dot(edges.e2, p) / edges.det};
    const double smallest = std::min(std::min(n[0], n[1]), n[2]);
    best.margin = std::min(best.margin, std::abs(smallest));
    if (!(smallest >= 0)) continue;
    const double w = 1 / (n[0] + n[1] + n[2]);
    const double z_ndc = n[0] * z[0] + n[1] * z[1] + n[2] * z[2];
    const double depth = settings.depth_from == DepthFrom::kW
                             ? w
                             : settings.near + (z_ndc + 1) / 2 * (settings.far - settings.near);
    best.margin = std::min({best.margin, std::abs(depth - settings.near),
                            std::abs(depth - settings.far), std::abs(depth - best_key)});
    if (!(depth > settings.near && depth < settings.far && depth < best_key)) continue;
    best_key = depth;
    best.face = f;
    best.depth = depth;
    for (int k = 0; k < 3; ++k) best.b[k] = n[k] * w;
  }
  return best;
}

template <typename T>
void ExpectLikeBruteForce(const Scene<T>& scene, const RasterizeSettings& settings,
                          CpuTarget target) {
  const double knife_edge = sizeof(T) == 4 ? 1e-4 : 1e-10, tolerance = knife_edge;
  const Result<T> result = Render(scene, settings, SerialFor(), target);
  int64_t compared = 0, pixel = 0;
  for (int64_t item = 0; item < scene.image.batch; ++item) {
    for (int row = 0; row < scene.image.height; ++row) {
      for (int column = 0; column < scene.image.width; ++column, ++pixel) {
        const Sample expected = BruteForce(scene, settings, item, row, column);
        if (expected.margin < knife_edge) continue;
        ++compared;
        ASSERT_EQ(result.face_id[pixel], expected.face) << "row " << row << " column " << column;
        EXPECT_NEAR(result.depth[pixel], expected.depth, tolerance * (1 + expected.depth));
        for (int k = 0; k < 3; ++k) {
          EXPECT_NEAR(result.barycentrics[pixel * 3 + k], expected.b[k], 10 * tolerance);
        }
      }
    }
  }
  EXPECT_GT(compared, pixel * 9 / 10);
}

TEST(RasterizeTest, SoupsMatchBruteForce) {
  for (CpuTarget target : AvailableTargets()) {
    for (Cull cull : {Cull::kNone, Cull::kBack, Cull::kFront}) {
      const RasterizeSettings settings = {cull, DepthFrom::kW, 0.3, 4.0};
      ExpectLikeBruteForce(Soup<float>(1, {2, 45, 70}, 60, 0.5, false), settings, target);
      ExpectLikeBruteForce(Soup<double>(2, {2, 45, 70}, 60, 0.5, false), settings, target);
    }
  }
}

TEST(RasterizeTest, DepthFromZMatchesBruteForce) {
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kZ, 2.0, 7.0};
  ExpectLikeBruteForce(Soup<float>(3, {1, 33, 130}, 50, 0.6, false), settings, ActiveCpuTarget());
  ExpectLikeBruteForce(Soup<double>(4, {1, 33, 130}, 50, 0.6, false), settings, ActiveCpuTarget());
}

TEST(RasterizeTest, FacesThatCrossTheCameraPlaneMatchBruteForce) {
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kW, 0.05, 10.0};
  ExpectLikeBruteForce(Soup<double>(5, {2, 40, 200}, 30, 0.8, true), settings, ActiveCpuTarget());
}

TEST(RasterizeTest, ManyTilesAndLargeFacesMatchBruteForce) {
  ExpectLikeBruteForce(Soup<float>(6, {1, 260, 330}, 12, 1.5, false), kTwoSided, ActiveCpuTarget());
  ExpectLikeBruteForce(Soup<float>(7, {1, 260, 330}, 300, 0.05, false), kTwoSided,
                       ActiveCpuTarget());
}

template <typename T>
void ExpectSameForAnyThreads() {
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kW, 0.1, 50.0};
  for (const int batch : {1, 3, 8}) {
    const Scene<T> scene = Soup<T>(8, {batch, 150, 141}, 5000, 0.1, true);
    const Result<T> expected = Render(scene, settings);
    const std::vector<T> expected_grad = Gradient(scene, settings, expected, SerialFor());
    for (const int threads : {2, 3, 8}) {
      const Result<T> result = Render(scene, settings, ThreadsForTest(threads));
      EXPECT_EQ(result.face_id, expected.face_id);
      EXPECT_EQ(result.barycentrics, expected.barycentrics);
      EXPECT_EQ(result.depth, expected.depth);
      EXPECT_EQ(Gradient(scene, settings, result, ThreadsForTest(threads)), expected_grad);
    }
  }
}

TEST(RasterizeTest, SameBitsForAnyNumberOfThreadsFloat) { ExpectSameForAnyThreads<float>(); }
TEST(RasterizeTest, SameBitsForAnyNumberOfThreadsDouble) { ExpectSameForAnyThreads<double>(); }

template <typename T>
void ExpectSameForAllTargets() {
  const Scene<T> scene = Soup<T>(10, {2, 97, 66}, 3000, 0.2, true);
  const Result<T> expected = Render(scene, kTwoSided, SerialFor(), CpuTarget::kBaseline);
  for (CpuTarget target : AvailableTargets()) {
    const Result<T> result = Render(scene, kTwoSided, SerialFor(), target);
    EXPECT_EQ(result.face_id, expected.face_id) << CpuTargetName(target);
    EXPECT_EQ(result.barycentrics, expected.barycentrics) << CpuTargetName(target);
    EXPECT_EQ(result.depth, expected.depth) << CpuTargetName(target);
  }
}

TEST(RasterizeTest, SameBitsForAllInstructionSets) {
  ExpectSameForAllTargets<float>();
  ExpectSameForAllTargets<double>();
}

// A fan of slivers around a random centre covers a square without a gap or a double hit.
TEST(RasterizeTest, SharedEdgesAreWatertight) {
  constexpr int kRays = 400;
  for (int seed = 0; seed < 5; ++seed) {
    std::mt19937 rng(seed);
    std::uniform_real_distribution<float> uniform(-0.3f, 0.3f);
    Scene<float> scene = {{1, 130, 190}, kRays + 1, {}, {}};
    const auto add = [&](float x, float y, float w) {
      for (float value : {x * w, y * w, 0.0f, w}) scene.vertices.push_back(value);
    };
    add(uniform(rng), uniform(rng), 1.7f);
    for (int ray = 0; ray < kRays; ++ray) {
      const float angle = 2 * static_cast<float>(M_PI) * ray / kRays;
      add(3 * std::cos(angle), 3 * std::sin(angle), 1.5f + uniform(rng));
      for (int32_t v : {0, 1 + ray, 1 + (ray + 1) % kRays}) scene.faces.push_back(v);
    }
    const Result<float> both = Render(scene, kTwoSided);
    for (int32_t face : both.face_id) ASSERT_GE(face, 0);
    RasterizeSettings front = kTwoSided;
    front.cull = Cull::kBack;
    EXPECT_EQ(Render(scene, front).face_id, both.face_id);
  }
}

TEST(RasterizeTest, EdgesAreInclusiveAndTiesGoToTheLowestFace) {
  // On 8x8 pixels the centres are at odd multiples of 1/8, so this square's border meets them.
  const float c = 0.375f;
  const Scene<float> scene = {{1, 8, 8},
                              4,
                              {-c, -c, 0, 1, c, -c, 0, 1, c, c, 0, 1, -c, c, 0, 1},
                              {0, 1, 2, 0, 2, 3, 0, 1, 2}};
  const Result<float> result = Render(scene, kTwoSided);
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      const bool inside = row >= 2 && row <= 5 && column >= 2 && column <= 5;
      const bool below_diagonal = column + row >= 7;  // y <= x
      const int expected = !inside ? -1 : below_diagonal ? 0 : 1;
      EXPECT_EQ(result.face_id[row * 8 + column], expected) << row << " " << column;
    }
  }
}

TEST(RasterizeTest, DegenerateAndPaddingFacesDrawNothing) {
  const Scene<float> scene = {{1, 6, 7},
                              3,
                              {-1, -1, 0, 1, 1, 1, 0, 1, 0.5f, 0.5f, 0, 1},
                              {-1, -1, -1, 0, 0, 1, 0, 1, 2, 1, 1, 1}};
  const Result<float> result = Render(scene, kTwoSided);
  for (int32_t face : result.face_id) EXPECT_EQ(face, -1);
  for (float value : result.barycentrics) EXPECT_EQ(value, 0);
  for (float value : result.depth) EXPECT_EQ(value, 0);
  for (float value : Gradient(scene, kTwoSided, result, SerialFor())) EXPECT_EQ(value, 0);
}

TEST(RasterizeTest, EmptyInputsGiveBackground) {
  const Scene<float> no_faces = {{2, 5, 3}, 0, {}, {}};
  for (int32_t face : Render(no_faces, kTwoSided).face_id) EXPECT_EQ(face, -1);
  const Scene<float> no_images = {{0, 5, 3}, 1, {}, {0, 0, 0}};
  EXPECT_TRUE(Render(no_images, kTwoSided).face_id.empty());
}

// Outputs and gradients are finite for absurd sizes, and barycentrics still add up to one.
TEST(RasterizeTest, ExtremeCoordinatesStayFinite) {
  std::mt19937 rng(11);
  std::uniform_real_distribution<float> exponent(-30, 30), sign(-1, 1);
  Scene<float> scene = {{1, 40, 50}, 600, {}, {}};
  for (int i = 0; i < 600 * 4; ++i) {
    scene.vertices.push_back(std::copysign(std::pow(10.0f, exponent(rng)), sign(rng)));
  }
  for (int32_t v = 0; v < 600; ++v) scene.faces.push_back(v);
  const Result<float> result = Render(scene, kTwoSided);
  for (size_t pixel = 0; pixel < result.depth.size(); ++pixel) {
    ASSERT_TRUE(std::isfinite(result.depth[pixel]));
    const float* b = &result.barycentrics[pixel * 3];
    const float sum = result.face_id[pixel] >= 0 ? 1.0f : 0.0f;
    ASSERT_NEAR(b[0] + b[1] + b[2], sum, 1e-5f);
  }
  for (float value : Gradient(scene, kTwoSided, result, SerialFor())) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace mesh_renderer
