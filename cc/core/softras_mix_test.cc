#include "cc/core/softras_mix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mesh_renderer {
namespace {

constexpr double kStep = 1e-6;       // of central differences
constexpr double kTolerance = 1e-8;  // their truncation and rounding error
constexpr double kRounding = 1e-13;

constexpr double kSigmaInv = 3, kGamma = 0.2, kEps = 0.1, kNear = 1, kFar = 5;
constexpr SoftmaxScale<double> kScale = {kFar, 1 / (kFar - kNear), 1 / kGamma};

// What one pixel sees: signed squares, depths and colours of some faces.
struct Pixel {
  std::vector<double> square = {-0.3, 0.2, 0.9, -0.05}, depth = {4.5, 1.7, 3.1, 2.2};
  std::vector<double> color = {0.9, 0.1, 0.5, 0.3};
  double background = 0.7;

  SoftCoverage<double> Coverage(size_t f) const { return CoverPixel(square[f], kSigmaInv); }
};

// Colour by definition, without any order: the mean of all colours.
double ColorByDefinition(const Pixel& pixel) {
  double sum = std::exp(2 * kEps / kGamma), color = pixel.background * sum;
  for (size_t f = 0; f < pixel.color.size(); ++f) {
    const double nearness = (kFar - pixel.depth[f]) / (kFar - kNear);
    const double weight = pixel.Coverage(f).hit * std::exp(nearness / kGamma);
    sum += weight;
    color += weight * pixel.color[f];
  }
  return color / sum;
}

struct Mixed {
  SoftmaxTotal<double> total;
  double color;
};

Mixed MixInOrder(const Pixel& pixel, const std::vector<int>& order) {
  const double start = std::exp(kEps / kGamma);
  Mixed mixed = {{start, kEps}, start * pixel.background};
  for (const int f : order) {
    const double nearness = Nearness(kScale, pixel.depth[f]);
    const SoftmaxStep<double> step =
        AddToSoftmax(kScale, nearness, pixel.Coverage(f).hit, true, &mixed.total);
    mixed.color = mixed.color * step.keep + pixel.color[f] * step.add;
  }
  mixed.color /= mixed.total.sum;
  return mixed;
}

TEST(SoftrasMixTest, AnyOrderGivesTheMeanByDefinition) {
  const Pixel pixel;
  std::vector<int> order = {0, 1, 2, 3};
  do {
    const Mixed mixed = MixInOrder(pixel, order);
    EXPECT_NEAR(mixed.color, ColorByDefinition(pixel), kRounding);
    EXPECT_EQ(mixed.total.largest, Nearness(kScale, 1.7));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(SoftrasMixTest, FacesThatDoNotCountLeaveNoTrace) {
  SoftmaxTotal<double> total = {3, 0.5};
  const SoftmaxStep<double> step = AddToSoftmax(kScale, 0.9, 0.4, false, &total);
  EXPECT_EQ(step.keep, 1);
  EXPECT_EQ(step.add, 0);
  EXPECT_EQ(total.sum, 3);
  EXPECT_EQ(total.largest, 0.5);
}

TEST(SoftrasMixTest, SharesSumToOne) {
  const Pixel pixel;
  const Mixed mixed = MixInOrder(pixel, {0, 1, 2, 3});
  double sum = std::exp((2 * kEps - mixed.total.largest) / kGamma) / mixed.total.sum;
  for (size_t f = 0; f < pixel.color.size(); ++f) {
    sum += SoftmaxShare(kScale, Nearness(kScale, pixel.depth[f]), pixel.Coverage(f).hit,
                        mixed.total.largest, 1 / mixed.total.sum);
  }
  EXPECT_NEAR(sum, 1, kRounding);
}

TEST(SoftrasMixTest, DerivativeOfTheColour) {
  const Pixel pixel;
  const Mixed mixed = MixInOrder(pixel, {0, 1, 2, 3});
  for (size_t f = 0; f < pixel.color.size(); ++f) {
    const auto slope = [&](double* value, const Pixel& moved) {
      const double kept = *value;
      *value = kept + kStep;
      const double above = ColorByDefinition(moved);
      *value = kept - kStep;
      const double below = ColorByDefinition(moved);
      *value = kept;
      return (above - below) / (2 * kStep);
    };
    const SoftCoverage<double> coverage = pixel.Coverage(f);
    const double share = SoftmaxShare(kScale, Nearness(kScale, pixel.depth[f]), coverage.hit,
                                      mixed.total.largest, 1 / mixed.total.sum);
    const SoftmaxGradient<double> grad =
        SoftmaxBackward(kScale, coverage, share * (pixel.color[f] - mixed.color));
    Pixel moved = pixel;
    EXPECT_NEAR(grad.logit * kSigmaInv, slope(&moved.square[f], moved), kTolerance);
    EXPECT_NEAR(grad.depth, slope(&moved.depth[f], moved), kTolerance);
    EXPECT_NEAR(share, slope(&moved.color[f], moved), kTolerance);
  }
}

TEST(SoftrasMixTest, NearnessBeyondExpIsNoProblem) {
  constexpr float kNothing = 2e-38f;  // where e^x stays
  const SoftmaxScale<float> sharp = {100, 1.0f / 99, 1e12f};
  SoftmaxTotal<float> total = {1, 0};
  const SoftmaxStep<float> nearer = AddToSoftmax(sharp, 0.9f, 0.5f, true, &total);
  EXPECT_LT(nearer.keep, kNothing);
  EXPECT_EQ(nearer.add, 0.5f);
  const SoftmaxStep<float> farther = AddToSoftmax(sharp, 0.1f, 0.5f, true, &total);
  EXPECT_EQ(farther.keep, 1);
  EXPECT_LT(farther.add, kNothing);
  EXPECT_EQ(total.sum, 0.5f);
}

double Alpha(AlphaAggregation aggregation, const Pixel& pixel) {
  double total = EmptyAlpha<double>(aggregation);
  for (size_t f = 0; f < pixel.square.size(); ++f) {
    total = AddToAlpha<double>(aggregation, total, pixel.Coverage(f), true);
  }
  return AlphaOfTotal(aggregation, total, static_cast<double>(pixel.square.size()));
}

TEST(SoftrasMixTest, AlphaByHand) {
  Pixel pixel;
  pixel.square = {0, 0, 0};  // on the boundaries of three faces
  EXPECT_NEAR(Alpha(AlphaAggregation::kProduct, pixel), 1 - 0.125, kRounding);
  EXPECT_NEAR(Alpha(AlphaAggregation::kSum, pixel), 0.5, kRounding);
  EXPECT_EQ(Alpha(AlphaAggregation::kHard, pixel), 0);
  pixel.square[1] = 1e-9;
  EXPECT_EQ(Alpha(AlphaAggregation::kHard, pixel), 1);
  pixel.square = {};
  EXPECT_EQ(Alpha(AlphaAggregation::kProduct, pixel), 0);
}

TEST(SoftrasMixTest, DerivativeOfAlpha) {
  for (const auto aggregation :
       {AlphaAggregation::kProduct, AlphaAggregation::kSum, AlphaAggregation::kHard}) {
    const Pixel pixel;
    const double shared = AlphaBackward(aggregation, false, Alpha(aggregation, pixel), 4.0, 0.7);
    for (size_t f = 0; f < pixel.square.size(); ++f) {
      Pixel above = pixel, below = pixel;
      above.square[f] += kStep;
      below.square[f] -= kStep;
      EXPECT_NEAR(
          FaceAlphaBackward<double>(aggregation, false, pixel.Coverage(f), shared) * kSigmaInv,
          0.7 * (Alpha(aggregation, above) - Alpha(aggregation, below)) / (2 * kStep), kTolerance);
    }
  }
}

TEST(SoftrasMixTest, ReleasedProgramDiffersWhereItSaysSo) {
  const SoftCoverage<double> sure = {1 - 1e-9, 1e-9}, half = {0.5, 0.5};
  const auto product = AlphaAggregation::kProduct;
  // Its floor of 1e-6 under 1 - D.
  EXPECT_NEAR(FaceAlphaBackward<double>(product, true, sure, 1.0), 1e-3, 1e-9);
  EXPECT_NEAR(FaceAlphaBackward<double>(product, true, half, 1.0),
              FaceAlphaBackward<double>(product, false, half, 1.0), kRounding);
  // Hard alpha for the sum.
  EXPECT_EQ(AlphaBackward(AlphaAggregation::kHard, true, 1.0, 4.0, 0.7), 0.7);
  EXPECT_EQ(AlphaBackward(AlphaAggregation::kHard, false, 1.0, 4.0, 0.7), 0.0);
}

}  // namespace
}  // namespace mesh_renderer
