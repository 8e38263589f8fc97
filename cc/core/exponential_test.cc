// e^x against that of double, over the whole range.
#include "cc/core/exponential.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cc/core/select.h"

namespace mesh_renderer {
namespace {

TEST(ExponentialTest, IsExactToTheLastBitOrTwo) {
  for (float x = kLowestExponent; x < 88.0f; x += 0.00917f) {
    const double exact = std::exp(static_cast<double>(x));
    ASSERT_NEAR(ExpBySeries<int32_t>(x), exact, 2.5e-7 * exact) << x;
  }
  EXPECT_EQ(Exp(0.0f), 1.0f);
}

TEST(ExponentialTest, StaysAtTheSmallestNumbers) {
  const float smallest = Exp(kLowestExponent);
  EXPECT_GT(smallest, 1.1e-38f);
  EXPECT_EQ(Exp(-1e30f), smallest);
  EXPECT_EQ(Exp(-INFINITY), smallest);
}

}  // namespace
}  // namespace mesh_renderer
