// From clip space to the image and back: values by hand, finite differences, numbers at the limits.
#include "cc/core/screen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mesh_renderer {
namespace {

constexpr ScreenDepth<double> kFromW = {true, 0, 0};
constexpr ScreenDepth<double> kFromZ = {false, 3, 2.5};  // near 3, far 8
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ScreenTest, DividesByW) {
  const double clip[4] = {1, -3, 1, 2};
  const ScreenVertex<double> vertex = ToScreen(clip, kFromW);
  EXPECT_EQ(vertex.ndc.x, 0.5);
  EXPECT_EQ(vertex.ndc.y, -1.5);
  EXPECT_EQ(vertex.depth, 2);
  EXPECT_TRUE(vertex.usable);
}

TEST(ScreenTest, DepthFromZRunsFromNearToFar) {
  for (const double z : {-1.0, 0.0, 1.0}) {
    const double clip[4] = {0, 0, 2 * z, 2};
    EXPECT_EQ(ToScreen(clip, kFromZ).depth, 5.5 + 2.5 * z);
  }
}

TEST(ScreenTest, OnlyVerticesInFrontOfTheCameraAndNearTheImageAreUsable) {
  const auto usable = [](double x, double y, double w) {
    const double clip[4] = {x, y, 0, w};
    return ToScreen(clip, kFromW).usable;
  };
  EXPECT_TRUE(usable(0, 0, 1e-300));
  EXPECT_FALSE(usable(0, 0, 0));  // 0 / 0
  EXPECT_FALSE(usable(1, 0, 0));
  EXPECT_FALSE(usable(0, 0, -1));
  EXPECT_FALSE(usable(1, 1, -0.0));
  for (const double sign : {-1.0, 1.0}) {
    EXPECT_TRUE(usable(sign * 1e6, 0, 1));
    EXPECT_TRUE(usable(0, sign * 1e6, 1));
    EXPECT_FALSE(usable(sign * 1.0001e6, 0, 1));
    EXPECT_FALSE(usable(0, sign * 1.0001e6, 1));
    EXPECT_FALSE(usable(sign, 0, 1e-310));  // the quotient overflows
  }
}

// Loss with gradient (0.3, -1.1) to NDC and 0.7 to depth.
double Loss(const double* clip, const ScreenDepth<double>& depth) {
  const ScreenVertex<double> vertex = ToScreen(clip, depth);
  return 0.3 * vertex.ndc.x - 1.1 * vertex.ndc.y + 0.7 * vertex.depth;
}

TEST(ScreenTest, BackwardIsTheDerivative) {
  constexpr double kStep = 1e-6;
  for (const ScreenDepth<double>& depth : {kFromW, kFromZ}) {
    double clip[4] = {0.7, -0.4, 0.9, 1.7}, grad[4];
    ToScreenBackward(clip, depth, {0.3, -1.1}, 0.7, grad);
    for (int i = 0; i < 4; ++i) {
      const double value = clip[i];
      clip[i] = value + kStep;
      const double above = Loss(clip, depth);
      clip[i] = value - kStep;
      const double below = Loss(clip, depth);
      clip[i] = value;
      EXPECT_NEAR(grad[i], (above - below) / (2 * kStep), 1e-9) << i;
    }
  }
}

TEST(ScreenTest, BackwardOfNothingIsNothingWhereverTheVertexIs) {
  for (const ScreenDepth<double>& depth : {kFromW, kFromZ}) {
    for (const double w : {0.0, -1.0, 1e-320}) {
      const double clip[4] = {1, 1, 1, w};
      double grad[4] = {7, 7, 7, 7};
      ToScreenBackward(clip, depth, {0.0, 0.0}, 0.0, grad);
      for (const double value : grad) EXPECT_EQ(value, 0);
    }
  }
}

TEST(ScreenTest, BackwardOverflowsToInfinityNotToNaN) {
  constexpr double kTiny = 1e-308;
  // Terms that are 0, that cancel and that add up.
  const double ndc[][3] = {{0, 0.5, 0}, {0.5, 0.5, 0}, {0.5, -0.5, 0.25}, {0, 0, 0.5}, {0.1, 0, 0}};
  for (const auto& p : ndc) {
    const double clip[4] = {p[0] * kTiny, p[1] * kTiny, p[2] * kTiny, kTiny};
    double grad[4];
    ToScreenBackward(clip, kFromZ, {1e3, -1e3}, 1e3, grad);
    EXPECT_EQ(grad[0], kInfinity);
    EXPECT_EQ(grad[1], -kInfinity);
    EXPECT_EQ(grad[2], kInfinity);
    EXPECT_FALSE(std::isnan(grad[3]));
    ToScreenBackward(clip, kFromW, {1e3, -1e3}, 1e3, grad);
    EXPECT_FALSE(std::isnan(grad[3]));
  }
}

TEST(ScreenTest, FiniteGradientsStayFiniteAndOthersDoNot) {
  const double clip[4] = {1e-307, 0, 0, 1e-307};
  double grad[4];
  ToFiniteScreenBackward(clip, kFromW, Vec2<double>{1e200, 1}, 0.0, grad);
  for (const double value : grad) EXPECT_TRUE(std::isfinite(value));
  EXPECT_GT(grad[0], 1e300);
  EXPECT_LT(grad[3], -1e300);
  ToFiniteScreenBackward(clip, kFromW, Vec2<double>{kInfinity, 1}, 0.0, grad);
  EXPECT_FALSE(std::isfinite(grad[0]));
  const double usual[4] = {0.7, -0.4, 0.9, 1.7};
  double expected[4];
  ToScreenBackward(usual, kFromZ, Vec2<double>{0.3, -1.1}, 0.7, expected);
  ToFiniteScreenBackward(usual, kFromZ, Vec2<double>{0.3, -1.1}, 0.7, grad);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(grad[i], expected[i]);
}

}  // namespace
}  // namespace mesh_renderer
