#include "cc/core/visibility.h"

#include <gtest/gtest.h>

namespace mesh_renderer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Visibility, KeysOfTheLimitsAreInverseDepths) {
  const DepthKeys keys = KeysOf({Cull::kNone, DepthFrom::kW, 0.5, 4.0});
  EXPECT_EQ(keys.near_key, 2.0);
  EXPECT_EQ(keys.far_key, 0.25);
}

TEST(Visibility, LimitsBehindTheCameraAreThoseAtTheCamera) {
  EXPECT_EQ(KeysOf({Cull::kNone, DepthFrom::kW, -1.0, 4.0}).near_key, kInfinity);
  EXPECT_EQ(KeysOf({Cull::kNone, DepthFrom::kW, 0.0, kInfinity}).far_key, 0.0);
  EXPECT_EQ(KeysOf({Cull::kNone, DepthFrom::kW, -2.0, -1.0}).far_key, kInfinity);
}

TEST(Visibility, DepthOfTheKeysOfTheLimits) {
  for (DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
    const RasterizeSettings settings = {Cull::kNone, depth_from, 0.5, 4.0};
    const DepthKeys keys = KeysOf(settings);
    EXPECT_EQ(DepthOfKey<double>(keys.near_key, settings), 0.5);
    EXPECT_EQ(DepthOfKey<double>(keys.far_key, settings), 4.0);
  }
}

TEST(Visibility, FacesAreDrawnByTheirWinding) {
  EXPECT_TRUE(IsDrawn(1.0, Cull::kBack));
  EXPECT_FALSE(IsDrawn(-1.0, Cull::kBack));
  EXPECT_FALSE(IsDrawn(1.0, Cull::kFront));
  EXPECT_TRUE(IsDrawn(-1.0, Cull::kFront));
  for (const double nothing : {0.0, 1e-310, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(IsDrawn(nothing, Cull::kNone));
  }
}

}  // namespace
}  // namespace mesh_renderer
