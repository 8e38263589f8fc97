#include "cc/core/n3mr.h"

#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "gtest/gtest.h"

namespace mesh_renderer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kHeight = 20;
constexpr int kWidth = 30;

using Edge = N3mrEdge<double>;
using Face = N3mrFace<double>;
using Vertex = N3mrVertex<double>;

Vertex VertexAt(double column, double row) { return {{0.0, 0.0}, {column, row}, true}; }

// An edge with the two ends given as scan points (along, across), for ranges and crossings only.
Edge EdgeBetween(Vec2<double> a, Vec2<double> b, int outward) {
  Edge edge = {a.x, b.x, a.x, {(b.y - a.y) / (b.x - a.x), a.x, a.y}, {}, outward};
  edge.exits[0] = edge.exits[1] = {0.0, 0.0, -outward * kInfinity};
  return edge;
}

// Twice the signed area: positive if p is left of a -> b.
double LeftOf(Vec2<double> a, Vec2<double> b, Vec2<double> p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

// Random counter-clockwise triangles on the image.
class RandomFaces {
 public:
  void Next(Vertex* vertices) {
    do {
      for (int k = 0; k < 3; ++k) vertices[k] = VertexAt(column_(random_), row_(random_));
    } while (LeftOf(vertices[0].pixel, vertices[1].pixel, vertices[2].pixel) < 1.0);
  }

 private:
  std::mt19937 random_{7};
  std::uniform_real_distribution<double> column_{0.0, kWidth - 1.0};
  std::uniform_real_distribution<double> row_{0.0, kHeight - 1.0};
};

Vec2<double> PixelOf(N3mrAxis axis, double step, double across) {
  return axis == N3mrAxis::kColumns ? Vec2<double>{step, across} : Vec2<double>{across, step};
}

// Calls check(axis, vertices, face, edge index, step) for every scanline that an edge of a face
// crosses.
template <typename Check>
void ForEachCrossing(const Check& check) {
  RandomFaces faces;
  for (int i = 0; i < 200; ++i) {
    Vertex vertices[3];
    faces.Next(vertices);
    for (N3mrAxis axis : {N3mrAxis::kColumns, N3mrAxis::kRows}) {
      const int count = axis == N3mrAxis::kColumns ? kWidth : kHeight;
      const Face face = N3mrMakeFace(axis, vertices);
      for (int e = 0; e < 3; ++e) {
        const N3mrRange steps = N3mrScanlines(N3mrMakeEdge(axis, face, e), count);
        for (int step = steps.first; step <= steps.last; ++step) {
          check(axis, vertices, face, e, step);
        }
      }
    }
  }
}

TEST(N3mrProject, PixelCentresAreIntegersCountedFromTheBottomLeft) {
  const double w = 2.5;
  const Vertex v = N3mrProject<double>(
      {w * ColumnToNdc(4.0, kWidth), w * RowToNdc(3.0, kHeight), w}, kHeight, kWidth);
  EXPECT_NEAR(v.pixel.x, 4.0, 1e-12);
  EXPECT_NEAR(v.pixel.y, FlipRow(3, kHeight), 1e-12);
  EXPECT_TRUE(v.usable);
}

TEST(N3mrProject, NothingBehindTheCameraOrInfiniteIsUsable) {
  for (double w : {0.0, -0.0, -1.0, kNan}) {
    EXPECT_FALSE(N3mrProject<double>({0.1, 0.2, w}, kHeight, kWidth).usable) << w;
  }
  for (double x : {kInfinity, -kInfinity, kNan, 1e308}) {
    EXPECT_FALSE(N3mrProject<double>({x, 0.2, 0.5}, kHeight, kWidth).usable) << x;
    EXPECT_FALSE(N3mrProject<double>({0.2, x, 0.5}, kHeight, kWidth).usable) << x;
  }
}

TEST(N3mrProject, BackwardAgreesWithFiniteDifferences) {
  const double q[3] = {0.7, -0.4, 1.7};
  const Vec2<double> grad = {0.3, -1.1};
  const auto loss = [&](const double* p) { return grad.x * p[0] / p[2] + grad.y * p[1] / p[2]; };
  const Vec3<double> result = NdcBackward({q[0], q[1], q[2]}, grad);
  const double analytic[3] = {result.x, result.y, result.z};
  constexpr double kStep = 1e-6;
  for (int i = 0; i < 3; ++i) {
    double plus[3] = {q[0], q[1], q[2]};
    double minus[3] = {q[0], q[1], q[2]};
    plus[i] += kStep;
    minus[i] -= kStep;
    EXPECT_NEAR(analytic[i], (loss(plus) - loss(minus)) / (2 * kStep), 1e-9) << i;
  }
}

TEST(N3mrProject, BackwardOfNothingIsNothingEvenWhereTheDivideOverflows) {
  const Vec3<double> result = NdcBackward({1.0, 1.0, 0.0}, Vec2<double>{0.0, 0.0});
  EXPECT_EQ(result.x, 0.0);
  EXPECT_EQ(result.y, 0.0);
  EXPECT_EQ(result.z, 0.0);
}

TEST(N3mrIsBackface, IsClockwiseOnScreen) {
  const Vec3<double> ccw[3] = {{0, 0, 1}, {2, 0, 2}, {0, 3, 3}};
  const Vec3<double> cw[3] = {ccw[2], ccw[1], ccw[0]};
  Vertex projected[3];
  for (const auto* q : {ccw, cw}) {
    for (int k = 0; k < 3; ++k) projected[k] = N3mrProject(q[k], kHeight, kWidth);
    EXPECT_EQ(N3mrIsBackface(q, projected), q == cw);
  }
}

// The part in front of the camera of a face that the camera plane cuts keeps its orientation.
TEST(N3mrIsBackface, IsKnownForFacesThroughTheCameraPlane) {
  const Vec3<double> front[3] = {{0, 0, 1}, {1, 0, 1}, {0, 2, 1}};
  Vec3<double> cut[3] = {front[0], front[1], {0, 2, -1}};
  Vertex projected[3];
  for (int k = 0; k < 3; ++k) projected[k] = N3mrProject(cut[k], kHeight, kWidth);
  // Halfway from vertex 0 toward vertex 2: (0, 0.9, 0.1), which projects far up, left of edge 0
  // -> 1.
  EXPECT_GT(LeftOf({0, 0}, {1, 0}, {0, 9}), 0.0);
  EXPECT_FALSE(N3mrIsBackface(cut, projected));
  std::swap(cut[0], cut[1]);
  std::swap(projected[0], projected[1]);
  EXPECT_TRUE(N3mrIsBackface(cut, projected));
}

TEST(N3mrProjectFace, TurnsBackfacesRound) {
  const Vec3<double> q[3] = {{0, 0, 1}, {0, 1, 1}, {2, 0, 1}};
  Vertex vertices[3];
  EXPECT_TRUE(N3mrProjectFace(q, kHeight, kWidth, vertices));
  for (int k = 0; k < 3; ++k) EXPECT_EQ(vertices[k].ndc.x, q[2 - k].x);
}

TEST(N3mrMakeEdge, OutwardLeavesTheFace) {
  int checked = 0;
  ForEachCrossing([&](N3mrAxis axis, const Vertex* v, const Face& face, int e, int step) {
    const Edge edge = N3mrMakeEdge(axis, face, e);
    const double outside = edge.line.At(step) + 1e-3 * edge.outward;
    const Vec2<double> p = PixelOf(axis, step, outside);
    EXPECT_LT(LeftOf(v[e].pixel, v[(e + 1) % 3].pixel, p), 0.0);
    ++checked;
  });
  EXPECT_GT(checked, 1000);
}

TEST(N3mrScanlines, RoundsInwardsAndClampsToTheImage) {
  struct Case {
    double a, b;
    int first, last;
  };
  for (const Case& c :
       {Case{1.5, 4.5, 2, 4}, Case{4.5, 1.5, 2, 4}, Case{2.0, 4.0, 2, 4}, Case{-3.0, 1.2, 0, 1},
        Case{7.3, 99.0, 8, 9}, Case{-1e30, 1e30, 0, 9}, Case{9.0, 12.0, 9, 9}}) {
    const N3mrRange range = N3mrScanlines(EdgeBetween({c.a, 1.0}, {c.b, 2.0}, 1), 10);
    EXPECT_EQ(range.first, c.first) << c.a << " " << c.b;
    EXPECT_EQ(range.last, c.last) << c.a << " " << c.b;
  }
}

TEST(N3mrScanlines, AreNoneOffTheImage) {
  for (double offset : {-1e30, -5.0, 10.0, 1e30, kNan}) {
    const N3mrRange range =
        N3mrScanlines(EdgeBetween({offset + 0.25, 1.0}, {offset + 3.75, 2.0}, 1), 10);
    EXPECT_GT(range.first, range.last) << offset;
  }
}

TEST(N3mrScanlines, AnEdgeThatEndsJustBeforeTheFirstScanlineStillVisitsIt) {
  const Edge edge = EdgeBetween({-3.0, 5.0}, {-0.5, 6.0}, 1);
  const N3mrRange range = N3mrScanlines(edge, 10);
  EXPECT_EQ(range.first, 0);
  EXPECT_EQ(range.last, 0);
  EXPECT_NEAR(N3mrCross(edge, 0, 10).at, 6.2, 1e-12);  // the prolonged edge
  EXPECT_LT(N3mrScanlines(EdgeBetween({-3.0, 5.0}, {-1.0, 6.0}, 1), 10).last, 0);
}

TEST(N3mrCross, ThePixelInsideMayLieOnTheEdgeTheOneOutsideMayNot) {
  struct Case {
    double at;
    int outward, inside, outside;
  };
  for (const Case& c :
       {Case{3.4, 1, 3, 4}, Case{3.4, -1, 4, 3}, Case{3.0, 1, 3, 4}, Case{3.0, -1, 3, 2},
        Case{0.0, 1, 0, 1}, Case{9.0, -1, 9, 8}, Case{0.2, -1, 1, 0}, Case{8.9, 1, 8, 9}}) {
    const auto crossing = N3mrCross(EdgeBetween({0.0, c.at}, {5.0, c.at}, c.outward), 2, 10);
    EXPECT_TRUE(crossing.on_image) << c.at;
    EXPECT_EQ(crossing.inside, c.inside) << c.at;
    EXPECT_EQ(crossing.outside, c.outside) << c.at;
  }
}

TEST(N3mrCross, NeedsBothPixelsOnTheImage) {
  for (double at : {-0.5, 9.5, -1e30, 1e30, kInfinity, kNan}) {
    for (int outward : {-1, 1}) {
      EXPECT_FALSE(N3mrCross(EdgeBetween({0.0, at}, {5.0, at}, outward), 2, 10).on_image) << at;
    }
  }
  EXPECT_FALSE(N3mrCross(EdgeBetween({0.0, 9.0}, {5.0, 9.0}, 1), 2, 10).on_image);
  EXPECT_FALSE(N3mrCross(EdgeBetween({0.0, 0.0}, {5.0, 0.0}, -1), 2, 10).on_image);
  EXPECT_FALSE(N3mrCross(EdgeBetween({2.0, 1.0}, {2.0, 8.0}, 1), 2, 10).on_image);
}

// The ranges must reach every pixel of the face on the scanline, and the pixels from the edge to
// the border.
TEST(N3mrRanges, CoverTheFaceInsideAndNothingOfItOutside) {
  ForEachCrossing([&](N3mrAxis axis, const Vertex* v, const Face& face, int e, int step) {
    const int length = axis == N3mrAxis::kColumns ? kHeight : kWidth;
    const Edge edge = N3mrMakeEdge(axis, face, e);
    const auto crossing = N3mrCross(edge, step, length);
    if (!crossing.on_image) return;
    const N3mrRange inside = N3mrInsideRange(edge, crossing, step, length);
    const N3mrRange outside = N3mrOutsideRange(edge, crossing, length);
    for (int pixel = 0; pixel < length; ++pixel) {
      const Vec2<double> p = PixelOf(axis, step, pixel);
      bool covered = true;
      for (int k = 0; k < 3; ++k) {
        covered = covered && LeftOf(v[k].pixel, v[(k + 1) % 3].pixel, p) > 0.0;
      }
      const bool in_inside = pixel >= inside.first && pixel <= inside.last;
      const bool in_outside = pixel >= outside.first && pixel <= outside.last;
      EXPECT_TRUE(!covered || (in_inside && !in_outside));
      EXPECT_EQ(in_outside, (pixel - crossing.at) * edge.outward > 0.0);
    }
  });
}

TEST(N3mrRanges, ReachTheBorderIfTheThirdVertexIsUnknown) {
  Vertex vertices[3] = {VertexAt(2.0, 8.3), VertexAt(9.0, 8.3), VertexAt(5.0, 12.0)};
  vertices[2].usable = false;
  const Face face = N3mrMakeFace(N3mrAxis::kColumns, vertices);
  const Edge edge = N3mrMakeEdge(N3mrAxis::kColumns, face, 0);
  const N3mrRange inside = N3mrInsideRange(edge, N3mrCross(edge, 5, kHeight), 5, kHeight);
  EXPECT_EQ(inside.first, 9);
  EXPECT_EQ(inside.last, kHeight - 1);
}

// What the displacement is for: moved by it, either end alone carries the edge onto the pixel.
TEST(N3mrDisplacement, MovesTheEdgeOntoThePixel) {
  int checked = 0;
  ForEachCrossing([&](N3mrAxis axis, const Vertex* v, const Face& face, int e, int step) {
    const int length = axis == N3mrAxis::kColumns ? kHeight : kWidth;
    const double ndc_per_pixel = 2.0 / length;
    const Edge edge = N3mrMakeEdge(axis, face, e);
    const N3mrLevers<double> levers = N3mrMakeLevers(edge, step, ndc_per_pixel);
    const double target = edge.line.At(step) + 3.0;
    for (int end : {0, 1}) {
      const double lever = end == 0 ? levers.a : levers.b;
      if (lever == 0.0) continue;
      const double move = N3mrDisplacement(lever, 3.0, 0.0) / ndc_per_pixel;
      Vertex moved[3] = {v[0], v[1], v[2]};
      Vec2<double>& p = moved[(e + end) % 3].pixel;
      (axis == N3mrAxis::kColumns ? p.y : p.x) += move;
      const double at = N3mrMakeEdge(axis, N3mrMakeFace(axis, moved), e).line.At(step);
      EXPECT_NEAR(at, target, 1e-9 * (1.0 + std::abs(move)));
      ++checked;
    }
  });
  EXPECT_GT(checked, 1000);
}

TEST(N3mrDisplacement, EpsLeadsAwayFromZeroAndZeroGoesDown) {
  EXPECT_DOUBLE_EQ(N3mrDisplacement(2.0, 0.5, 0.25), 1.25);
  EXPECT_DOUBLE_EQ(N3mrDisplacement(2.0, -0.5, 0.25), -1.25);
  EXPECT_DOUBLE_EQ(N3mrDisplacement(2.0, 0.0, 0.25), -0.25);
}

TEST(N3mrMakeLevers, ThereIsNoneWhereTheOtherEndCannotMoveTheCrossing) {
  const N3mrLevers<double> at_b = N3mrMakeLevers(EdgeBetween({1.0, 0.0}, {4.0, 2.0}, 1), 4, 0.1);
  EXPECT_EQ(at_b.a, 0.0);
  EXPECT_NEAR(at_b.b, 0.1, 1e-15);
  const N3mrLevers<double> at_a = N3mrMakeLevers(EdgeBetween({1.0, 0.0}, {4.0, 2.0}, 1), 1, 0.1);
  EXPECT_NEAR(at_a.a, 0.1, 1e-15);
  EXPECT_EQ(at_a.b, 0.0);
}

}  // namespace
}  // namespace mesh_renderer
