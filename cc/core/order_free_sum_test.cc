#include "cc/core/order_free_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace mesh_renderer {
namespace {

double SumOf(const std::vector<float>& addends) {
  uint32_t largest = 0;
  for (const float addend : addends) largest = std::max(largest, MagnitudeBits(addend));
  const int bits = AddendBits(static_cast<int64_t>(addends.size()));
  int64_t units = 0;
  for (const float addend : addends) units += ToUnits(addend, largest, bits);
  return FromUnits(units, largest, bits);
}

std::vector<float> RandomAddends(int count, float lowest_exponent, float highest_exponent) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> exponent(lowest_exponent, highest_exponent), sign(-1, 1);
  std::vector<float> addends(count);
  for (float& addend : addends) addend = std::copysign(std::exp2(exponent(random)), sign(random));
  return addends;
}

TEST(OrderFreeSum, IsExactWhereDoubleIs) {
  const std::vector<float> addends = RandomAddends(1000, -4, 4);
  double expected = 0;
  for (const float addend : addends) expected += addend;
  EXPECT_EQ(SumOf(addends), expected);
}

TEST(OrderFreeSum, DoesNotDependOnTheOrder) {
  std::vector<float> addends = RandomAddends(5000, -60, 60);
  const double sum = SumOf(addends);
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(addends.begin(), addends.end(), random);
    EXPECT_EQ(SumOf(addends), sum);
  }
}

TEST(OrderFreeSum, HoldsTheLargestAndTheSmallestNumbers) {
  const float max = std::numeric_limits<float>::max();
  const float tiny = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(SumOf({max}), max);
  EXPECT_EQ(SumOf({max, -max}), 0);
  EXPECT_EQ(SumOf({max, max, max, max}), 4.0 * max);
  EXPECT_EQ(SumOf({tiny}), tiny);
  EXPECT_EQ(SumOf({tiny, tiny, -3 * tiny}), -tiny);
  EXPECT_EQ(SumOf({1.0f, std::numeric_limits<float>::min()}), 1.0);
  EXPECT_EQ(SumOf({}), 0);
  EXPECT_EQ(SumOf({0.0f, -0.0f}), 0);
}

TEST(OrderFreeSum, ManyLargeAddendsDoNotOverflow) {
  const float almost_two = std::nextafter(2.0f, 0.0f);
  for (const int count : {1, 2, 3, 4, 5, 1000, 65537}) {
    EXPECT_EQ(SumOf(std::vector<float>(count, almost_two)), count * double{almost_two});
    EXPECT_EQ(SumOf(std::vector<float>(count, -almost_two)), -count * double{almost_two});
  }
}

TEST(OrderFreeSum, OneAddendThatIsNoNumberMakesTheSumNone) {
  EXPECT_TRUE(std::isnan(SumOf({1.0f, std::numeric_limits<float>::quiet_NaN()})));
  EXPECT_TRUE(std::isnan(SumOf({1.0f, -std::numeric_limits<float>::infinity()})));
}

}  // namespace
}  // namespace mesh_renderer
