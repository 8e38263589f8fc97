// SoftrasSilhouette against its definition, its gradient against differences, and its promises:
// which faces take part, same bits for any number of threads and any instruction set, finite.
#include "cc/kernels/softras_silhouette.h"

#include <gtest/gtest.h>

#include "cc/kernels/softras_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

// In float a distance is known to some 1e-7 NDC, and alpha falls over sqrt(sigma) NDC. Near the
// cut-off rounding may let a face in that covers dist_eps.
template <typename T>
void ExpectLikeDefinition(const SoftrasScene<T>& scene, CpuTarget target = ActiveCpuTarget()) {
  const double tolerance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-11;
  const std::vector<T> alpha = DrawAlpha(scene, SerialFor(), target);
  int64_t differ = 0;
  for (size_t pixel = 0; pixel < alpha.size(); ++pixel) {
    const double expected = AlphaByDefinition(scene, pixel);
    if (scene.mixing.alpha == AlphaAggregation::kHard ||
        scene.blur.distance == SoftDistance::kHard) {
      differ += std::abs(alpha[pixel] - expected) > tolerance;
    } else {
      ASSERT_NEAR(alpha[pixel], expected, tolerance + (sizeof(T) == 4 ? 1.1e-3 : 0)) << pixel;
      differ += std::abs(alpha[pixel] - expected) > tolerance;
    }
  }
  EXPECT_LE(differ, sizeof(T) == sizeof(float) ? static_cast<int64_t>(alpha.size()) / 500 : 0);
}

TEST(SoftrasSilhouetteTest, SoupsMatchTheDefinition) {
  for (const CpuTarget target : AllTargets()) {
    for (const auto& s : AlphaScenesOfAllModes(RandomScene<float>(1, {2, 45, 70}, 40, 0.3))) {
      ExpectLikeDefinition(s, target);
    }
    for (const auto& s : AlphaScenesOfAllModes(RandomScene<double>(2, {2, 45, 70}, 40, 0.3))) {
      ExpectLikeDefinition(s, target);
    }
  }
}

// One row to several bands of rows; a width that ends inside a block, or before the first one.
TEST(SoftrasSilhouetteTest, AllSizesOfImagesMatchTheDefinition) {
  for (const int height : {1, 2, 31, 32, 33, 64, 65}) {
    for (const int width : {1, 3, 4, 5, 18}) {
      ExpectLikeDefinition(RandomScene<double>(3, {1, height, width}, 9, 0.4));
    }
  }
}

TEST(SoftrasSilhouetteTest, SmallFacesAndAShortReachMatchTheDefinition) {
  SoftrasScene<double> scene = RandomScene<double>(5, {1, 200, 150}, 300, 0.03);
  scene.blur.sigma = 1e-5;
  ExpectLikeDefinition(scene);
}

// d sum(alpha * upstream) / d one coordinate of one vertex.
double Slope(const SoftrasScene<double>& scene, const std::vector<double>& upstream,
             size_t coordinate) {
  constexpr double kStep = 1e-6;
  double loss[2];
  for (int side = 0; side < 2; ++side) {
    SoftrasScene<double> moved = scene;
    moved.scene.vertices[coordinate] += (2 * side - 1) * kStep;
    const std::vector<double> alpha = DrawAlpha(moved);
    loss[side] = 0;
    for (size_t i = 0; i < alpha.size(); ++i) loss[side] += alpha[i] * upstream[i];
  }
  return (loss[1] - loss[0]) / (2 * kStep);
}

TEST(SoftrasSilhouetteTest, GradientIsTheDerivative) {
  SoftrasScene<double> soft = RandomScene<double>(6, {1, 19, 22}, 7, 0.5);
  soft.blur.dist_eps = 1e-9;  // what passes the cut-off between two differences is nothing
  for (const SoftrasScene<double>& scene : AlphaScenesOfAllModes(soft)) {
    if (scene.blur.distance == SoftDistance::kHard ||
        scene.mixing.alpha == AlphaAggregation::kHard) {
      continue;  // steps have no derivative
    }
    const std::vector<double> upstream = RandomNumbers<double>(scene.pixels(), 7);
    const std::vector<double> grad = AlphaGradient(scene, upstream);
    for (size_t i = 0; i < grad.size(); i += 1) {
      ASSERT_NEAR(grad[i], Slope(scene, upstream, i), 1e-5) << i;
    }
  }
}

TEST(SoftrasSilhouetteTest, StepsHaveNoGradient) {
  for (const SoftrasScene<float>& scene :
       AlphaScenesOfAllModes(RandomScene<float>(6, {1, 19, 22}, 7, 0.5))) {
    if (scene.blur.distance != SoftDistance::kHard &&
        scene.mixing.alpha != AlphaAggregation::kHard) {
      continue;
    }
    for (const float grad : AlphaGradient(scene, RandomNumbers<float>(scene.pixels(), 7))) {
      EXPECT_EQ(grad, 0);
    }
  }
}

// A triangle that fills the right half of an image.
template <typename T>
SoftrasScene<T> RightHalf(SoftBlur blur) {
  SoftrasScene<T> scene = {{{1, 8, 8}, 3, {0, -9, 0, 1, 9, 0, 0, 1, 0, 9, 0, 1}, {0, 1, 2}}};
  scene.blur = blur;
  return scene;
}

TEST(SoftrasSilhouetteTest, AlphaByHand) {
  // Columns 3 and 4 lie 1 / 8 beside the edge.
  const SoftBlur blur = {SoftDistance::kEuclidean, 1.0 / 64, 0.2};
  const std::vector<double> alpha = DrawAlpha(RightHalf<double>(blur));
  for (int row = 0; row < 8; ++row) {
    EXPECT_NEAR(alpha[row * 8 + 3], 1 / (1 + std::exp(1.0)), 1e-14);
    EXPECT_NEAR(alpha[row * 8 + 4], 1 - 1 / (1 + std::exp(1.0)), 1e-14);
    EXPECT_EQ(alpha[row * 8 + 2], 0);  // 1 / (1 + exp(9)) is less than dist_eps
  }
}

TEST(SoftrasSilhouetteTest, FacesWithoutATriangleOnTheImageTakeNoPart) {
  const double w_of_corner[] = {0, -0.0, -1, 1e-12};  // the last is 9e12 NDC away
  for (const double w : w_of_corner) {
    for (int corner = 0; corner < 3; ++corner) {
      SoftrasScene<double> scene = RightHalf<double>(kSoft);
      scene.scene.vertices[corner * 4] = scene.scene.vertices[corner * 4 + 1] = 9;
      scene.scene.vertices[corner * 4 + 3] = w;
      for (const double alpha : DrawAlpha(scene)) ASSERT_EQ(alpha, 0);
      for (const double grad : AlphaGradient(scene, RandomNumbers<double>(64, 7))) {
        ASSERT_EQ(grad, 0);
      }
    }
  }
}

TEST(SoftrasSilhouetteTest, PaddingChangesNothing) {
  for (const SoftrasScene<float>& scene :
       AlphaScenesOfAllModes(RandomScene<float>(6, {2, 19, 22}, 7, 0.5))) {
    SoftrasScene<float> padded = scene;
    padded.scene.faces.insert(padded.scene.faces.begin() + 6, {-1, -1, -1});
    EXPECT_TRUE(SameBits(DrawAlpha(padded), DrawAlpha(scene)));
    const std::vector<float> upstream = RandomNumbers<float>(scene.pixels(), 7);
    EXPECT_TRUE(SameBits(AlphaGradient(padded, upstream), AlphaGradient(scene, upstream)));
  }
}

TEST(SoftrasSilhouetteTest, EmptyInputs) {
  for (const SoftrasScene<float>& s :
       AlphaScenesOfAllModes(RandomScene<float>(1, {2, 5, 3}, 0, 1))) {
    for (const float alpha : DrawAlpha(s, ThreadsForTest(2))) EXPECT_EQ(alpha, 0);
    EXPECT_TRUE(AlphaGradient(s, RandomNumbers<float>(30, 7)).empty());
  }
  EXPECT_TRUE(DrawAlpha(RandomScene<float>(1, {0, 5, 3}, 2, 1)).empty());
}

template <typename T>
void ExpectSameForAnyThreads() {
  for (const int batch : {1, 3, 8}) {
    const SoftrasScene<T> scene = RandomScene<T>(8, {batch, 70, 61}, 9000, 0.03);
    const std::vector<T> upstream = RandomNumbers<T>(scene.pixels(), 7);
    const std::vector<T> alpha = DrawAlpha(scene), grad = AlphaGradient(scene, upstream);
    for (const int threads : {2, 3, 8}) {
      const ThreadsForTest parallel_for(threads);
      EXPECT_TRUE(SameBits(DrawAlpha(scene, parallel_for), alpha));
      EXPECT_TRUE(SameBits(AlphaGradient(scene, upstream, parallel_for), grad));
    }
  }
}

TEST(SoftrasSilhouetteTest, SameBitsForAnyNumberOfThreadsFloat) {
  ExpectSameForAnyThreads<float>();
}
TEST(SoftrasSilhouetteTest, SameBitsForAnyNumberOfThreadsDouble) {
  ExpectSameForAnyThreads<double>();
}

template <typename T>
void ExpectSameForAllTargets() {
  for (const auto& scene : AlphaScenesOfAllModes(RandomScene<T>(10, {2, 97, 66}, 200, 0.2))) {
    const std::vector<T> upstream = RandomNumbers<T>(scene.pixels(), 7);
    const auto alpha = DrawAlpha(scene, SerialFor(), CpuTarget::kBaseline);
    const auto grad = AlphaGradient(scene, upstream, SerialFor(), CpuTarget::kBaseline);
    for (const CpuTarget target : AllTargets()) {
      EXPECT_TRUE(SameBits(DrawAlpha(scene, SerialFor(), target), alpha)) << CpuTargetName(target);
      EXPECT_TRUE(SameBits(AlphaGradient(scene, upstream, SerialFor(), target), grad))
          << CpuTargetName(target);
    }
  }
}

TEST(SoftrasSilhouetteTest, SameBitsForAllInstructionSets) {
  ExpectSameForAllTargets<float>();
  ExpectSameForAllTargets<double>();
}

TEST(SoftrasSilhouetteTest, UpstreamThatIsNotFiniteReachesTheFacesOfItsPixelAlone) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const SoftrasScene<float> scene = RandomScene<float>(11, {1, 33, 41}, 30, 0.2);
    std::vector<float> upstream(scene.pixels(), 0.5f);
    const int64_t pixel = 16 * 41 + 20;
    upstream[pixel] = bad;
    std::vector<bool> touched(scene.scene.num_vertices, false);
    for (const FaceSeen& face : FacesAt(scene, pixel)) {
      for (int k = 0; k < 3; ++k) touched[scene.scene.faces[face.face * 3 + k]] = true;
    }
    const std::vector<float> grad = AlphaGradient(scene, upstream);
    for (int64_t v = 0; v < scene.scene.num_vertices; ++v) {
      const float sum = grad[v * 4] + grad[v * 4 + 1] + grad[v * 4 + 3];
      EXPECT_EQ(std::isfinite(sum), !touched[v]) << v;
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
