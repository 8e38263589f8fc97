#include "cc/kernels/n3mr.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/n3mr_oracle_for_test.h"
#include "cc/kernels/n3mr_scenes_for_test.h"
#include "cc/kernels/threads_for_test.h"
#include "gtest/gtest.h"

namespace mesh_renderer {
namespace {

template <typename T>
std::vector<T> Sweep(const N3mrScene& scene, const ParallelFor& parallel_for = SerialFor()) {
  return RunN3mr<T>(scene,
                    [&](const N3mrGradParams<T>& params) { N3mrGradCpu<T>(params, parallel_for); });
}

double Largest(const std::vector<double>& values) {
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

template <typename T>
void ExpectNear(const std::vector<T>& actual, const std::vector<double>& expected,
                double relative) {
  ASSERT_EQ(actual.size(), expected.size());
  const double tolerance = relative * Largest(expected);
  for (size_t i = 0; i < actual.size(); ++i) ASSERT_NEAR(actual[i], expected[i], tolerance) << i;
}

template <typename T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

TEST(N3mrGrad, AgreesWithTheOracleForAllShapesAndChannels) {
  unsigned seed = 0;
  for (int64_t channels : {1, 2, 3, 4, 5}) {
    for (ImageShape shape : {ImageShape{2, 24, 24}, ImageShape{1, 17, 40}, ImageShape{2, 33, 9},
                             ImageShape{1, 1, 16}, ImageShape{1, 3, 2}}) {
      SCOPED_TRACE(testing::Message() << shape.height << "x" << shape.width << "x" << channels);
      const N3mrScene scene = RandomScene(shape, channels, 12, ++seed);
      const std::vector<double> expected = N3mrOracle(scene).Run();
      ExpectNear(Sweep<double>(scene), expected, 1e-12);
      ExpectNear(Sweep<float>(scene), expected, 1e-3);
    }
  }
}

TEST(N3mrGrad, AgreesWithTheOracleOnSmallFacesAndSparseGradients) {
  const N3mrScene scene = SmallFaces();
  const std::vector<double> expected = N3mrOracle(scene).Run();
  EXPECT_GT(Largest(expected), 0.0);
  ExpectNear(Sweep<double>(scene), expected, 1e-11);
}

TEST(N3mrGrad, AgreesWithTheOracleForVerticesOnPixelCentres) {
  const N3mrScene scene = VerticesOnPixelCentres();
  const std::vector<double> expected = N3mrOracle(scene).Run();
  ExpectNear(Sweep<double>(scene), expected, 1e-12);
}

// The numbers of the reference kernel for the two gradient tests of its own repository
// (hiroharu-kato/neural_renderer, tests/test_rasterize.py and test_rasterize_silhouettes.py). Its
// camera divides by |v| + 1e-5 where it normalizes, which shrinks the mesh by 1e-5 and moves the
// numbers by more.
constexpr double kReferenceTolerance = 1e-4;

void ExpectScreenGradient(const std::vector<float>& grad,
                          const std::vector<std::vector<double>>& expected) {
  for (size_t v = 0; v < expected.size(); ++v) {
    for (int k = 0; k < 2; ++k) {
      EXPECT_NEAR(grad[v * 4 + k], expected[v][k], kReferenceTolerance * std::abs(expected[v][k]));
    }
  }
}

TEST(N3mrGrad, ReproducesTheReferenceForADarkPixelThatShouldBeWhite) {
  N3mrScene scene = OneTriangle({0.8, 0.8, 0.0, -0.5, 0.2, -0.4}, 64, 3);
  SetGradient(&scene, 25, 35, -1.0 / 3.0);  // of |mean over rgb - 1|
  const std::vector<std::vector<double>> expected = {
      {1.6700894832611084, -0.2601604163646698}, {1.41806960105896, -1.6404403448104858}, {0, 0}};
  ExpectScreenGradient(Sweep<float>(scene), expected);
}

TEST(N3mrGrad, ReproducesTheReferenceForAWhitePixelThatShouldBeDark) {
  N3mrScene scene = OneTriangle({0.8, 0.8, -0.5, -0.8, 0.8, -0.8}, 64, 1);
  scene.eps = 1e-4;
  SetGradient(&scene, 40, 50, 1.0);
  const std::vector<std::vector<double>> expected = {{0.9864785075187683, 1.0462994575500488},
                                                     {-1.034166932106018, -0.10403795540332794},
                                                     {3.000974416732788, -1.5517473220825195}};
  ExpectScreenGradient(Sweep<float>(scene), expected);
}

TEST(N3mrGrad, AMoveThatRaisesTheLossGivesNothing) {
  N3mrScene scene = OneTriangle({0.8, 0.8, 0.0, -0.5, 0.2, -0.4}, 64, 3);
  SetGradient(&scene, 25, 35, 1.0);
  EXPECT_EQ(Largest(Sweep<double>(scene)), 0.0);
}

TEST(N3mrGrad, TheEdgeMovesTowardPixelsThatShouldBeCovered) {
  N3mrScene scene = OneTriangle({-0.5, -0.5, 0.5, -0.5, 0.0, 0.5}, 32, 1);
  SetGradient(&scene, 16, 30, -1.0);  // right of the triangle
  const std::vector<double> grad = Sweep<double>(scene);
  EXPECT_LT(grad[1 * 4], 0.0);  // descent moves the two vertices of the right edge to the right
  EXPECT_LT(grad[2 * 4], 0.0);
  EXPECT_EQ(grad[0], 0.0);
}

TEST(N3mrGrad, BothSidesOfAFaceAreSweptAlike) {
  const N3mrScene front = RandomScene({1, 24, 30}, 3, 8, 5);
  N3mrScene back = front;
  for (size_t f = 0; f < back.faces.size(); f += 3) std::swap(back.faces[f], back.faces[f + 2]);
  ExpectNear(Sweep<double>(back), Sweep<double>(front), 1e-13);
}

TEST(N3mrGrad, FacesThatNoPixelShowsContributeNothing) {
  N3mrScene scene = RandomScene({1, 24, 24}, 1, 6, 8);
  std::replace(scene.face_id.begin(), scene.face_id.end(), 2, -1);
  std::replace(scene.face_id.begin(), scene.face_id.end(), 3, -1);
  const std::vector<double> without = Sweep<double>(scene);
  scene.faces[2 * 3] = -1;  // and padding is never drawn
  scene.faces[3 * 3 + 1] = 1000000;
  EXPECT_TRUE(SameBits(Sweep<double>(scene), without));
  std::fill(scene.face_id.begin(), scene.face_id.end(), -1);
  EXPECT_EQ(Largest(Sweep<double>(scene)), 0.0);
}

TEST(N3mrGrad, IdsAndIndicesThatPointNowhereAreIgnored) {
  N3mrScene scene = RandomScene({1, 16, 16}, 1, 4, 8);
  scene.face_id[3] = 4;
  scene.face_id[4] = std::numeric_limits<int32_t>::max();
  scene.face_id[5] = std::numeric_limits<int32_t>::min();
  scene.faces[0] = 77;
  scene.faces[4] = -5;
  for (double value : Sweep<double>(scene)) EXPECT_TRUE(std::isfinite(value));
}

TEST(N3mrGrad, AnEdgeOffTheFirstColumnIsProlonged) {
  // Ends half a pixel left of column 0, where another face (same id) is drawn.
  N3mrScene scene = OneTriangle({-3.0, -0.4, -1.03, -0.2, -3.0, 0.4}, 16, 1);
  scene.face_id[9 * 16] = 0;
  scene.image[9 * 16] = 1.0;
  for (double& g : scene.grad_image) g = -1.0;
  const std::vector<double> expected = N3mrOracle(scene).Run();
  EXPECT_GT(Largest(expected), 0.0);
  ExpectNear(Sweep<double>(scene), expected, 1e-12);
}

TEST(N3mrGrad, AVertexBehindTheCameraGivesItsEdgesNoGradient) {
  N3mrScene scene = OneTriangle({-0.5, 0.0, 0.5, 0.0, 0.0, 0.5}, 16, 1);
  for (int i = 0; i < 3 * 16; ++i) scene.face_id[4 * 16 + i] = 0;
  scene.image.assign(scene.image.size(), 0.0);
  for (size_t i = 0; i < scene.face_id.size(); ++i) scene.image[i] = scene.face_id[i] == 0;
  scene.grad_image.assign(scene.image.size(), -1.0);
  for (double w : {-1.0, 0.0}) {
    scene.vertices_clip[2 * 4 + 3] = w;
    const std::vector<double> grad = Sweep<double>(scene);
    EXPECT_NE(grad[0 * 4 + 1], 0.0);  // the edge in front of the camera still moves
    EXPECT_NE(grad[1 * 4 + 1], 0.0);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(grad[2 * 4 + i], 0.0);
    for (double value : grad) EXPECT_TRUE(std::isfinite(value));
  }
}

template <typename T>
void ExpectFiniteFarOffScreen(double far) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    N3mrScene scene = RandomScene({1, 16, 12}, 3, 6, seed);
    std::mt19937 random(seed);
    std::fill(scene.face_id.begin(), scene.face_id.end(), 0);
    for (int32_t& id : scene.face_id) id = static_cast<int32_t>(random() % 6);
    for (int i = 0; i < 6; ++i) {
      scene.vertices_clip[(random() % 8) * 4 + random() % 2] = random() % 2 ? far : -far;
    }
    for (T value : Sweep<T>(scene)) EXPECT_TRUE(std::isfinite(value)) << seed;
  }
}

TEST(N3mrGrad, IsFiniteForVerticesFarOffTheScreen) {
  for (double far : {1e5, 1e9, 1e20, 1e30, 3e38}) ExpectFiniteFarOffScreen<float>(far);
  for (double far : {1e9, 1e30, 1e300, 1e308}) ExpectFiniteFarOffScreen<double>(far);
}

TEST(N3mrGrad, AnUpstreamNanIsNotHidden) {
  N3mrScene scene = OneTriangle({-0.5, -0.5, 0.5, -0.5, 0.0, 0.5}, 32, 1);
  SetGradient(&scene, 16, 30, std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(std::isnan(Sweep<double>(scene)[4]));
}

TEST(N3mrGrad, HasTheSameBitsForAnyNumberOfThreads) {
  for (int64_t batch : {1, 3, 8}) {
    const N3mrScene scene = RandomScene({batch, 40, 31}, 4, 300, 11);
    const std::vector<float> serial = Sweep<float>(scene);
    const std::vector<double> serial_double = Sweep<double>(scene);
    for (int threads : {1, 2, 8}) {
      EXPECT_TRUE(SameBits(Sweep<float>(scene, ThreadsForTest(threads)), serial)) << threads;
      EXPECT_TRUE(SameBits(Sweep<double>(scene, ThreadsForTest(threads)), serial_double))
          << threads;
    }
  }
}

TEST(N3mrGrad, EmptyBatchesImagesAndMeshesAreNoError) {
  N3mrScene scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.shape.batch = 0;
  scene.vertices_clip.clear();
  EXPECT_TRUE(Sweep<float>(scene).empty());
  scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.shape.height = 0;
  EXPECT_EQ(Largest(Sweep<double>(scene)), 0.0);
  scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.num_faces = 0;
  EXPECT_EQ(Largest(Sweep<double>(scene)), 0.0);
  scene = RandomScene({1, 8, 8}, 0, 4, 2);
  EXPECT_EQ(Largest(Sweep<double>(scene)), 0.0);
}

}  // namespace
}  // namespace mesh_renderer
