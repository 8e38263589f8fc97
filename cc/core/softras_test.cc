#include "cc/core/softras.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace mesh_renderer {
namespace {

constexpr double kStep = 1e-6;       // of central differences
constexpr double kTolerance = 1e-7;  // their truncation and rounding error, for derivatives near 1
constexpr double kRounding = 1e-13;  // a few operations in double
constexpr int kTrials = 300;

struct Corners {
  Vec2<double> at[3];
};

// A triangle of moderate shape and either winding.
Corners RandomCorners(std::mt19937* random) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  while (true) {
    Corners corners;
    for (auto& corner : corners.at) corner = {uniform(*random), uniform(*random)};
    if (std::abs(MakeSoftTriangle(corners.at).area) > 0.2) return corners;
  }
}

Vec2<double> RandomPixel(std::mt19937* random) {
  std::uniform_real_distribution<double> uniform(-1.2, 1.2);
  return {uniform(*random), uniform(*random)};
}

// d value(corners) / d one coordinate of one corner.
template <typename Value>
double Slope(const Corners& corners, int corner, int axis, const Value& value) {
  Corners above = corners, below = corners;
  (axis == 0 ? above.at[corner].x : above.at[corner].y) += kStep;
  (axis == 0 ? below.at[corner].x : below.at[corner].y) -= kStep;
  return (value(above) - value(below)) / (2 * kStep);
}

TEST(SoftrasTest, WeightsAreThoseThatGiveThePixel) {
  std::mt19937 random(1);
  for (int trial = 0; trial < kTrials; ++trial) {
    const Corners corners = RandomCorners(&random);
    const Vec2<double> pixel = RandomPixel(&random);
    double w[3];
    TriangleWeights(pixel, MakeSoftTriangle(corners.at), w);
    EXPECT_NEAR(w[0] + w[1] + w[2], 1, kRounding);
    double x = 0, y = 0;
    for (int k = 0; k < 3; ++k) {
      x += w[k] * corners.at[k].x;
      y += w[k] * corners.at[k].y;
    }
    EXPECT_NEAR(x, pixel.x, kRounding);
    EXPECT_NEAR(y, pixel.y, kRounding);
  }
}

TEST(SoftrasTest, DerivativeOfTheWeights) {
  std::mt19937 random(2);
  for (int trial = 0; trial < kTrials; ++trial) {
    const Corners corners = RandomCorners(&random);
    const Vec2<double> pixel = RandomPixel(&random);
    const double grad[3] = {0.3, -1.1, 0.7};
    const auto value = [&](const Corners& moved) {
      double w[3];
      TriangleWeights(pixel, MakeSoftTriangle(moved.at), w);
      return grad[0] * w[0] + grad[1] * w[1] + grad[2] * w[2];
    };
    const SoftTriangle<double> triangle = MakeSoftTriangle(corners.at);
    double w[3];
    TriangleWeights(pixel, triangle, w);
    const Vec2<double> along = TriangleWeightsBackward(triangle, grad);
    for (int k = 0; k < 3; ++k) {
      EXPECT_NEAR(-w[k] * along.x, Slope(corners, k, 0, value), 1e3 * kTolerance);
      EXPECT_NEAR(-w[k] * along.y, Slope(corners, k, 1, value), 1e3 * kTolerance);
    }
  }
}

TEST(SoftrasTest, ThinTrianglesHaveMadeUpFiniteWeights) {
  const Vec2<float> shapes[][3] = {{{0, 0}, {1, 0}, {0.5f, 0}},
                                   {{1, 1}, {1, 1}, {1, 1}},
                                   {{0, 0}, {1e-6f, 0}, {0, 1e-6f}},
                                   {{-1e6f, -1e6f}, {1e6f, 1e6f}, {0, 0}}};
  for (const auto& corners : shapes) {
    const SoftTriangle<float> triangle = MakeSoftTriangle(corners);
    EXPECT_FALSE(triangle.has_weights);
    float w[3];
    TriangleWeights(Vec2<float>{0.3f, -0.7f}, triangle, w);
    for (const float weight : w) EXPECT_TRUE(std::isfinite(weight));
    const SeenWeights<float> seen = SeeWeights<float>(w);
    for (const float weight : seen.weight) EXPECT_TRUE(weight >= 0 && weight <= 1);
  }
}

TEST(SoftrasTest, SignedSquareByHand) {
  const Vec2<double> corners[3] = {{0, 0}, {4, 0}, {0, 3}};  // edge 1 has length 5
  const SoftTriangle<double> triangle = MakeSoftTriangle(corners);
  EXPECT_EQ(triangle.area, 12);
  const struct {
    Vec2<double> pixel;
    double euclidean, lowest;
  } cases[] = {
      {{1, 1}, 1, 0.25},                                  // edges 0 and 2 are equally near
      {{2, -0.5}, -0.25, -0.5 / 3},                       // below edge 0
      {{-3, -4}, -25, -4.0 / 3},                          // beside corner 0
      {{2 + 0.6, 1.5 + 0.8}, -1, 1 - 2.6 / 4 - 2.3 / 3},  // off the middle of edge 1
  };
  for (const auto& example : cases) {
    double w[3];
    TriangleWeights(example.pixel, triangle, w);
    EXPECT_NEAR(SignedSquare(SoftDistance::kEuclidean, example.pixel, triangle, w),
                example.euclidean, kRounding);
    EXPECT_NEAR(SignedSquare(SoftDistance::kBarycentric, example.pixel, triangle, w),
                example.lowest * std::abs(example.lowest), kRounding);
    EXPECT_EQ(CoversPixel<double>(w), example.euclidean > 0);
  }
}

TEST(SoftrasTest, DerivativeOfTheLowestSquare) {
  std::mt19937 random(3);
  for (int trial = 0; trial < kTrials; ++trial) {
    const Corners corners = RandomCorners(&random);
    const SoftTriangle<double> triangle = MakeSoftTriangle(corners.at);
    double w[3];
    TriangleWeights(RandomPixel(&random), triangle, w);
    double grad[3] = {1, 2, 3};  // is added to
    LowestSquareBackward<double>(w, 0.7, grad);
    for (int k = 0; k < 3; ++k) {
      double moved[2][3];
      for (int side = 0; side < 2; ++side) {
        for (int j = 0; j < 3; ++j) moved[side][j] = w[j] + (j == k) * (2 * side - 1) * kStep;
      }
      const auto square = [&](const double* weights) {
        return SignedSquare(SoftDistance::kBarycentric, {0.0, 0.0}, triangle, weights);
      };
      EXPECT_NEAR(grad[k], k + 1 + 0.7 * (square(moved[1]) - square(moved[0])) / (2 * kStep),
                  10 * kTolerance);
    }
  }
}

TEST(SoftrasTest, CoverageIsExactAtBothEnds) {
  for (const double square : {0.0, 1e-3, 0.5, 3.0, 40.0, 200.0}) {
    const double sigma_inv = 2;
    const SoftCoverage<double> outside = CoverPixel(-square, sigma_inv);
    const SoftCoverage<double> inside = CoverPixel(square, sigma_inv);
    const double far_side = 1 / (1 + std::exp(square * sigma_inv));
    EXPECT_NEAR(outside.hit / far_side, 1, kRounding);
    EXPECT_NEAR(inside.miss / far_side, 1, kRounding);
    EXPECT_NEAR(outside.hit + outside.miss, 1, kRounding);
    if (square == 0) continue;
    const auto hit = [&](double x) { return CoverPixel(x, sigma_inv).hit; };
    EXPECT_NEAR(CoverPixelBackward(outside, sigma_inv, 3.0),
                3 * (hit(-square + kStep) - hit(-square - kStep)) / (2 * kStep), kTolerance);
    EXPECT_NEAR(CoverPixelBackward(inside, sigma_inv, 3.0),
                3 * (hit(square + kStep) - hit(square - kStep)) / (2 * kStep), kTolerance);
  }
  EXPECT_GT(CoverPixel(-80.0f, 1.0f).hit, 0.0f);  // not lost as 1 - 1
}

// Points on the face, beside an edge and beside a corner.
const double kWeights[][3] = {
    {0.2, 0.3, 0.5}, {-0.4, 0.6, 0.8}, {-0.7, 1.9, -0.2}, {1.5, 0.1, -0.6}};

TEST(SoftrasTest, SeenWeightsByHand) {
  const SeenWeights<double> inside = SeeWeights<double>(kWeights[0]);
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(inside.weight[k], kWeights[0][k], kRounding);
  const SeenWeights<double> beside_edge = SeeWeights<double>(kWeights[1]);
  EXPECT_EQ(beside_edge.weight[0], 0);
  EXPECT_NEAR(beside_edge.weight[1], 0.6 / 1.4, kRounding);
  const SeenWeights<double> beside_corner = SeeWeights<double>(kWeights[2]);
  EXPECT_NEAR(beside_corner.weight[1], 1, kRounding);
}

TEST(SoftrasTest, DerivativeOfTheSeenWeights) {
  const double grad_seen[3] = {0.3, -1.1, 0.7};
  for (const auto& weights : kWeights) {
    double grad[3];
    SeeWeightsBackward<double>(weights, SeeWeights<double>(weights), grad_seen, grad);
    for (int k = 0; k < 3; ++k) {
      double value[2] = {0, 0};
      for (int side = 0; side < 2; ++side) {
        double moved[3] = {weights[0], weights[1], weights[2]};
        moved[k] += (2 * side - 1) * kStep;
        const SeenWeights<double> seen = SeeWeights<double>(moved);
        for (int j = 0; j < 3; ++j) value[side] += grad_seen[j] * seen.weight[j];
      }
      EXPECT_NEAR(grad[k], (value[1] - value[0]) / (2 * kStep), kTolerance);
    }
  }
}

TEST(SoftrasTest, PerspectiveByHand) {
  // Halfway on the image between corners at depths 1 and 3: depth 1.5, three quarters of the way
  // on the face belong to the nearer one.
  const double depth[3] = {1, 3, 7}, seen[3] = {0.5, 0.5, 0};
  const SeenPoint<double> point = SeePoint(MakeFaceDepth(depth, true), seen, true);
  EXPECT_NEAR(point.depth, 1.5, kRounding);
  EXPECT_NEAR(point.weight[0], 0.75, kRounding);
  EXPECT_NEAR(point.weight[1], 0.25, kRounding);
  const SeenPoint<double> flat = SeePoint(MakeFaceDepth(depth, true), seen, false);
  EXPECT_NEAR(flat.depth, 1.5, kRounding);
  EXPECT_EQ(flat.weight[0], 0.5);
  const SeenPoint<double> linear = SeePoint(MakeFaceDepth(depth, false), seen, true);
  EXPECT_EQ(linear.depth, 2);
  EXPECT_EQ(linear.weight[0], 0.5);
}

TEST(SoftrasTest, DerivativeOfDepthAndColourWeights) {
  const double grad_weight[3] = {0.3, -1.1, 0.7}, grad_depth = 0.9;
  const double depth[3] = {1.5, 3, 7}, seen[3] = {0.2, 0.3, 0.5};
  for (const bool inverse : {false, true}) {
    for (const bool perspective : {false, true}) {
      const auto value = [&](const double* z, const double* w) {
        const SeenPoint<double> point = SeePoint(MakeFaceDepth(z, inverse), w, perspective);
        double sum = grad_depth * point.depth;
        for (int k = 0; k < 3; ++k) sum += grad_weight[k] * point.weight[k];
        return sum;
      };
      const FaceDepth<double> face = MakeFaceDepth(depth, inverse);
      const SeenPointGradient<double> grad = SeePointBackward(
          face, seen, SeePoint(face, seen, perspective), perspective, grad_depth, grad_weight);
      for (int k = 0; k < 3; ++k) {
        double above[3], below[3];
        for (int j = 0; j < 3; ++j) {
          above[j] = depth[j] + (j == k) * kStep;
          below[j] = depth[j] - (j == k) * kStep;
        }
        EXPECT_NEAR(FaceDepthBackward(face, k, grad.corner[k]),
                    (value(above, seen) - value(below, seen)) / (2 * kStep), kTolerance);
        for (int j = 0; j < 3; ++j) {
          above[j] = seen[j] + (j == k) * kStep;
          below[j] = seen[j] - (j == k) * kStep;
        }
        EXPECT_NEAR(grad.seen[k], (value(depth, above) - value(depth, below)) / (2 * kStep),
                    10 * kTolerance);
      }
    }
  }
}

TEST(SoftrasTest, DepthsOfAnySizeStayFinite) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float depths[][3] = {{1e-37f, 1, 1e37f},
                             {1e37f, 1e37f, 1e37f},
                             {1e-37f, 1e-37f, 1e-37f},
                             {infinity, 1, -infinity}};
  const float seen[][3] = {{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {0.5f, 0.5f, 0}};
  for (const auto& depth : depths) {
    for (const auto& weights : seen) {
      for (const bool inverse : {false, true}) {
        if (inverse && !(depth[2] > 0)) continue;
        const FaceDepth<float> face = MakeFaceDepth(depth, inverse);
        const SeenPoint<float> point = SeePoint(face, weights, true);
        EXPECT_TRUE(std::isfinite(point.depth));
        const float none[3] = {0, 0, 0};
        const auto grad = SeePointBackward(face, weights, point, true, 0.0f, none);
        for (int k = 0; k < 3; ++k) {
          EXPECT_TRUE(std::isfinite(point.weight[k]));
          EXPECT_EQ(grad.seen[k], 0);
          EXPECT_EQ(grad.corner[k], 0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
