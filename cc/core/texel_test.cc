#include "cc/core/texel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace mesh_renderer {
namespace {

constexpr double kEps = 1e-3;
constexpr double kStep = 1e-6;       // of central differences
constexpr double kTolerance = 1e-8;  // their truncation and rounding error
constexpr double kRounding = 1e-14;  // a few operations in double
constexpr int kTrials = 200;

struct Barycentrics {
  double b[3];
};

// Points of a triangle whose positions keep a distance of kStep from every texel boundary.
std::vector<Barycentrics> SmoothPoints(const TexelGrid<double>& grid) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<Barycentrics> points;
  while (points.size() < kTrials) {
    const double u = uniform(random), v = uniform(random);
    const Barycentrics point = {{u * (1 - v), u * v, 1 - u}};
    bool smooth = true;
    for (double b : point.b) {
      const double position = b * grid.scale;
      smooth = smooth && std::abs(position - std::round(position)) > 10 * kStep * grid.scale &&
               std::abs(position - grid.upper) > 10 * kStep * grid.scale;
    }
    if (smooth) points.push_back(point);
  }
  return points;
}

// A value for every texel, and the lookup written as three nested linear interpolations.
double TexelValue(int i, int j, int k) { return std::sin(3.0 * i + 5.0 * j + 7.0 * k + 1.0); }

double NestedLookup(int side, double eps, const double* b) {
  int low[3];
  double r[3];
  for (int k = 0; k < 3; ++k) {
    const double q = std::fmax(0, std::fmin(b[k] * (side - 1), std::fmax(0, side - 1 - eps)));
    low[k] = static_cast<int>(q);
    r[k] = q - low[k];
  }
  const auto mix = [](double x, double y, double t) { return x * (1 - t) + y * t; };
  const auto along2 = [&](int i, int j) {
    return mix(TexelValue(i, j, low[2]), TexelValue(i, j, low[2] + 1), r[2]);
  };
  const auto along1 = [&](int i) { return mix(along2(i, low[1]), along2(i, low[1] + 1), r[1]); };
  return mix(along1(low[0]), along1(low[0] + 1), r[0]);
}

double ValueAtOffset(int64_t side, int64_t offset) {
  return TexelValue(static_cast<int>(offset / (side * side)),
                    static_cast<int>(offset / side % side), static_cast<int>(offset % side));
}

double Lookup(const TexelGrid<double>& grid, const double* b) {
  const TexelLookup<double> lookup = LocateTexels(grid, b);
  double weights[kTexelsPerLookup];
  TexelWeights(lookup, weights);
  double value = 0;
  for (int n = 0; n < kTexelsPerLookup; ++n) {
    value += weights[n] * ValueAtOffset(grid.side, TexelOffset(lookup, n));
  }
  return value;
}

TEST(TexelTest, EqualsNestedLinearInterpolation) {
  for (int side : {2, 3, 4, 9}) {
    const auto grid = MakeTexelGrid<double>(side, kEps);
    for (const Barycentrics& point : SmoothPoints(grid)) {
      EXPECT_NEAR(Lookup(grid, point.b), NestedLookup(side, kEps, point.b), kRounding);
    }
  }
}

TEST(TexelTest, WeightsAreAPartitionOfUnity) {
  for (int side : {1, 2, 4}) {
    const auto grid = MakeTexelGrid<double>(side, kEps);
    for (const Barycentrics& point : SmoothPoints(MakeTexelGrid<double>(5, kEps))) {
      double weights[kTexelsPerLookup];
      TexelWeights(LocateTexels(grid, point.b), weights);
      double sum = 0;
      for (double weight : weights) {
        EXPECT_GE(weight, 0);
        sum += weight;
      }
      EXPECT_NEAR(sum, 1, kRounding);
    }
  }
}

TEST(TexelTest, CornersReadTheTexelsBesideTheClamp) {
  const auto grid = MakeTexelGrid<double>(4, kEps);
  const double b[3] = {1, 0, 0};
  const TexelLookup<double> lookup = LocateTexels(grid, b);
  EXPECT_EQ(lookup.offset, 2 * 16);  // texel (2, 0, 0): the clamp stops short of texel 3
  EXPECT_NEAR(lookup.fraction[0], 1 - kEps, kRounding);
  EXPECT_EQ(lookup.fraction[1], 0);
  EXPECT_EQ(TexelOffset(lookup, 4), 3 * 16);
  EXPECT_EQ(TexelOffset(lookup, 2), 2 * 16 + 4);
  EXPECT_EQ(TexelOffset(lookup, 1), 2 * 16 + 1);
}

TEST(TexelTest, SideOneAndLargeEpsReadTexelZero) {
  for (const auto& grid : {MakeTexelGrid<double>(1, kEps), MakeTexelGrid<double>(2, 1.5)}) {
    for (const Barycentrics& point : SmoothPoints(MakeTexelGrid<double>(5, kEps))) {
      double weights[kTexelsPerLookup];
      const TexelLookup<double> lookup = LocateTexels(grid, point.b);
      TexelWeights(lookup, weights);
      EXPECT_EQ(lookup.offset, 0);
      EXPECT_EQ(weights[0], 1);
    }
  }
}

template <typename F>
void ExpectLookupsInside(int side, double eps) {
  const F inf = std::numeric_limits<F>::infinity();
  const F nan = std::numeric_limits<F>::quiet_NaN();
  const F values[] = {F(0), F(1), F(-1), F(2), F(1) / F(3), F(0.99999994), inf, -inf, nan};
  const auto grid = MakeTexelGrid<F>(side, eps);
  for (F b0 : values) {
    for (F b1 : values) {
      const F b[3] = {b0, b1, b0};
      const TexelLookup<F> lookup = LocateTexels(grid, b);
      F weights[kTexelsPerLookup];
      TexelWeights(lookup, weights);
      for (int n = 0; n < kTexelsPerLookup; ++n) {
        EXPECT_GE(TexelOffset(lookup, n), 0);
        EXPECT_LT(TexelOffset(lookup, n), int64_t{side} * side * side);
        EXPECT_GE(weights[n], 0);
        EXPECT_LE(weights[n], 1);
      }
    }
  }
}

TEST(TexelTest, NoLookupLeavesTheCube) {
  for (int side : {1, 2, 3, 64}) {
    // 1e-9 rounds away in float; no eps and a negative one are no reason to read foreign memory.
    for (double eps : {1e-3, 1e-9, 0.0, -1.0, 100.0}) {
      ExpectLookupsInside<float>(side, eps);
      ExpectLookupsInside<double>(side, eps);
    }
  }
}

TEST(TexelTest, PositionBackwardIsTheDerivative) {
  const auto grid = MakeTexelGrid<double>(4, kEps);
  for (double b : {-0.3, 0.1, 0.5, 0.9, 0.9999, 1.2}) {
    const double numeric =
        (TexelPosition(grid, b + kStep) - TexelPosition(grid, b - kStep)) / (2 * kStep);
    EXPECT_NEAR(TexelPositionBackward(grid, b, 2.0), 2 * numeric, kTolerance) << b;
  }
  EXPECT_EQ(TexelPositionBackward(grid, 0.0, 1.0), 3);  // the ends of the range are inside
}

TEST(TexelTest, WeightsBackwardIsTheDerivative) {
  const auto grid = MakeTexelGrid<double>(4, kEps);
  for (const Barycentrics& point : SmoothPoints(grid)) {
    TexelLookup<double> lookup = LocateTexels(grid, point.b);
    double grad_weights[kTexelsPerLookup];
    for (int n = 0; n < kTexelsPerLookup; ++n) grad_weights[n] = std::cos(5.0 * n + point.b[0]);
    const Vec3<double> grad = TexelWeightsBackward(lookup, grad_weights);
    const double analytic[3] = {grad.x, grad.y, grad.z};
    for (int k = 0; k < 3; ++k) {
      double sums[2];
      for (int side = 0; side < 2; ++side) {
        TexelLookup<double> moved = lookup;
        moved.fraction[k] += side == 0 ? kStep : -kStep;
        double weights[kTexelsPerLookup];
        TexelWeights(moved, weights);
        sums[side] = 0;
        for (int n = 0; n < kTexelsPerLookup; ++n) sums[side] += weights[n] * grad_weights[n];
      }
      EXPECT_NEAR(analytic[k], (sums[0] - sums[1]) / (2 * kStep), kTolerance);
    }
  }
}

TEST(TexelTest, WholeLookupBackwardIsTheDerivative) {
  for (int side : {2, 4, 9}) {
    const auto grid = MakeTexelGrid<double>(side, kEps);
    for (const Barycentrics& point : SmoothPoints(grid)) {
      const TexelLookup<double> lookup = LocateTexels(grid, point.b);
      double values[kTexelsPerLookup];
      for (int n = 0; n < kTexelsPerLookup; ++n) {
        values[n] = ValueAtOffset(side, TexelOffset(lookup, n));
      }
      const Vec3<double> grad = TexelWeightsBackward(lookup, values);
      const double grad_position[3] = {grad.x, grad.y, grad.z};
      for (int k = 0; k < 3; ++k) {
        Barycentrics above = point, below = point;
        above.b[k] += kStep;
        below.b[k] -= kStep;
        const double numeric = (Lookup(grid, above.b) - Lookup(grid, below.b)) / (2 * kStep);
        EXPECT_NEAR(TexelPositionBackward(grid, point.b[k], grad_position[k]), numeric, kTolerance);
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
