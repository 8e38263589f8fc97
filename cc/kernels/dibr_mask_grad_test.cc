// DibrMaskGrad against finite differences of the definition, and what it must leave alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/dibr_mask_scene_for_test.h"

namespace mesh_renderer {
namespace {

// Central differences of sum(upstream * mask) by the definition.
template <typename T>
std::vector<double> Differences(const MaskScene<T>& scene, const std::vector<T>& upstream) {
  constexpr double kStep = 1e-6;
  MaskOracle<T> oracle(scene);
  const auto loss = [&] {
    double sum = 0;
    for (size_t i = 0; i < upstream.size(); ++i) sum += upstream[i] * oracle.At(i).mask;
    return sum;
  };
  std::vector<double> grad;
  for (double& moved : oracle.moved) {
    const double value = moved;
    moved = value + kStep;
    const double above = loss();
    moved = value - kStep;
    const double below = loss();
    moved = value;
    grad.push_back((above - below) / (2 * kStep));
  }
  return grad;
}

template <typename T>
void ExpectNear(const std::vector<T>& grad, const std::vector<double>& expected, double relative) {
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  ASSERT_GT(largest, 0.1);
  ASSERT_EQ(grad.size(), expected.size());
  for (size_t i = 0; i < grad.size(); ++i) {
    ASSERT_NEAR(grad[i], expected[i], relative * largest) << i;
  }
}

TEST(DibrMaskGradTest, IsTheDerivative) {
  for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
    for (const int k_faces : {0, 1, 2}) {
      for (const double box_length : {0.1, 4.0}) {
        const DibrMaskSettings settings = {40, box_length, k_faces, falloff, 0};
        const auto scene = RandomMaskScene<double>(14, {2, 19, 22}, 7, 0.5, settings);
        const std::vector<double> upstream = MaskUpstream(scene);
        const auto grad = MaskGradient(scene, DrawMask(scene), upstream);
        ExpectNear(grad, Differences(scene, upstream), 1e-7);
      }
    }
  }
}

TEST(DibrMaskGradTest, FloatIsNearTheDerivative) {
  for (const CpuTarget target : MaskTargets()) {
    for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
      const DibrMaskSettings settings = {40, 4.0, 0, falloff, 0};
      const auto scene = RandomMaskScene<float>(15, {1, 33, 30}, 7, 0.5, settings);
      const std::vector<float> upstream = MaskUpstream(scene);
      const auto grad = MaskGradient(scene, DrawMask(scene), upstream, SerialFor(), target);
      ExpectNear(grad, Differences(scene, upstream), 1e-5);
    }
  }
}

// One triangle whose left edge, x = 0, is 1 / 16 from the centres of column 7 of 16.
MaskScene<double> BesideColumnSeven(const DibrMaskSettings& settings) {
  MaskScene<double> scene = {
      {{1, 16, 16}, 3, {0, -4, 0, 1, 2, -4, 0, 1, 0, 4, 0, 1}, {0, 1, 2}}, settings, {}};
  scene.face_id.assign(256, -1);
  return scene;
}

constexpr int kPixel = 3 * 16 + 7;  // y = 9 / 16, at (9 / 16 + 4) / 8 of the edge

std::vector<double> GradientOfOnePixel(const MaskScene<double>& scene, double upstream = 1) {
  std::vector<double> grad_mask(scene.face_id.size(), 0.0);
  grad_mask[kPixel] = upstream;
  return MaskGradient(scene, DrawMask(scene), grad_mask);
}

TEST(DibrMaskGradTest, OnePixelByHand) {
  // d mask / d (d^2) = -256 / e, d (d^2) / dx = 2 / 16 times the place on the edge.
  const auto grad = GradientOfOnePixel(BesideColumnSeven({256, 0.1, 0, Falloff::kSquared, 0}));
  const double whole = -256 * std::exp(-1.0) * 2 / 16, place = (9.0 / 16 + 4) / 8;
  const double expected[] = {(1 - place) * whole, place * whole};
  EXPECT_NEAR(grad[0], expected[0], 1e-12);  // the edge runs from corner 2 back to corner 0
  EXPECT_NEAR(grad[8], expected[1], 1e-12);
  for (const int zero : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11}) EXPECT_NEAR(grad[zero], 0, 1e-12) << zero;
  const auto linear = GradientOfOnePixel(BesideColumnSeven({16, 0.1, 0, Falloff::kLinear, 0}));
  EXPECT_NEAR(linear[0], (1 - place) * -16 * std::exp(-1.0), 1e-12);
}

TEST(DibrMaskGradTest, EpsIsAddedWhereTheGradientDivides) {
  const auto exact = GradientOfOnePixel(BesideColumnSeven({256, 0.1, 0, Falloff::kSquared, 0}));
  const auto dulled = GradientOfOnePixel(BesideColumnSeven({256, 0.1, 0, Falloff::kSquared, 0.5}));
  const double rest = 1 - std::exp(-1.0);
  for (const int i : {0, 8}) EXPECT_NEAR(dulled[i], exact[i] * rest / (rest + 0.5), 1e-12);
}

TEST(DibrMaskGradTest, PixelsThatShowAFaceGiveNone) {
  MaskScene<double> scene = BesideColumnSeven(kWide);
  scene.face_id[kPixel] = 0;
  for (const double value : GradientOfOnePixel(scene)) EXPECT_EQ(value, 0);
  for (const double value : GradientOfOnePixel(scene, kInfinity)) EXPECT_EQ(value, 0);
}

TEST(DibrMaskGradTest, OnTheBoundaryItIsFinite) {
  for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
    MaskScene<double> scene = BesideColumnSeven({256, 0.1, 0, falloff, 0});
    for (const int corner : {0, 8}) scene.scene.vertices[corner] = -1.0 / 16;
    EXPECT_EQ(DrawMask(scene).mask[kPixel], 1);
    for (const double value : GradientOfOnePixel(scene)) EXPECT_EQ(value, 0);
  }
}

TEST(DibrMaskGradTest, TinyWOverflowsToLargeNumbersNotToNaN) {
  for (const float w : {1e-38f, 3e-37f}) {
    MaskScene<float> scene = {{{1, 16, 16}, 3, {}, {0, 1, 2}}, kWide, {}};
    const float ndc[3][2] = {{0, -0.5f}, {0.5f, 0}, {-0.5f, 0.25f}};
    for (const auto& p : ndc) {
      for (const float value : {p[0] * w, p[1] * w, 0.0f, w}) {
        scene.scene.vertices.push_back(value);
      }
    }
    scene.face_id.assign(256, -1);
    float largest = 0;
    for (const float value : MaskGradient(scene, DrawMask(scene), MaskUpstream(scene))) {
      ASSERT_TRUE(std::isfinite(value));
      largest = std::max(largest, std::abs(value));
    }
    EXPECT_GT(largest, 1e35f);
  }
}

TEST(DibrMaskGradTest, UpstreamThatIsNotFiniteReachesTheCornersItBelongsTo) {
  for (const double bad : {kInfinity, std::numeric_limits<double>::quiet_NaN()}) {
    const auto grad = GradientOfOnePixel(BesideColumnSeven(kWide), bad);
    for (const int i : {0, 8}) EXPECT_FALSE(std::isfinite(grad[i]));
  }
}

TEST(DibrMaskGradTest, PixelsOutOfReachGiveNoneWhateverComesFromAbove) {
  const auto scene = BesideColumnSeven({256, 0.05, 0, Falloff::kSquared, 0});
  for (const double bad : {1.0, kInfinity, std::numeric_limits<double>::quiet_NaN()}) {
    for (const double value : GradientOfOnePixel(scene, bad)) EXPECT_EQ(value, 0);
  }
}

}  // namespace
}  // namespace mesh_renderer
