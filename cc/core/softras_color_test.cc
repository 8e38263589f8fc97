// Where on its surface a face is seen, what hard colours keep, and what a pixel without faces
// shows. Mixing itself is tested with softras_mix.h, gradients with the kernels.
#include "cc/core/softras_color.h"

#include <gtest/gtest.h>

#include <set>

namespace mesh_renderer {
namespace {

constexpr MixScale<double> kHard = {
    RgbAggregation::kHard, AlphaAggregation::kProduct, false, {10, 0.1, 100}, 0.1, 0, 2.0, 1e7};

MixScale<double> Soft() {
  MixScale<double> mix = kHard;
  mix.rgb = RgbAggregation::kSoftmax;
  mix.cutoff = 0.5;
  return mix;
}

TEST(SoftrasColorTest, EveryTexelIsSeen) {
  for (const int side : {1, 2, 3, 7}) {
    std::set<int> seen;
    for (double a = 0; a <= 1; a += 1.0 / 256) {
      for (double b = 0; a + b <= 1; b += 1.0 / 256) {
        const int texel = SurfaceTexel(a * side, b * side, side);
        ASSERT_GE(texel, 0);
        ASSERT_LT(texel, side * side);
        seen.insert(texel);
      }
    }
    EXPECT_EQ(static_cast<int>(seen.size()), side * side);
  }
}

TEST(SoftrasColorTest, UpperPartsOfCellsHaveTheTexelOppositeToTheirs) {
  EXPECT_EQ(SurfaceTexel(0.4, 0.4, 2), 0);
  EXPECT_EQ(SurfaceTexel(0.6, 0.6, 2), 3);
  EXPECT_EQ(SurfaceTexel(1.5, 0.1, 2), 1);
  EXPECT_EQ(SurfaceTexel(2.0, 0.0, 2), 1);
  EXPECT_EQ(SurfaceTexel(0.1, 1.5, 2), 2);
}

FaceAtPixel<double> Inside() { return {{0.2, 0.3, 0.5}, 1, true}; }

PointAtPixel<double> SeenAt(double depth) {
  PointAtPixel<double> seen = {};
  seen.point.depth = depth;
  seen.in_range = true;
  return seen;
}

TEST(SoftrasColorTest, TheNearestFaceAndOfEqualsTheFirstKeepsAHardPixel) {
  SoftmaxTotal<double> total = EmptyTotal(kHard);
  EXPECT_EQ(total.largest, -1);
  const double depths[] = {5, 3, 3, 4};
  for (int f = 0; f < 4; ++f) {
    const SoftmaxStep<double> step =
        MixFace(kHard, static_cast<double>(f), Inside(), SeenAt(depths[f]), 1.0, &total);
    EXPECT_EQ(step.add, f < 2);
    EXPECT_EQ(step.keep, f >= 2);
  }
  EXPECT_EQ(total.sum, 3);
  EXPECT_EQ(total.largest, 1);
  EXPECT_TRUE(GivesColor(kHard, 1.0, Inside(), SeenAt(3), total.largest));
  EXPECT_FALSE(GivesColor(kHard, 2.0, Inside(), SeenAt(3), total.largest));
}

TEST(SoftrasColorTest, FacesBeyondTheCutoffDoNotMix) {
  EXPECT_TRUE(MayMix(Soft(), SeenAt(6), 0.8));   // nearness 0.4
  EXPECT_FALSE(MayMix(Soft(), SeenAt(8), 0.8));  // 0.2
  PointAtPixel<double> out_of_range = SeenAt(6);
  out_of_range.in_range = false;
  EXPECT_FALSE(MayMix(Soft(), out_of_range, 0.8));
}

TEST(SoftrasColorTest, WithoutFacesAllIsBackground) {
  for (const MixScale<double>& mix : {kHard, Soft()}) {
    const SoftmaxTotal<double> total = EmptyTotal(mix);
    MixScale<double> exact = mix;
    exact.background_sum = std::exp(mix.eps * mix.softmax.gamma_inv);
    const double sum = exact.background_sum;
    EXPECT_NEAR(BackgroundShare(exact, total.largest, 1 / sum), 1, 1e-12);
  }
}

}  // namespace
}  // namespace mesh_renderer
