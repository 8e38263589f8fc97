#include "cc/core/texture_lookup.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace mesh_renderer {
namespace {

constexpr double kStep = 1e-6;       // of central differences
constexpr double kTolerance = 1e-8;  // their truncation and rounding error
constexpr int kTrials = 300;

template <TextureWrap kWrap>
using Wrap = std::integral_constant<TextureWrap, kWrap>;

template <typename Body>
void ForEachWrap(const Body& body) {
  body(Wrap<TextureWrap::kRepeat>());
  body(Wrap<TextureWrap::kClamp>());
  body(Wrap<TextureWrap::kMirror>());
}

TEST(TextureLookupTest, CoordinatesFoldAsTheirModesSay) {
  const struct {
    double u, repeat, clamp, mirror;
  } kCases[] = {{0.25, 0.25, 0.25, 0.25},
                {1.25, 0.25, 1, 0.75},
                {2.25, 0.25, 1, 0.25},
                {-0.25, 0.75, 0, 0.25},
                {-1.25, 0.75, 0, 0.75},
                {0, 0, 0, 0},
                {1, 0, 1, 1},
                {-1, 0, 0, 1},
                {3.5, 0.5, 1, 0.5}};
  for (const auto& c : kCases) {
    EXPECT_DOUBLE_EQ(FoldCoordinate<TextureWrap::kRepeat>(c.u), c.repeat) << c.u;
    EXPECT_DOUBLE_EQ(FoldCoordinate<TextureWrap::kClamp>(c.u), c.clamp) << c.u;
    EXPECT_DOUBLE_EQ(FoldCoordinate<TextureWrap::kMirror>(c.u), c.mirror) << c.u;
  }
}

template <typename T>
class TextureLookupFloats : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(TextureLookupFloats, Scalars);

TYPED_TEST(TextureLookupFloats, NoCoordinateLeavesThePicture) {
  using T = TypeParam;
  constexpr T kTiny = std::numeric_limits<T>::denorm_min();
  ForEachWrap([&](auto wrap) {
    for (T u : {T(0), kTiny, -kTiny, T(-1e-9), T(0.99999999), T(1e9), T(-1e9), T(1e37), T(-1e37)}) {
      for (int size : {1, 2, 3, 1000, 32768}) {
        const T folded = FoldCoordinate<wrap()>(BoundCoordinate(u));
        const TexelPair<T> pair = LocateTexelPair<wrap()>(folded, size);
        for (int texel : {pair.low, pair.high, LocateNearestTexel(folded, size).low}) {
          ASSERT_GE(texel, 0) << u;
          ASSERT_LT(texel, size) << u;
        }
        ASSERT_GE(pair.fraction, T(0)) << u;
        ASSERT_LE(pair.fraction, T(1)) << u;
      }
    }
  });
}

TEST(TextureLookupTest, LargeFloatsAreEvenIntegers) {
  for (float u : {16777216.0f, 16777218.0f, 3e9f, -3e9f, 1e37f}) {
    EXPECT_EQ(std::remainder(u, 2.0f), 0.0f);
    EXPECT_EQ(FoldCoordinate<TextureWrap::kRepeat>(BoundCoordinate(u)), 0.0f);
    EXPECT_EQ(FoldCoordinate<TextureWrap::kMirror>(BoundCoordinate(u)), 0.0f);
  }
}

// A value for every texel, and what a lookup along one axis shows of them.
double TexelValue(int i) { return std::sin(3.0 * i + 1.0); }

template <TextureWrap kWrap>
double Shown(double u, int size) {
  const auto pair = LocateTexelPair<kWrap>(FoldCoordinate<kWrap>(u), size);
  return (1 - pair.fraction) * TexelValue(pair.low) + pair.fraction * TexelValue(pair.high);
}

TEST(TextureLookupTest, TexelCentresShowTheirTexel) {
  ForEachWrap([](auto wrap) {
    for (int size : {1, 2, 5}) {
      for (int i = 0; i < size; ++i) {
        const double centre = (i + 0.5) / size;
        EXPECT_NEAR(Shown<wrap()>(centre, size), TexelValue(i), 1e-14);
        EXPECT_EQ(LocateNearestTexel(centre, size).low, i);
      }
    }
  });
}

TEST(TextureLookupTest, LookupsAreContinuousAcrossTheBorder) {
  ForEachWrap([](auto wrap) {
    for (double border : {-1.0, 0.0, 1.0, 2.0}) {
      EXPECT_NEAR(Shown<wrap()>(border - 1e-12, 5), Shown<wrap()>(border + 1e-12, 5), 1e-9);
    }
  });
}

TEST(TextureLookupTest, GradientsAlongAnAxisAreDerivatives) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform(-2.5, 3.5);
  ForEachWrap([&](auto wrap) {
    for (int trial = 0; trial < kTrials; ++trial) {
      const double u = uniform(random);
      const int size = 1 + trial % 6;
      const double place = u * size - 0.5;
      if (std::abs(place - std::round(place)) < 1e-4) continue;    // a kink
      if (std::abs(u) < 1e-4 || std::abs(u - 1) < 1e-4) continue;  // the clamp's
      const auto pair = LocateTexelPair<wrap()>(FoldCoordinate<wrap()>(u), size);
      const double grad_fraction = TexelValue(pair.high) - TexelValue(pair.low);
      const double ours =
          FoldCoordinateBackward<wrap()>(u, LocateTexelPairBackward(size, grad_fraction));
      const double expected =
          (Shown<wrap()>(u + kStep, size) - Shown<wrap()>(u - kStep, size)) / (2 * kStep);
      ASSERT_NEAR(ours, expected, kTolerance) << u;
    }
  });
}

TEST(TextureLookupTest, ModesKnownAtRunTimeGiveTheSame) {
  ForEachWrap([](auto wrap) {
    for (double u : {-1.3, -0.2, 0.0, 0.6, 1.0, 1.7}) {
      const double folded = FoldCoordinate<wrap()>(u);
      const TexelPair<double> pair = LocateAlongAxis(wrap(), false, u, 5);
      EXPECT_EQ(pair.low, LocateTexelPair<wrap()>(folded, 5).low);
      EXPECT_EQ(pair.high, LocateTexelPair<wrap()>(folded, 5).high);
      EXPECT_EQ(pair.fraction, LocateTexelPair<wrap()>(folded, 5).fraction);
      EXPECT_EQ(LocateAlongAxis(wrap(), true, u, 5).low, LocateNearestTexel(folded, 5).low);
      EXPECT_EQ(FoldCoordinateBackward(wrap(), u, 2.0), FoldCoordinateBackward<wrap()>(u, 2.0));
    }
  });
}

TEST(TextureLookupTest, BlendsAreBilinearAndTheirDerivativesToo) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int trial = 0; trial < kTrials; ++trial) {
    const double texels[kTexelsPerBlend] = {uniform(random), uniform(random), uniform(random),
                                            uniform(random)};
    const double x = uniform(random), y = uniform(random);
    const auto blend = [&](double px, double py) {
      double weights[kTexelsPerBlend], sum = 0, total = 0;
      BlendWeights(px, py, weights);
      for (int n = 0; n < kTexelsPerBlend; ++n) {
        sum += weights[n] * texels[n];
        total += weights[n];
      }
      EXPECT_NEAR(total, 1, 1e-15);
      return sum;
    };
    const double below = texels[0] + x * (texels[1] - texels[0]);
    const double above = texels[2] + x * (texels[3] - texels[2]);
    ASSERT_NEAR(blend(x, y), below + y * (above - below), 1e-15);
    const Vec2<double> slopes = BlendBackward(x, y, texels);
    ASSERT_NEAR(slopes.x, (blend(x + kStep, y) - blend(x - kStep, y)) / (2 * kStep), kTolerance);
    ASSERT_NEAR(slopes.y, (blend(x, y + kStep) - blend(x, y - kStep)) / (2 * kStep), kTolerance);
  }
}

}  // namespace
}  // namespace mesh_renderer
