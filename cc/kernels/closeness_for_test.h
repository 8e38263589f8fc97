// Comparison of whole arrays whose sums were formed in different orders, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mesh_renderer {

// Differences stay below `relative` times the largest finite expected value. What is no finite
// number in one is none in the other.
inline void ExpectClose(const std::vector<float>& actual, const std::vector<float>& expected,
                        float relative) {
  ASSERT_EQ(actual.size(), expected.size());
  float largest = 0;
  for (float value : expected) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_EQ(std::isfinite(actual[i]), std::isfinite(expected[i])) << i;
    if (!std::isfinite(actual[i])) continue;
    ASSERT_NEAR(actual[i], expected[i], relative * largest) << i;
  }
}

}  // namespace mesh_renderer
