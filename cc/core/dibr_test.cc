// DIB-R's probability: values by hand, finite differences, both ends of the range.
#include "cc/core/dibr.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mesh_renderer {
namespace {

constexpr double kSigmaInv = 7000;

TEST(DibrTest, ProbabilityByHand) {
  // Half a pixel from a face in an image of 64 pixels: 1 / 64 NDC.
  constexpr double kDistance = 1.0 / 64;
  EXPECT_NEAR(DibrProbability(kDistance * kDistance, kSigmaInv, false), std::exp(-1.708984375),
              1e-15);
  EXPECT_NEAR(DibrProbability(kDistance * kDistance, kSigmaInv, true), std::exp(-109.375), 1e-60);
  EXPECT_NEAR(DibrProbability(0.25, 2.0, true), 1 / std::exp(1.0), 1e-15);
  EXPECT_NEAR(DibrProbability(0.25, 2.0, false), 1 / std::sqrt(std::exp(1.0)), 1e-15);
}

TEST(DibrTest, OnTheBoundaryItIsOneAndWithoutDecayEverywhere) {
  for (const bool linear : {false, true}) {
    EXPECT_EQ(DibrProbability(0.0, kSigmaInv, linear), 1);
    EXPECT_EQ(DibrProbability(4.0, 0.0, linear), 1);
    EXPECT_EQ(DibrProbability(4.0, 1e38, linear), 0);
    EXPECT_EQ(DibrProbability(0.0f, 1e38f, linear), 1);
  }
}

TEST(DibrTest, BackwardIsTheDerivative) {
  for (const bool linear : {false, true}) {
    for (const double square : {1e-5, 1e-4, 4e-4}) {
      for (const double sigma_inv : {20.0, kSigmaInv}) {
        const double step = 1e-5 * square;
        const double numeric = (DibrProbability(square + step, sigma_inv, linear) -
                                DibrProbability(square - step, sigma_inv, linear)) /
                               (2 * step);
        const double probability = DibrProbability(square, sigma_inv, linear);
        EXPECT_NEAR(DibrProbabilityBackward(square, probability, sigma_inv, linear), numeric,
                    1e-6 * std::abs(numeric));
      }
    }
  }
}

TEST(DibrTest, SlopeOnTheBoundaryIsFinite) {
  EXPECT_EQ(DibrProbabilityBackward(0.0, 1.0, kSigmaInv, false), -kSigmaInv);
  EXPECT_EQ(DibrProbabilityBackward(0.0, 1.0, kSigmaInv, true), 0);
}

TEST(DibrTest, OneFaceAmongOthersHasTheDerivativeOfTheMask) {
  constexpr double kStep = 1e-6, kDecay = 3, kOthers = 0.4;  // product of their 1 - A
  for (const bool linear : {false, true}) {
    const auto mask = [&](double square) {
      return 1 - kOthers * (1 - DibrProbability(square, kDecay, linear));
    };
    const double square = 0.3, upstream = 1.7;
    const double slope = (mask(square + kStep) - mask(square - kStep)) / (2 * kStep);
    const double weight = upstream * (1 - mask(square));
    EXPECT_NEAR(DibrFaceBackward(square, weight, kDecay, 0.0, linear), upstream * slope, 1e-8);
    EXPECT_EQ(DibrFaceBackward(0.0, 0.0, kDecay, 0.0, linear), 0);
  }
}

}  // namespace
}  // namespace mesh_renderer
