#include "cc/core/mipmap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace mesh_renderer {
namespace {

constexpr double kStep = 1e-6;       // of central differences
constexpr double kTolerance = 1e-8;  // their truncation and rounding error
constexpr int kTrials = 300;

TEST(MipmapTest, LevelsGoDownToOneTexel) {
  EXPECT_EQ(NumMipLevels(1, 1), 1);
  EXPECT_EQ(NumMipLevels(2, 1), 2);
  EXPECT_EQ(NumMipLevels(5, 7), 3);
  EXPECT_EQ(NumMipLevels(256, 256), 9);
  EXPECT_EQ(NumMipLevels(3, 32768), 16);
}

TEST(MipmapTest, WeightsAreTheCommonAreaOfTexels) {
  for (int size = 2; size < 20; ++size) {
    const int half = NextMipSize(size);
    const double length = static_cast<double>(size) / half;
    for (int coarse = 0; coarse < half; ++coarse) {
      for (int fine = 0; fine < size; ++fine) {
        const double common = std::min((coarse + 1) * length, fine + 1.0) -
                              std::max(coarse * length, static_cast<double>(fine));
        const double expected = std::max(0.0, common) / length;
        ASSERT_NEAR(MipWeight<double>(size, coarse, fine), expected, 1e-15) << size;
      }
    }
  }
  EXPECT_EQ(MipWeight<double>(1, 0, 0), 1);
}

TEST(MipmapTest, SpansHoldTheTexelsThatShareAnArea) {
  for (int size = 1; size < 20; ++size) {
    for (int coarse = 0; coarse < NextMipSize(size); ++coarse) {
      const TexelSpan fine_texels = FineTexels(size, coarse);
      for (int fine = 0; fine < size; ++fine) {
        const TexelSpan coarse_texels = CoarseTexels(size, fine);
        const bool shared = MipWeight<double>(size, coarse, fine) > 0;
        ASSERT_EQ(fine >= fine_texels.first && fine <= fine_texels.last, shared) << size;
        ASSERT_EQ(coarse >= coarse_texels.first && coarse <= coarse_texels.last, shared) << size;
      }
      ASSERT_LT(fine_texels.last, size);
    }
  }
}

TEST(MipmapTest, LogarithmsAreExactToTheLastDigits) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> exponent(-60, 60);
  for (int trial = 0; trial < 10 * kTrials; ++trial) {
    const double x = std::exp2(exponent(random));
    const float single = static_cast<float>(x);
    ASSERT_NEAR(Log2(x), std::log2(x), 4e-16 * std::max(1.0, std::abs(std::log2(x)))) << x;
    ASSERT_NEAR(Log2(single), std::log2(single), 2e-7f * std::max(1.f, std::abs(std::log2(single))))
        << x;
  }
  for (int power = -100; power <= 100; ++power) EXPECT_EQ(Log2(std::exp2(power)), power);
  EXPECT_LT(Log2(0.0f), -100);
  EXPECT_LT(Log2(0.0), -100);
}

// A pixel of `length` x `across` texels, turned in texture space and on the screen.
TexelFootprint<double> Turned(double length, double across, double turn, double screen_turn) {
  const double c = std::cos(turn), s = std::sin(turn);
  const double p = std::cos(screen_turn), q = std::sin(screen_turn);
  return {length * c * p + across * s * q, length * c * q - across * s * p,
          length * s * p - across * c * q, length * s * q + across * c * p};
}

TEST(MipmapTest, LevelIsTheLogarithmOfTheLongerAxisHoweverItLies) {
  for (double turn : {0.0, 0.4, 2.0}) {
    for (double screen_turn : {0.0, 1.1, 3.0}) {
      EXPECT_NEAR(LevelOfDetail(Turned(8, 1, turn, screen_turn)), 3, 1e-12);
      EXPECT_NEAR(LevelOfDetail(Turned(0.25, 0.5, turn, screen_turn)), -1, 1e-12);
      EXPECT_NEAR(LevelOfDetail(Turned(4, 4, turn, screen_turn)), 2, 1e-12);
    }
  }
}

TEST(MipmapTest, GradientOfTheLevelIsTheDerivative) {
  std::mt19937 random(2);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < kTrials; ++trial) {
    double derivatives[4], grad[4];
    for (double& value : derivatives) value = normal(random);
    constexpr int kHeight = 5, kWidth = 3;
    constexpr double kUpstream = 0.7;
    MakeFootprintBackward(
        LevelOfDetailBackward(MakeFootprint(derivatives, kHeight, kWidth), kUpstream), kHeight,
        kWidth, grad);
    for (int i = 0; i < 4; ++i) {
      const auto moved = [&](double step) {
        double changed[4];
        std::copy(derivatives, derivatives + 4, changed);
        changed[i] += step;
        return kUpstream * LevelOfDetail(MakeFootprint(changed, kHeight, kWidth));
      };
      const double expected = (moved(kStep) - moved(-kStep)) / (2 * kStep);
      ASSERT_NEAR(grad[i], expected, 100 * kTolerance * (1 + std::abs(expected)));
    }
  }
}

TEST(MipmapTest, GradientOfACircleIsTheMeanOfItsAxes) {
  const TexelFootprint<double> grad =
      LevelOfDetailBackward(TexelFootprint<double>{2, 0, 0, 2}, 1.0);
  const double half = 0.5 / (2 * std::log(2.0));  // of d log2(r) / d r = 1 / (r ln 2), r = 2
  EXPECT_NEAR(grad.u_column, half, 1e-15);
  EXPECT_NEAR(grad.v_row, half, 1e-15);
  EXPECT_EQ(grad.u_row, 0);
  EXPECT_EQ(grad.v_column, 0);
}

TEST(MipmapTest, BlendOfLevelsEndsWithThePyramid) {
  EXPECT_EQ(SplitLevel(-3.0, 4).level, 0);
  EXPECT_EQ(SplitLevel(-3.0, 4).fraction, 0);
  EXPECT_EQ(SplitLevel(1.25, 4).level, 1);
  EXPECT_EQ(SplitLevel(1.25, 4).fraction, 0.25);
  EXPECT_EQ(SplitLevel(7.5, 4).level, 3);
  EXPECT_EQ(SplitLevel(7.5, 4).fraction, 0);
  EXPECT_EQ(SplitLevel(0.5, 1).fraction, 0);
  for (double outside : {-3.0, 0.0, 3.0, 7.5}) EXPECT_EQ(SplitLevelBackward(outside, 4, 2.0), 0);
  EXPECT_EQ(SplitLevelBackward(1.25, 4, 2.0), 2);
}

TEST(MipmapTest, GradientOfTheFractionReachesTheDerivativesBetweenTheEnds) {
  constexpr int kSize = 16, kLevels = 5;
  const double derivatives[4] = {0.2, 0.1, -0.15, 0.3};
  const TexelFootprint<double> footprint = MakeFootprint(derivatives, kSize, kSize);
  double expected[4], grad[4];
  MakeFootprintBackward(LevelOfDetailBackward(footprint, 0.7), kSize, kSize, expected);
  MipFractionBackward(derivatives, kSize, kSize, LevelOfDetail(footprint), kLevels, 0.7, grad);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(grad[i], expected[i]);
  const double none[4] = {};
  MipFractionBackward(none, kSize, kSize, -200.0, kLevels, 0.7, grad);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(grad[i], 0);
}

TEST(MipmapTest, NoFiniteDerivativesGiveAnythingButALevel) {
  for (float size : {0.0f, 1e-37f, 1.0f, 1e37f, -1e37f}) {
    for (float other : {0.0f, 1e-30f, 1e37f}) {
      const float derivatives[4] = {size, other, -other, size};
      const MipBlend<float> mip =
          SplitLevel(LevelOfDetail(MakeFootprint(derivatives, 32768, 32768)), 16);
      ASSERT_GE(mip.level, 0);
      ASSERT_LT(mip.level, 16);
      ASSERT_TRUE(mip.fraction >= 0 && mip.fraction < 1);
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
