#include "cc/core/face_bounds.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mesh_renderer {
namespace {

constexpr int kHeight = 40, kWidth = 50;

FaceBounds Bound(const PixelPosition& a, const PixelPosition& b, const PixelPosition& c,
                 Cull cull = Cull::kNone) {
  const PixelPosition corners[3] = {a, b, c};
  return BoundFace(corners, kHeight, kWidth, cull);
}

void ExpectPixels(const FaceBounds& bounds, int column_begin, int column_end, int row_begin,
                  int row_end) {
  EXPECT_TRUE(bounds.may_cover);
  EXPECT_EQ(bounds.column_begin, column_begin);
  EXPECT_EQ(bounds.column_end, column_end);
  EXPECT_EQ(bounds.row_begin, row_begin);
  EXPECT_EQ(bounds.row_end, row_end);
}

TEST(FaceBounds, HoldThePixelCentresOfTheBox) {
  ExpectPixels(Bound({1.5f, 2.5f}, {7.5f, 2.5f}, {1.5f, 9.5f}), 2, 8, 3, 10);
  ExpectPixels(Bound({2, 3}, {7, 3}, {2, 9}), 2, 8, 3, 10);  // centres on the border count
}

TEST(FaceBounds, EndAtTheImage) {
  ExpectPixels(Bound({-1e9f, -1e9f}, {1e9f, -5}, {0, 1e9f}), 0, kWidth, 0, kHeight);
  ExpectPixels(Bound({-3, 30}, {4.5f, 30}, {4.5f, 90}), 0, 5, 30, kHeight);
  EXPECT_FALSE(Bound({-3, 5}, {-1, 5}, {-2, 9}).may_cover);
  EXPECT_FALSE(Bound({60, 5}, {70, 5}, {60, 9}).may_cover);
}

TEST(FaceBounds, BetweenPixelCentresThereIsNothing) {
  EXPECT_FALSE(Bound({1.2f, 2.2f}, {1.8f, 2.2f}, {1.2f, 2.8f}).may_cover);
}

TEST(FaceBounds, CornersBehindTheCamera) {
  const PixelPosition behind = {NAN, NAN};
  ExpectPixels(Bound({5, 5}, behind, {6, 5}, Cull::kBack), 0, kWidth, 0, kHeight);
  EXPECT_FALSE(Bound(behind, behind, behind).may_cover);
}

TEST(FaceBounds, ClearWindingIsCulled) {
  const PixelPosition a = {5, 20}, b = {20, 20}, c = {5, 5};  // rows go down: counter-clockwise
  EXPECT_TRUE(Bound(a, b, c, Cull::kBack).may_cover);
  EXPECT_FALSE(Bound(a, b, c, Cull::kFront).may_cover);
  EXPECT_FALSE(Bound(a, c, b, Cull::kBack).may_cover);
  EXPECT_TRUE(Bound(a, c, b, Cull::kNone).may_cover);
  const PixelPosition d = {20, 20.001f};  // a sliver may wind either way
  EXPECT_TRUE(Bound(a, b, d, Cull::kBack).may_cover);
  EXPECT_TRUE(Bound(a, b, d, Cull::kFront).may_cover);
}

TEST(FaceBounds, PositionsBehindTheCameraAreNan) {
  const float in_front[] = {0, 0, 0, 2}, behind[] = {1, 1, 1, -2}, on_camera[] = {1, 1, 1, 0};
  EXPECT_EQ(ToPixelPosition(in_front, kHeight, kWidth).x, (kWidth - 1) * 0.5f);
  EXPECT_EQ(ToPixelPosition(in_front, kHeight, kWidth).y, (kHeight - 1) * 0.5f);
  EXPECT_TRUE(std::isnan(ToPixelPosition(behind, kHeight, kWidth).x));
  EXPECT_TRUE(std::isnan(ToPixelPosition(on_camera, kHeight, kWidth).x));
}

}  // namespace
}  // namespace mesh_renderer
