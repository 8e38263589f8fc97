// Boxes of faces: which pixels they hold, and that the ranges of pixels lose none of them.
#include "cc/core/soft_reach.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mesh_renderer {
namespace {

constexpr Vec2<double> kCorners[3] = {{-0.5, 0.25}, {0.5, -0.25}, {0.0, 0.5}};

TEST(SoftReachTest, SidesBelongToTheClosedBoxAndHalfOfThemToTheOther) {
  const ReachBox<double> box = BoxOf(kCorners, 0.25);
  EXPECT_EQ(box.left, -0.75);
  EXPECT_EQ(box.right, 0.75);
  EXPECT_EQ(box.bottom, -0.5);
  EXPECT_EQ(box.top, 0.75);
  const auto half_open = [&](double x, double y) { return InHalfOpenBox(Vec2<double>{x, y}, box); };
  const auto closed = [&](double x, double y) { return InClosedBox(Vec2<double>{x, y}, box); };
  EXPECT_TRUE(half_open(-0.75, -0.5));
  EXPECT_FALSE(half_open(0.75, 0));
  EXPECT_FALSE(half_open(0, 0.75));
  EXPECT_TRUE(closed(0.75, 0.75));
  EXPECT_FALSE(closed(0.76, 0.75));
  EXPECT_FALSE(closed(0, -0.51));
}

TEST(SoftReachTest, RangesHoldAllPixelsOfTheBoxAndFewOthers) {
  std::mt19937 rng(3);
  std::uniform_real_distribution<float> uniform(-1.6f, 1.6f);
  constexpr int kHeight = 21, kWidth = 34;
  for (int trial = 0; trial < 300; ++trial) {
    Vec2<float> corners[3];
    for (auto& p : corners) p = {uniform(rng), uniform(rng)};
    const float reach = 0.1f * (trial % 3);
    const ReachBox<float> box = BoxOf(corners, reach);
    const PixelRanges ranges = PixelsInReach(corners, reach, kHeight, kWidth);
    int first = kWidth, last = -1;
    for (int column = 0; column < kWidth; ++column) {
      const float x = ColumnToNdc(static_cast<float>(column), kWidth);
      if (x < box.left || x > box.right) continue;
      first = std::min(first, column);
      last = column;
    }
    if (last < 0) continue;
    EXPECT_LE(ranges.columns.begin, first);
    EXPECT_GE(ranges.columns.begin, first - 1);
    EXPECT_GE(ranges.columns.end, last + 1);
    EXPECT_LE(ranges.columns.end, last + 2);
  }
}

TEST(SoftReachTest, NothingIsCoveredBesideTheImage) {
  for (const double beside : {-9.0, 30.0, 1e30}) {
    const PixelRange range = CoveredPixels(beside, beside + 1, 20);
    EXPECT_EQ(range.begin, range.end);
  }
  EXPECT_EQ(CoveredPixels(-1e30, 1e30, 20).begin, 0);
  EXPECT_EQ(CoveredPixels(-1e30, 1e30, 20).end, 20);
}

}  // namespace
}  // namespace mesh_renderer
