// SoftrasColor against its definition, and its promises: which faces give colour, same bits for any
// number of threads and any instruction set, finite.
#include "cc/kernels/softras_color.h"

#include <gtest/gtest.h>

#include "cc/kernels/softras_color_scenes_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

// Colour of one channel of a texel or between the corners.
double ColorAt(const SoftrasScene<double>& s, int64_t item, const FaceSeen& face, int64_t c) {
  const int64_t channels = s.layout.num_channels, side = s.layout.side;
  const double* weight = face.point.weight;
  if (side == 0) {
    double sum = 0;
    for (int k = 0; k < 3; ++k) {
      const int64_t v = item * s.scene.num_vertices + s.scene.faces[face.face * 3 + k];
      sum += weight[k] * s.colors[v * channels + c];
    }
    return sum;
  }
  const int64_t a = std::min(static_cast<int64_t>(weight[0] * side), side - 1);
  const int64_t b = std::min(static_cast<int64_t>(weight[1] * side), side - 1);
  const bool lower = weight[0] * side - a + weight[1] * side - b <= 1 || a + b >= side - 1;
  const int64_t texel = lower ? b * side + a : (side - 1 - b) * side + side - 1 - a;
  const int64_t faces = s.scene.view().num_faces;
  const int64_t row = ((s.layout.shared ? 0 : item) * faces + face.face) * side * side + texel;
  return s.colors[row * channels + c];
}

// All channels of one pixel, alpha last, and the two aggregates.
std::vector<double> PixelByDefinition(const SoftrasScene<double>& s, int64_t pixel) {
  const RasterizeSettings& visibility = s.view.visibility;
  const bool softmax = s.mixing.rgb == RgbAggregation::kSoftmax;
  const int64_t item = pixel / s.scene.image.pixels(), channels = s.layout.num_channels;
  double largest = softmax ? s.mixing.eps : 1e7, id = -1;
  const std::vector<FaceSeen> faces = FacesAt(s, pixel);
  const auto nearness = [&](const FaceSeen& face) {
    return (visibility.far - face.point.depth) / (visibility.far - visibility.near);
  };
  for (const FaceSeen& face : faces) {
    if (!face.gives_color) continue;
    if (softmax) {
      largest = std::max(largest, nearness(face));
    } else if (CoversPixel<double>(face.weights) && face.point.depth < largest) {
      largest = face.point.depth;
      id = face.face;
    }
  }
  const double behind = softmax ? std::exp((2 * s.mixing.eps - largest) / s.mixing.gamma) : id < 0;
  double sum = behind;
  std::vector<double> values(channels + 3, 0.0);
  for (int64_t c = 0; c < channels; ++c) values[c] = behind * s.background[item * channels + c];
  for (const FaceSeen& face : faces) {
    const double share =
        !softmax ? face.face == id
        : face.gives_color
            ? face.coverage.hit * std::exp((nearness(face) - largest) / s.mixing.gamma)
            : 0;
    if (share == 0) continue;
    sum += share;
    for (int64_t c = 0; c < channels; ++c) values[c] += share * ColorAt(s, item, face, c);
  }
  for (int64_t c = 0; c < channels; ++c) values[c] /= sum;
  values[channels] = AlphaByDefinition(s, pixel);
  values[channels + 1] = softmax ? sum : largest;
  values[channels + 2] = softmax ? largest : id;
  return values;
}

void ExpectLikeDefinition(const SoftrasScene<double>& s, CpuTarget target = ActiveCpuTarget()) {
  const Picture<double> picture = DrawColor(s, SerialFor(), target);
  const int64_t channels = s.layout.num_channels;
  for (int64_t pixel = 0; pixel < s.pixels(); ++pixel) {
    const std::vector<double> expected = PixelByDefinition(s, pixel);
    for (int64_t c = 0; c <= channels; ++c) {
      ASSERT_NEAR(picture.image[pixel * (channels + 1) + c], expected[c], 1e-10) << pixel;
    }
    for (int i = 0; i < 2; ++i) {
      ASSERT_NEAR(picture.aggregates[pixel * 2 + i], expected[channels + 1 + i], 1e-9) << pixel;
    }
  }
}

TEST(SoftrasColorTest, AllModesMatchTheDefinition) {
  for (const CpuTarget target : AllTargets()) {
    for (const auto& s : ColorScenesOfAllModes(RandomScene<double>(2, {2, 37, 50}, 30, 0.3))) {
      ExpectLikeDefinition(s, target);
    }
  }
}

TEST(SoftrasColorTest, AllSizesOfImagesMatchTheDefinition) {
  for (const int height : {1, 2, 31, 33, 65}) {
    for (const int width : {1, 3, 4, 5, 18}) {
      ExpectLikeDefinition(RandomScene<double>(3, {1, height, width}, 9, 0.4));
    }
  }
}

TEST(SoftrasColorTest, AnyNumberOfChannelsAndTexelsMatchesTheDefinition) {
  for (const int64_t channels : {0, 1, 2, 3, 4, 5, 11}) {
    for (const int64_t side : {0, 1, 2, 5}) {
      for (const bool shared : {false, true}) {
        SoftrasScene<double> scene = RandomScene<double>(4, {2, 23, 18}, 9, 0.4);
        Paint({channels, side, shared && side > 0}, &scene);
        ExpectLikeDefinition(scene);
      }
    }
  }
}

TEST(SoftrasColorTest, FloatComesCloseToDouble) {
  for (const auto& s : ColorScenesOfAllModes(RandomScene<double>(5, {1, 64, 64}, 40, 0.3))) {
    const Picture<double> expected = DrawColor(s);
    const Picture<float> picture = DrawColor(InFloat(s));
    int64_t differ = 0;  // steps of hard modes, and faces that just miss dist_eps, may differ
    for (size_t i = 0; i < expected.image.size(); ++i) {
      differ += !(std::abs(picture.image[i] - expected.image[i]) < 1e-4);
    }
    EXPECT_LE(differ, static_cast<int64_t>(expected.image.size()) / 100);
  }
}

// Two triangles that fill an image, at depths 2 and 1.
SoftrasScene<double> TwoLayers() {
  SoftrasScene<double> scene = {{{1, 4, 4}, 6, {}, {0, 1, 2, 3, 4, 5}},
                                {SoftDistance::kHard, 1e-4, 1e-4}};
  for (const double w : {2.0, 1.0}) {
    for (const double* xy :
         {(const double[]){-9, -9}, (const double[]){9, -9}, (const double[]){0, 9}}) {
      scene.scene.vertices.insert(scene.scene.vertices.end(), {xy[0] * w, xy[1] * w, 0, w});
    }
  }
  scene.layout = {1, 0, false};
  scene.colors = {2, 2, 2, 1, 1, 1};
  scene.background = {5};
  scene.mixing = {RgbAggregation::kSoftmax, AlphaAggregation::kProduct, 0.5, 0.1, false};
  scene.view = {{Cull::kNone, DepthFrom::kW, 1, 3}, true};
  return scene;
}

TEST(SoftrasColorTest, ColourByHand) {
  // Nearness 1 / 2 and 1, weights e^1 and e^2, background e^(0.2 / 0.5).
  SoftrasScene<double> scene = TwoLayers();
  const double far_weight = std::exp(1.0), near_weight = std::exp(2.0), behind = std::exp(0.4);
  const double color =
      (2 * far_weight + near_weight + 5 * behind) / (far_weight + near_weight + behind);
  for (int i = 0; i < 16; ++i) {
    EXPECT_NEAR(DrawColor(scene).image[i * 2], color, 1e-13);
    EXPECT_EQ(DrawColor(scene).image[i * 2 + 1], 1);
  }
  scene.mixing.rgb = RgbAggregation::kHard;
  EXPECT_EQ(DrawColor(scene).image[0], 1);
  scene.view.visibility.near = 1.5;
  EXPECT_EQ(DrawColor(scene).image[0], 2);
  scene.view.visibility.near = 2.5;
  EXPECT_EQ(DrawColor(scene).image[0], 5);
  EXPECT_EQ(DrawColor(scene).image[1], 1);  // alpha counts them all
}

TEST(SoftrasColorTest, DepthLimitsBelongToTheRange) {
  SoftrasScene<double> scene = TwoLayers();
  scene.mixing.rgb = RgbAggregation::kHard;
  scene.view.visibility = {Cull::kNone, DepthFrom::kW, 2, 3};
  EXPECT_EQ(DrawColor(scene).image[0], 2);
  scene.view.visibility = {Cull::kNone, DepthFrom::kW, 0.5, 1};
  EXPECT_EQ(DrawColor(scene).image[0], 1);
}

TEST(SoftrasColorTest, EqualDepthsGoToTheFirstFaceWhereColourIsHard) {
  SoftrasScene<double> scene = TwoLayers();
  scene.mixing.rgb = RgbAggregation::kHard;
  scene.scene.faces = {3, 4, 5, 3, 4, 5};
  EXPECT_EQ(DrawColor(scene).aggregates[1], 0);
}

TEST(SoftrasColorTest, AlphaIsThatOfTheSilhouette) {
  for (const auto& s : ColorScenesOfAllModes(RandomScene<float>(6, {2, 37, 50}, 30, 0.3))) {
    const std::vector<float> alpha = DrawAlpha(s);
    const std::vector<float> image = DrawColor(s).image;
    for (size_t i = 0; i < alpha.size(); ++i) ASSERT_EQ(image[i * 4 + 3], alpha[i]);
  }
}

TEST(SoftrasColorTest, EmptyInputsShowTheBackground) {
  for (const auto& s : ColorScenesOfAllModes(RandomScene<float>(1, {2, 5, 3}, 0, 1))) {
    const Picture<float> picture = DrawColor(s, ThreadsForTest(2));
    for (int64_t i = 0; i < 30; ++i) {
      for (int c = 0; c < 3; ++c) {
        EXPECT_NEAR(picture.image[i * 4 + c], s.background[i / 15 * 3 + c], 1e-6);
      }
      EXPECT_EQ(picture.image[i * 4 + 3], 0);
    }
  }
  EXPECT_TRUE(DrawColor(RandomScene<float>(1, {0, 5, 3}, 2, 1)).image.empty());
}

template <typename T>
void ExpectSameForAnyThreads() {
  for (const int batch : {1, 3, 8}) {
    const SoftrasScene<T> scene = RandomScene<T>(8, {batch, 70, 61}, 3000, 0.05);
    const Picture<T> expected = DrawColor(scene);
    for (const int threads : {2, 8}) {
      const Picture<T> picture = DrawColor(scene, ThreadsForTest(threads));
      EXPECT_TRUE(SameBits(picture.image, expected.image));
      EXPECT_TRUE(SameBits(picture.aggregates, expected.aggregates));
    }
  }
}

TEST(SoftrasColorTest, SameBitsForAnyNumberOfThreads) {
  ExpectSameForAnyThreads<float>();
  ExpectSameForAnyThreads<double>();
}

template <typename T>
void ExpectSameForAllTargets() {
  for (const auto& scene : ColorScenesOfAllModes(RandomScene<T>(10, {2, 97, 66}, 100, 0.2))) {
    const Picture<T> expected = DrawColor(scene, SerialFor(), CpuTarget::kBaseline);
    for (const CpuTarget target : AllTargets()) {
      const Picture<T> picture = DrawColor(scene, SerialFor(), target);
      EXPECT_TRUE(SameBits(picture.image, expected.image)) << CpuTargetName(target);
      EXPECT_TRUE(SameBits(picture.aggregates, expected.aggregates)) << CpuTargetName(target);
    }
  }
}

TEST(SoftrasColorTest, SameBitsForAllInstructionSets) {
  ExpectSameForAllTargets<float>();
  ExpectSameForAllTargets<double>();
}

}  // namespace
}  // namespace mesh_renderer
