// DibrMask against its definition, and its promises: which faces take part, same bits for any
// number of threads and any instruction set, finite.
#include "cc/kernels/dibr_mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cc/kernels/dibr_mask_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

template <typename T>
void ExpectLikeDefinition(const MaskScene<T>& scene, CpuTarget target = ActiveCpuTarget()) {
  const double knife_edge = sizeof(T) == 4 ? 1e-6 : 1e-14;
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;
  const Mask<T> drawn = DrawMask(scene, SerialFor(), target);
  const MaskOracle<T> oracle(scene);
  int64_t compared = 0;
  for (size_t pixel = 0; pixel < drawn.mask.size(); ++pixel) {
    const auto expected = oracle.At(pixel);
    if (expected.margin < knife_edge) continue;
    ++compared;
    ASSERT_NEAR(drawn.mask[pixel], expected.mask, tolerance) << pixel;
    ASSERT_EQ(drawn.last_face[pixel], expected.last_face) << pixel;
  }
  EXPECT_GE(compared, static_cast<int64_t>(drawn.mask.size()) * 98 / 100);
}

TEST(DibrMaskTest, SoupsMatchTheDefinition) {
  for (const CpuTarget target : MaskTargets()) {
    for (const DibrMaskSettings& settings : AllMaskSettings()) {
      const ImageShape image = {2, 45, 38};
      ExpectLikeDefinition(RandomMaskScene<float>(1, image, 40, 0.3, settings), target);
      ExpectLikeDefinition(RandomMaskScene<double>(2, image, 40, 0.3, settings), target);
    }
  }
}

// One row to several bands of rows; a width that ends inside a block, or before the first one.
TEST(DibrMaskTest, AllSizesOfImagesMatchTheDefinition) {
  for (const int height : {1, 2, 31, 32, 33, 64, 65}) {
    for (const int width : {1, 3, 4, 5, 18}) {
      const ImageShape image = {1, height, width};
      ExpectLikeDefinition(RandomMaskScene<float>(3, image, 9, 0.4, kWide));
      ExpectLikeDefinition(RandomMaskScene<double>(4, image, 9, 0.4, kWide));
    }
  }
}

TEST(DibrMaskTest, SmallFacesAndAShortReachMatchTheDefinition) {
  ExpectLikeDefinition(RandomMaskScene<float>(5, {1, 150, 90}, 200, 0.03, kReleased));
  ExpectLikeDefinition(RandomMaskScene<double>(6, {1, 150, 90}, 200, 0.03, kReleased));
}

// A triangle right of the image's centre line: at 16 x 16 pixels its left edge is half a pixel
// from the centres of column 7.
template <typename T>
MaskScene<T> BesideColumnSeven(int copies, const DibrMaskSettings& settings) {
  MaskScene<T> scene = {{{1, 16, 16}, 3, {0, -4, 0, 1, 2, -4, 0, 1, 0, 4, 0, 1}, {}}, settings, {}};
  scene.scene.faces = {};
  for (int i = 0; i < copies; ++i) scene.scene.faces.insert(scene.scene.faces.end(), {0, 1, 2});
  scene.face_id.assign(256, -1);
  return scene;
}

TEST(DibrMaskTest, ProbabilityByHand) {
  constexpr DibrMaskSettings kHalfPixel = {256, 0.1, 0, Falloff::kSquared, 0};
  const Mask<double> drawn = DrawMask(BesideColumnSeven<double>(1, kHalfPixel));
  for (int row = 0; row < 16; ++row) {
    EXPECT_NEAR(drawn.mask[row * 16 + 7], std::exp(-1.0), 1e-14);  // 256 / 16^2
    EXPECT_EQ(drawn.mask[row * 16 + 6], 0);                        // 3 / 16 from the box
  }
}

TEST(DibrMaskTest, OnlyTheFirstFacesCountWhereTheyAreCut) {
  for (const int k_faces : {0, 1, 2, 3, 4, 30}) {
    const DibrMaskSettings settings = {256, 0.1, k_faces, Falloff::kSquared, 0};
    MaskScene<float> scene = BesideColumnSeven<float>(3, settings);
    scene.face_id[7] = 2;
    const Mask<float> drawn = DrawMask(scene);
    const bool cut = k_faces > 0 && k_faces <= 3;
    const int counted = cut ? k_faces : 3;
    for (int row = 1; row < 16; ++row) {
      const double product = std::pow(1 - std::exp(-1.0), counted);
      EXPECT_NEAR(drawn.mask[row * 16 + 7], 1 - product, 1e-6);
      EXPECT_EQ(drawn.last_face[row * 16 + 7], cut ? k_faces - 1 : 3);
      EXPECT_EQ(drawn.last_face[row * 16], 3);  // no face in reach
    }
    EXPECT_EQ(drawn.mask[7], 1);  // shows a face
    EXPECT_EQ(drawn.last_face[7], 3);
  }
}

TEST(DibrMaskTest, FacesWithoutATriangleOnTheImageTakeNoPart) {
  const double w_of_corner[] = {0, -0.0, -1, 1e-12};  // the last is 1e12 NDC away
  for (const double w : w_of_corner) {
    for (int corner = 0; corner < 3; ++corner) {
      MaskScene<double> scene = BesideColumnSeven<double>(1, kWide);
      scene.scene.vertices[corner * 4] = scene.scene.vertices[corner * 4 + 1] = 1;
      scene.scene.vertices[corner * 4 + 3] = w;
      const Mask<double> drawn = DrawMask(scene);
      for (double value : drawn.mask) ASSERT_EQ(value, 0);
      const auto grad = MaskGradient(scene, drawn, MaskUpstream(scene));
      for (double value : grad) ASSERT_EQ(value, 0);
    }
  }
  MaskScene<double> padding = BesideColumnSeven<double>(1, kWide);
  padding.scene.faces.assign(3, -1);
  for (double value : DrawMask(padding).mask) EXPECT_EQ(value, 0);
}

TEST(DibrMaskTest, EmptyInputs) {
  const MaskScene<float> no_faces = RandomMaskScene<float>(1, {2, 5, 3}, 0, 1, kWide);
  const Mask<float> drawn = DrawMask(no_faces, ThreadsForTest(2));
  for (float value : drawn.mask) EXPECT_EQ(value, 0);
  for (int32_t face : drawn.last_face) EXPECT_EQ(face, 0);
  EXPECT_TRUE(MaskGradient(no_faces, drawn, MaskUpstream(no_faces)).empty());
  const MaskScene<float> no_images = RandomMaskScene<float>(1, {0, 5, 3}, 2, 1, kWide);
  EXPECT_TRUE(DrawMask(no_images).mask.empty());
}

template <typename T>
void ExpectSameForAnyThreads(int k_faces) {
  const DibrMaskSettings settings = {kWide.sigma_inv, 0.03, k_faces, Falloff::kSquared, 0};
  for (const int batch : {1, 3}) {
    const MaskScene<T> scene = RandomMaskScene<T>(8, {batch, 70, 45}, 5000, 0.02, settings);
    const std::vector<T> upstream = MaskUpstream(scene);
    const Mask<T> expected = DrawMask(scene);
    const std::vector<T> expected_grad = MaskGradient(scene, expected, upstream);
    for (const int threads : {2, 8}) {
      const ThreadsForTest parallel_for(threads);
      const Mask<T> drawn = DrawMask(scene, parallel_for);
      EXPECT_TRUE(SameBits(drawn.mask, expected.mask));
      EXPECT_EQ(drawn.last_face, expected.last_face);
      EXPECT_TRUE(SameBits(MaskGradient(scene, drawn, upstream, parallel_for), expected_grad));
    }
  }
}

TEST(DibrMaskTest, SameBitsForAnyNumberOfThreadsFloat) { ExpectSameForAnyThreads<float>(0); }
TEST(DibrMaskTest, SameBitsForAnyNumberOfThreadsDouble) { ExpectSameForAnyThreads<double>(2); }

template <typename T>
void ExpectSameForAllTargets() {
  for (const DibrMaskSettings& settings : AllMaskSettings()) {
    const MaskScene<T> scene = RandomMaskScene<T>(10, {2, 65, 34}, 60, 0.2, settings);
    const std::vector<T> upstream = MaskUpstream(scene);
    const Mask<T> expected = DrawMask(scene, SerialFor(), CpuTarget::kBaseline);
    const auto grad = MaskGradient(scene, expected, upstream, SerialFor(), CpuTarget::kBaseline);
    for (const CpuTarget target : MaskTargets()) {
      const Mask<T> drawn = DrawMask(scene, SerialFor(), target);
      EXPECT_TRUE(SameBits(drawn.mask, expected.mask)) << CpuTargetName(target);
      EXPECT_EQ(drawn.last_face, expected.last_face) << CpuTargetName(target);
      EXPECT_TRUE(SameBits(MaskGradient(scene, drawn, upstream, SerialFor(), target), grad))
          << CpuTargetName(target);
    }
  }
}

TEST(DibrMaskTest, SameBitsForAllInstructionSets) {
  ExpectSameForAllTargets<float>();
  ExpectSameForAllTargets<double>();
}

// Coordinates of any size, decays of any size: probabilities stay in [0, 1], gradients finite.
template <typename T>
void ExpectFinite(const DibrMaskSettings& settings) {
  const MaskScene<T> scene = WildMaskScene<T>(settings);
  const Mask<T> drawn = DrawMask(scene);
  for (T value : drawn.mask) ASSERT_TRUE(value >= 0 && value <= 1);
  for (T value : MaskGradient(scene, drawn, MaskUpstream(scene))) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(DibrMaskTest, ExtremeNumbersStayFinite) {
  for (const double sigma_inv : {0.0, 1e-30, 7000.0, 1e12, 3e38}) {
    for (const double box_length : {0.0, 0.02, 10.0, 3e38}) {
      for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
        ExpectFinite<float>({sigma_inv, box_length, 0, falloff, 0});
        ExpectFinite<double>({sigma_inv, box_length, 0, falloff, 0});
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
