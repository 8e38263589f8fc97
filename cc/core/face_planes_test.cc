#include "cc/core/face_planes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mesh_renderer {
namespace {

constexpr int kHeight = 60, kWidth = 90;

// Corners of random triangles in front of the camera.
struct Corners {
  Vec3<double> q[3];
  double z[3];

  explicit Corners(std::mt19937* rng) {
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (int k = 0; k < 3; ++k) {
      q[k] = {uniform(*rng), uniform(*rng), 1.5 + uniform(*rng)};
      z[k] = uniform(*rng);
    }
  }
};

double At(const FacePlanes<double>& planes, int plane, double column, double row) {
  return planes.a[plane] * column + planes.b[plane] * row + planes.c[plane];
}

bool IsPowerOfTwo(double value) {
  int exponent;
  return std::frexp(value, &exponent) == 0.5;
}

// Pixel position of a corner.
Vec2<double> PlaceOf(const Vec3<double>& q) {
  return {NdcToColumn(q.x / q.z, kWidth), NdcToRow(q.y / q.z, kHeight)};
}

TEST(FacePlanes, EdgesVanishAtTheCornersTheyJoin) {
  std::mt19937 rng(1);
  for (int i = 0; i < 100; ++i) {
    const Corners corners(&rng);
    const auto planes = ComputeFacePlanes(corners.q, corners.z, DepthFrom::kW, kHeight, kWidth);
    for (int k = 0; k < 3; ++k) {
      const Vec2<double> place = PlaceOf(corners.q[k]);
      for (int edge = 0; edge < 3; ++edge) {
        const double value = At(planes, edge, place.x, place.y);
        if (edge == k) {
          EXPECT_GT(value, 0) << "edge functions have the sign of the inside";
        } else {
          EXPECT_NEAR(value, 0, 1e-10 * std::abs(At(planes, k, place.x, place.y)));
        }
      }
    }
  }
}

TEST(FacePlanes, KeysAreInverseDepthOrMinusZ) {
  std::mt19937 rng(2);
  for (int i = 0; i < 100; ++i) {
    const Corners corners(&rng);
    const auto from_w = ComputeFacePlanes(corners.q, corners.z, DepthFrom::kW, kHeight, kWidth);
    const auto from_z = ComputeFacePlanes(corners.q, corners.z, DepthFrom::kZ, kHeight, kWidth);
    for (int k = 0; k < 3; ++k) {
      const Vec2<double> place = PlaceOf(corners.q[k]);
      const double w = corners.q[k].z;
      EXPECT_NEAR(At(from_w, kKeyPlane, place.x, place.y), 1 / w, 1e-7);
      EXPECT_NEAR(At(from_z, kKeyPlane, place.x, place.y), -corners.z[k] / w, 1e-7);
    }
  }
}

// Bit for bit, at the corners of all tiles: what makes shared edges watertight.
TEST(FacePlanes, NeighboursAgreeOnTheirEdge) {
  std::mt19937 rng(3);
  for (int i = 0; i < 100; ++i) {
    const Corners corners(&rng);
    Corners neighbour(&rng);  // the edge from corner 0 to 1, the other way round
    neighbour.q[0] = corners.q[1];
    neighbour.q[1] = corners.q[0];
    const auto ours = ComputeFacePlanes(corners.q, corners.z, DepthFrom::kW, kHeight, kWidth);
    const auto theirs = ComputeFacePlanes(neighbour.q, neighbour.z, DepthFrom::kW, kHeight, kWidth);
    const double side = (ours.det > 0) == (theirs.det > 0) ? -1 : 1;
    const double power = theirs.a[2] / ours.a[2] * side;
    EXPECT_TRUE(IsPowerOfTwo(power)) << "scales differ by a power of two";
    for (const TileOrigin& origin : {TileOrigin{0, 0}, TileOrigin{64, 0}, TileOrigin{1024, 512}}) {
      EXPECT_EQ(ConstantInTile<float>(theirs.a[2], theirs.b[2], theirs.c[2], origin),
                static_cast<float>(side * power) *
                    ConstantInTile<float>(ours.a[2], ours.b[2], ours.c[2], origin));
    }
  }
}

TEST(FacePlanes, ScaleIsAPowerOfTwoNearTheInverse) {
  for (const double det : {1.0, -1.0, 3e-200, -7e200, 0.1}) {
    const double scale = PowerOfTwoScale(det);
    EXPECT_GE(det * scale, 1);
    EXPECT_LT(det * scale, 2);
    EXPECT_TRUE(IsPowerOfTwo(std::abs(scale)));
  }
}

}  // namespace
}  // namespace mesh_renderer
