// Homogeneous triangles against their definitions: inverse matrices, neighbours, finite
// differences.
#include "cc/core/triangle.h"

#include <gtest/gtest.h>

#include <random>

#include "cc/core/viewport.h"

namespace mesh_renderer {
namespace {

using V = Vec3<double>;

V RandomPoint(std::mt19937* rng) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  return {uniform(*rng), uniform(*rng), 1.5 + uniform(*rng)};
}

// Barycentrics and w of the image point p by the definition b = inverse(Q) p / sum.
void Evaluate(const V q[3], const V& p, double b[3], double* w) {
  const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
  const double e[3] = {Dot(edges.e0, p), Dot(edges.e1, p), Dot(edges.e2, p)};
  const double sum = e[0] + e[1] + e[2];
  for (int k = 0; k < 3; ++k) b[k] = e[k] / sum;
  *w = edges.det / sum;
}

TEST(TriangleTest, EdgesAreRowsOfTheAdjugate) {
  std::mt19937 rng(1);
  for (int trial = 0; trial < 20; ++trial) {
    const V q[3] = {RandomPoint(&rng), RandomPoint(&rng), RandomPoint(&rng)};
    const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
    const V rows[3] = {edges.e0, edges.e1, edges.e2};
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        EXPECT_NEAR(Dot(rows[i], q[j]), i == j ? edges.det : 0.0, 1e-12);
      }
    }
  }
}

TEST(TriangleTest, InterpolatesThePointItCovers) {
  std::mt19937 rng(2);
  const V q[3] = {RandomPoint(&rng), RandomPoint(&rng), RandomPoint(&rng)};
  const V p = {0.1, -0.2, 1.0};
  double b[3], w;
  Evaluate(q, p, b, &w);
  const V point = b[0] * q[0] + b[1] * q[1] + b[2] * q[2];
  EXPECT_NEAR(point.x / point.z, p.x, 1e-12);
  EXPECT_NEAR(point.y / point.z, p.y, 1e-12);
  EXPECT_NEAR(point.z, w, 1e-12);
}

TEST(TriangleTest, NeighboursGetExactlyOppositeEdges) {
  std::mt19937 rng(3);
  for (int trial = 0; trial < 100; ++trial) {
    const V a = RandomPoint(&rng), b = RandomPoint(&rng), left = RandomPoint(&rng),
            right = RandomPoint(&rng);
    const V ab = ComputeTriangleEdges(a, b, left).e2, ba = ComputeTriangleEdges(b, a, right).e2;
    EXPECT_EQ(ab.x, -ba.x);
    EXPECT_EQ(ab.y, -ba.y);
    EXPECT_EQ(ab.z, -ba.z);
    const PixelPlane<double> plane = ToPixelPlane(ab, 33, 17), opposite = ToPixelPlane(ba, 33, 17);
    EXPECT_EQ(plane.a, -opposite.a);
    EXPECT_EQ(plane.b, -opposite.b);
    EXPECT_EQ(plane.c, -opposite.c);
  }
}

TEST(TriangleTest, PixelPlaneAgreesWithNdc) {
  const V e = {0.3, -1.7, 0.9};
  const PixelPlane<double> plane = ToPixelPlane(e, 20, 12);
  for (int row = 0; row < 12; ++row) {
    for (int column = 0; column < 20; ++column) {
      const V p = {ColumnToNdc<double>(column, 20), RowToNdc<double>(row, 12), 1.0};
      EXPECT_NEAR(plane.a * column + plane.b * row + plane.c, Dot(e, p), 1e-12);
    }
  }
}

TEST(TriangleTest, CounterClockwiseIsPositive) {
  EXPECT_GT(ComputeTriangleEdges(V{0, 0, 1}, V{1, 0, 1}, V{0, 1, 1}).det, 0);
  EXPECT_LT(ComputeTriangleEdges(V{0, 0, 1}, V{0, 1, 1}, V{1, 0, 1}).det, 0);
}

// One number from barycentrics, w and z_ndc, whose gradient is compared with differences.
struct Loss {
  double grad_b[3] = {0.7, -1.1, 0.4}, grad_w = 0.9, grad_z_ndc = 0.0;
  double z[3] = {0.2, -0.5, 0.8};

  double operator()(const V q[3], const V& p) const {
    double b[3], w;
    Evaluate(q, p, b, &w);
    const double z_ndc = (b[0] * z[0] + b[1] * z[1] + b[2] * z[2]) / w;
    return grad_b[0] * b[0] + grad_b[1] * b[1] + grad_b[2] * b[2] + grad_w * w + grad_z_ndc * z_ndc;
  }
};

double Difference(const Loss& loss, const V q[3], const V& p, int k, double V::*coordinate) {
  constexpr double kStep = 1e-6;
  V above[3] = {q[0], q[1], q[2]}, below[3] = {q[0], q[1], q[2]};
  above[k].*coordinate += kStep;
  below[k].*coordinate -= kStep;
  return (loss(above, p) - loss(below, p)) / (2 * kStep);
}

void ExpectGradient(const Loss& loss, const V q[3], const V& p,
                    const BarycentricResponse<double>& r, const double b[3]) {
  const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
  for (int k = 0; k < 3; ++k) {
    const V grad =
        CornerGradient(edges, b[k] * r.response[0], b[k] * r.response[1], b[k] * r.response[2]);
    EXPECT_NEAR(grad.x, Difference(loss, q, p, k, &V::x), 1e-6);
    EXPECT_NEAR(grad.y, Difference(loss, q, p, k, &V::y), 1e-6);
    EXPECT_NEAR(grad.z, Difference(loss, q, p, k, &V::z), 1e-6);
  }
}

TEST(TriangleTest, DepthFromWBackwardIsTheDerivative) {
  const V q[3] = {{-0.8, -0.5, 1.2}, {1.4, -0.3, 2.0}, {0.1, 1.5, 0.9}}, p = {0.15, 0.1, 1.0};
  const Loss loss;
  double b[3], w;
  Evaluate(q, p, b, &w);
  ExpectGradient(loss, q, p, DepthFromWBackward(b, loss.grad_b, loss.grad_w, w), b);
}

TEST(TriangleTest, DepthFromZBackwardIsTheDerivative) {
  const V q[3] = {{-0.8, -0.5, 1.2}, {1.4, -0.3, 2.0}, {0.1, 1.5, 0.9}}, p = {0.15, 0.1, 1.0};
  Loss loss;
  loss.grad_w = 0;
  loss.grad_z_ndc = 1.3;
  const double q_w[3] = {q[0].z, q[1].z, q[2].z};
  double b[3], w;
  Evaluate(q, p, b, &w);
  const auto r = DepthFromZBackward(b, loss.grad_b, loss.grad_z_ndc, loss.z, q_w);
  ExpectGradient(loss, q, p, r, b);
  for (int k = 0; k < 3; ++k) {
    constexpr double kStep = 1e-6;
    Loss above = loss, below = loss;
    above.z[k] += kStep;
    below.z[k] -= kStep;
    EXPECT_NEAR(r.grad_z_over_b * b[k], (above(q, p) - below(q, p)) / (2 * kStep), 1e-6);
  }
}

}  // namespace
}  // namespace mesh_renderer
