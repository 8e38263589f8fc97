// Lanes do what plain numbers do, lane by lane.
#include "cc/kernels/lane_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/random_values_for_test.h"

namespace mesh_renderer {
namespace {

template <typename T>
constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
template <typename T>
constexpr T kInf = std::numeric_limits<T>::infinity();

// Sixteen numbers of which some are special; `seed` moves them to other lanes.
template <typename T>
std::vector<T> Values(int seed) {
  std::mt19937 random(seed);
  std::vector<T> values = RandomValues<T>(kLanes, &random);
  const T special[] = {T(0), -T(0), T(0.5), T(0.5), kInf<T>, -kInf<T>, kNaN<T>};
  for (const T value : special) values[random() % kLanes] = value;
  return values;
}

template <typename T>
bool SameBits(T a, T b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

template <typename T>
class LaneMathTest : public testing::Test {
 protected:
  // Compares `ours` with expected(lane) bit for bit; any NaN equals any other.
  template <typename Expected>
  static void ExpectLanes(const Lanes<T>& ours, const Expected& expected) {
    T values[kLanes];
    Store(ours, values);
    for (int i = 0; i < kLanes; ++i) {
      const T other = expected(i);
      EXPECT_TRUE(SameBits(values[i], other) || (std::isnan(values[i]) && std::isnan(other)))
          << "lane " << i << ": " << values[i] << " for " << other;
    }
  }

  template <typename Expected>
  static void ExpectMask(const LaneMask<T>& mask, const Expected& expected) {
    PixelMask bits = 0;
    for (int i = 0; i < kLanes; ++i) bits |= PixelMask{expected(i)} << i;
    EXPECT_EQ(ToBits(mask), bits);
    EXPECT_EQ(ToBits(!mask), ~bits & 0xFFFF);
  }

  // Calls body(a, b, lanes of a, lanes of b) for many pairs.
  template <typename Body>
  static void ForPairs(const Body& body) {
    for (int seed = 0; seed < 40; ++seed) {
      const std::vector<T> a = Values<T>(2 * seed), b = Values<T>(2 * seed + 1);
      body(a, b, Load(a.data()), Load(b.data()));
    }
  }
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(LaneMathTest, Scalars);

TYPED_TEST(LaneMathTest, ArithmeticWithOneNumber) {
  using T = TypeParam;
  const T c = T(0.75);
  this->ForPairs([&](const auto& a, const auto&, const Lanes<T>& x, const Lanes<T>&) {
    this->ExpectLanes(x + c, [&](int i) { return a[i] + c; });
    this->ExpectLanes(x - c, [&](int i) { return a[i] - c; });
    this->ExpectLanes(x * c, [&](int i) { return a[i] * c; });
    this->ExpectLanes(x / c, [&](int i) { return a[i] / c; });
    this->ExpectLanes(c + x, [&](int i) { return c + a[i]; });
    this->ExpectLanes(c - x, [&](int i) { return c - a[i]; });
    this->ExpectLanes(c * x, [&](int i) { return c * a[i]; });
    this->ExpectLanes(c / x, [&](int i) { return c / a[i]; });
    this->ExpectLanes(-x, [&](int i) { return -a[i]; });
  });
}

TYPED_TEST(LaneMathTest, Comparisons) {
  using T = TypeParam;
  this->ForPairs([&](const auto& a, const auto& b, const Lanes<T>& x, const Lanes<T>& y) {
    this->ExpectMask(x < y, [&](int i) { return a[i] < b[i]; });
    this->ExpectMask(x <= y, [&](int i) { return a[i] <= b[i]; });
    this->ExpectMask(x > y, [&](int i) { return a[i] > b[i]; });
    this->ExpectMask(x >= y, [&](int i) { return a[i] >= b[i]; });
    this->ExpectMask(x == y, [&](int i) { return a[i] == b[i]; });
    this->ExpectMask(x != y, [&](int i) { return a[i] != b[i]; });
    this->ExpectMask(x >= T(0.5), [&](int i) { return a[i] >= T(0.5); });
  });
}

TYPED_TEST(LaneMathTest, MasksCombine) {
  using T = TypeParam;
  this->ForPairs([&](const auto& a, const auto& b, const Lanes<T>& x, const Lanes<T>& y) {
    this->ExpectMask((x < y) & (y > T(0)), [&](int i) { return a[i] < b[i] && b[i] > 0; });
    this->ExpectMask((x < y) | (y > T(0)), [&](int i) { return a[i] < b[i] || b[i] > 0; });
  });
}

TYPED_TEST(LaneMathTest, SelectionsAndExtremesAreThoseOfPlainNumbers) {
  using T = TypeParam;
  const T c = T(0.5);
  this->ForPairs([&](const auto& a, const auto& b, const Lanes<T>& x, const Lanes<T>& y) {
    const LaneMask<T> less = x < y;
    this->ExpectLanes(Select(less, x, y), [&](int i) { return Select(a[i] < b[i], a[i], b[i]); });
    this->ExpectLanes(Select(less, x, c), [&](int i) { return a[i] < b[i] ? a[i] : c; });
    this->ExpectLanes(Select(less, c, y), [&](int i) { return a[i] < b[i] ? c : b[i]; });
    this->ExpectLanes(Max(x, y), [&](int i) { return Max(a[i], b[i]); });
    this->ExpectLanes(Max(x, c), [&](int i) { return Max(a[i], c); });
    this->ExpectLanes(Min(x, y), [&](int i) { return Min(a[i], b[i]); });
    this->ExpectLanes(Min(x, c), [&](int i) { return Min(a[i], c); });
    this->ExpectLanes(Sqrt(x), [&](int i) { return Sqrt(a[i]); });
  });
}

TYPED_TEST(LaneMathTest, SumOfLanesIsFormedByHalves) {
  using T = TypeParam;
  std::mt19937 random(3);
  const std::vector<T> a = RandomValues<T>(kLanes, &random);
  std::vector<T> sums = a;
  while (sums.size() > 1) {
    const size_t half = sums.size() / 2;
    for (size_t i = 0; i < half; ++i) sums[i] += sums[half + i];
    sums.resize(half);
  }
  EXPECT_EQ(SumLanes(Load(a.data())), sums[0]);
  EXPECT_EQ(SumLanes(Broadcast(T(3))), 3 * kLanes);
}

// Distance from the true value in units of the last place of a float of its size.
double UlpsOff(float ours, double truth) {
  const double exponent = std::floor(std::log2(truth));
  return std::abs(ours - truth) / std::exp2(exponent - 23);
}

TEST(LaneExpTest, FloatIsRightToAnUlpOverItsWholeRange) {
  constexpr int kSteps = 100000;
  constexpr double kFirst = -87, kLast = 88;
  double worst = 0;
  for (int step = 0; step < kSteps; ++step) {
    float x[kLanes], y[kLanes];
    for (int i = 0; i < kLanes; ++i) {
      const double place = (step + i / double{kLanes}) / kSteps;
      x[i] = static_cast<float>(kFirst + place * (kLast - kFirst));
    }
    Store(Exp(Load(x)), y);
    for (int i = 0; i < kLanes; ++i) worst = std::max(worst, UlpsOff(y[i], std::exp(double{x[i]})));
  }
  EXPECT_LT(worst, 1.5);
}

TEST(LaneExpTest, FloatNearZeroAndBelowItsRange) {
  const float smallest = std::exp(-87.0f);
  const float x[kLanes] = {0, -0.0f, 1e-30f, -1e-30f, 1e-7f, -1e-7f, -87, -88, -1e6f, -3e38f};
  float y[kLanes];
  Store(Exp(Load(x)), y);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(y[i], 1);
  for (int i = 4; i < 6; ++i) EXPECT_NEAR(y[i], std::exp(x[i]), 1.2e-7);
  for (int i = 6; i < 10; ++i) EXPECT_NEAR(y[i] / smallest, 1, 2e-7) << x[i];
  Store(Exp(Broadcast(-kInf<float>)), y);
  EXPECT_NEAR(y[0] / smallest, 1, 2e-7);
}

TEST(LaneExpTest, DoubleIsTheLibrarysOwn) {
  const std::vector<double> x = Values<double>(1);
  double y[kLanes];
  Store(Exp(Load(x.data())), y);
  for (int i = 0; i < kLanes; ++i) {
    EXPECT_TRUE(SameBits(y[i], std::exp(x[i])) || std::isnan(x[i]));
  }
}

}  // namespace
}  // namespace mesh_renderer
