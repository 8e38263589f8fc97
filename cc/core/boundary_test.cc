// The nearest point of a triangle's boundary: values by hand, a walk along the edges, finite
// differences, triangles without area.
#include "cc/core/boundary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace mesh_renderer {
namespace {

using V = Vec2<double>;

struct Triangle {
  V corner[3];
};

constexpr Triangle kRight = {{{0, 0}, {4, 0}, {0, 3}}};

BoundaryPoint<double> Nearest(const V& pixel, const Triangle& triangle) {
  return NearestOnBoundary(pixel, MakeBoundary(triangle.corner));
}

struct Expected {
  V pixel, offset;
  double weight[3];
};

TEST(BoundaryTest, NearestPointsByHand) {
  const Expected cases[] = {
      {{1, -2}, {0, 2}, {0.75, 0.25, 0}},       // below the first edge
      {{-1, 1.5}, {1, 0}, {0.5, 0, 0.5}},       // left of the third
      {{3.5, 3.5}, {-1.5, -2}, {0, 0.5, 0.5}},  // beyond the second
      {{5, -1}, {-1, 1}, {0, 1, 0}},            // corners
      {{-3, -4}, {3, 4}, {1, 0, 0}},           {{-1, 5}, {1, -2}, {0, 0, 1}},
      {{1, 0.5}, {0, -0.5}, {0.75, 0.25, 0}},  // inside
      {{2, 0}, {0, 0}, {0.5, 0.5, 0}},         // on an edge
  };
  for (const Expected& expected : cases) {
    const BoundaryPoint<double> nearest = Nearest(expected.pixel, kRight);
    EXPECT_NEAR(nearest.offset.x, expected.offset.x, 1e-15);
    EXPECT_NEAR(nearest.offset.y, expected.offset.y, 1e-15);
    EXPECT_NEAR(nearest.square,
                expected.offset.x * expected.offset.x + expected.offset.y * expected.offset.y,
                1e-14);
    for (int k = 0; k < 3; ++k) EXPECT_NEAR(nearest.weight[k], expected.weight[k], 1e-15);
  }
}

class Random {
 public:
  V Point(double reach) { return {reach * uniform_(rng_), reach * uniform_(rng_)}; }
  Triangle Face() { return {{Point(1), Point(1), Point(1)}}; }

 private:
  std::mt19937 rng_{5};
  std::uniform_real_distribution<double> uniform_{-1, 1};
};

// Smallest squared distance to many points of the boundary.
double WalkAlongEdges(const V& pixel, const Triangle& triangle) {
  constexpr int kPoints = 20000;
  double smallest = std::numeric_limits<double>::infinity();
  for (int k = 0; k < 3; ++k) {
    const V a = triangle.corner[k], b = triangle.corner[(k + 1) % 3];
    for (int i = 0; i <= kPoints; ++i) {
      const double t = i / double{kPoints};
      const double x = a.x + t * (b.x - a.x) - pixel.x, y = a.y + t * (b.y - a.y) - pixel.y;
      smallest = std::min(smallest, x * x + y * y);
    }
  }
  return smallest;
}

TEST(BoundaryTest, NoPointOfTheBoundaryIsNearer) {
  Random random;
  for (int trial = 0; trial < 100; ++trial) {
    const Triangle triangle = random.Face();
    const V pixel = random.Point(2);
    const BoundaryPoint<double> nearest = Nearest(pixel, triangle);
    EXPECT_NEAR(nearest.square, WalkAlongEdges(pixel, triangle), 1e-7);
    EXPECT_EQ(nearest.square, SquaredDistance(pixel, MakeBoundary(triangle.corner)));
  }
}

TEST(BoundaryTest, WeightsGiveThePoint) {
  Random random;
  for (int trial = 0; trial < 200; ++trial) {
    const Triangle triangle = random.Face();
    const V pixel = random.Point(2);
    const BoundaryPoint<double> nearest = Nearest(pixel, triangle);
    double x = -pixel.x, y = -pixel.y, sum = 0;
    for (int k = 0; k < 3; ++k) {
      EXPECT_GE(nearest.weight[k], 0);
      sum += nearest.weight[k];
      x += nearest.weight[k] * triangle.corner[k].x;
      y += nearest.weight[k] * triangle.corner[k].y;
    }
    EXPECT_NEAR(sum, 1, 1e-15);
    EXPECT_NEAR(nearest.offset.x, x, 1e-14);
    EXPECT_NEAR(nearest.offset.y, y, 1e-14);
  }
}

TEST(BoundaryTest, WindingDoesNotMatter) {
  Random random;
  for (int trial = 0; trial < 50; ++trial) {
    const Triangle face = random.Face(),
                   turned = {{face.corner[0], face.corner[2], face.corner[1]}};
    const V pixel = random.Point(2);
    EXPECT_NEAR(Nearest(pixel, face).square, Nearest(pixel, turned).square, 1e-14);
  }
}

// Compares the gradients to both coordinates of all corners with differences.
void ExpectGradient(const V& pixel, Triangle triangle) {
  constexpr double kStep = 1e-6, kUpstream = -1.7;
  const BoundaryPoint<double> nearest = Nearest(pixel, triangle);
  for (int k = 0; k < 3; ++k) {
    const V grad = SquaredDistanceBackward(nearest, k, kUpstream);
    const double analytic[2] = {grad.x, grad.y};
    double* const moved[2] = {&triangle.corner[k].x, &triangle.corner[k].y};
    for (int axis = 0; axis < 2; ++axis) {
      const double value = *moved[axis];
      *moved[axis] = value + kStep;
      const double above = Nearest(pixel, triangle).square;
      *moved[axis] = value - kStep;
      const double below = Nearest(pixel, triangle).square;
      *moved[axis] = value;
      EXPECT_NEAR(analytic[axis], kUpstream * (above - below) / (2 * kStep), 1e-8);
    }
  }
}

TEST(BoundaryTest, BackwardIsTheDerivative) {
  Random random;
  for (int trial = 0; trial < 200; ++trial) {
    const Triangle triangle = random.Face();
    ExpectGradient(random.Point(2), triangle);
  }
}

TEST(BoundaryTest, PointsAndLinesAreTrianglesToo) {
  const Triangle point = {{{1, 1}, {1, 1}, {1, 1}}};
  EXPECT_EQ(Nearest({4, 5}, point).square, 25);
  EXPECT_EQ(Nearest({1, 1}, point).square, 0);
  const Triangle same_corners = {{{0, 0}, {0, 0}, {2, 0}}}, on_a_line = {{{0, 0}, {2, 0}, {1, 0}}};
  for (const Triangle& line : {same_corners, on_a_line}) {
    EXPECT_EQ(Nearest({0.5, 3}, line).square, 9);
    EXPECT_EQ(Nearest({-3, 4}, line).square, 25);
    EXPECT_EQ(Nearest({1.5, 0}, line).square, 0);
  }
  // No direction is preferred along an edge without length: its start counts.
  const BoundaryPoint<double> nearest = Nearest({4, 5}, point);
  const double weights[3] = {1, 0, 0};
  for (int k = 0; k < 3; ++k) EXPECT_EQ(nearest.weight[k], weights[k]);
}

TEST(BoundaryTest, OfEquallyNearEdgesTheFirstCounts) {
  const BoundaryPoint<double> corner = Nearest({5, 0}, kRight);  // the end of edge 0, start of 1
  EXPECT_EQ(corner.weight[1], 1);
  const Triangle isosceles = {{{-2, 0}, {2, 0}, {0, 2}}};
  const BoundaryPoint<double> between = Nearest({0, 1}, isosceles);  // edges 1 and 2
  EXPECT_EQ(between.weight[0], 0);
  EXPECT_GT(between.weight[1], 0);
}

// An edge so short that 1 / length^2 overflows or length^2 is 0: distances stay those of its ends.
template <typename F>
void ExpectShortEdgesHarmless() {
  for (const F tiny : {std::numeric_limits<F>::denorm_min(), std::numeric_limits<F>::min(),
                       std::sqrt(std::numeric_limits<F>::denorm_min()),
                       std::sqrt(std::numeric_limits<F>::min())}) {
    const Vec2<F> corners[3] = {{0, 0}, {tiny, 0}, {tiny, tiny}};
    const Boundary<F> boundary = MakeBoundary(corners);
    for (const Vec2<F>& pixel : {Vec2<F>{0, 0}, Vec2<F>{3, 4}, Vec2<F>{tiny, 0}, Vec2<F>{0, -5}}) {
      const BoundaryPoint<F> nearest = NearestOnBoundary(pixel, boundary);
      EXPECT_NEAR(nearest.square, pixel.x * pixel.x + pixel.y * pixel.y, F(1e-5));
      for (int k = 0; k < 3; ++k) {
        EXPECT_GE(nearest.weight[k], 0);
        EXPECT_LE(nearest.weight[k], 1);
      }
    }
  }
}

TEST(BoundaryTest, EdgesWithoutLengthAreHarmless) {
  ExpectShortEdgesHarmless<float>();
  ExpectShortEdgesHarmless<double>();
}

}  // namespace
}  // namespace mesh_renderer
