// The gradient of SoftrasColor against differences of its image, and its promises: same bits for
// any number of threads and any instruction set, finite.
#include <gtest/gtest.h>

#include <functional>

#include "cc/kernels/softras_color_scenes_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

std::vector<double> Upstream(const SoftrasScene<double>& s) {
  return RandomNumbers<double>(s.pixels() * (s.layout.num_channels + 1), 7);
}

template <typename T>
std::vector<T> UpstreamAs(const SoftrasScene<T>& s) {
  return RandomNumbers<T>(s.pixels() * (s.layout.num_channels + 1), 7);
}

double Loss(const SoftrasScene<double>& s, const std::vector<double>& upstream) {
  const std::vector<double> image = DrawColor(s).image;
  double loss = 0;
  for (size_t i = 0; i < image.size(); ++i) loss += image[i] * upstream[i];
  return loss;
}

// Compares some entries of a gradient with central differences.
void ExpectDerivative(const SoftrasScene<double>& scene, const std::vector<double>& upstream,
                      const std::vector<double>& grad,
                      const std::function<std::vector<double>&(SoftrasScene<double>&)>& input) {
  constexpr double kStep = 2e-7;  // short, for a softmax this sharp
  double largest = 1;
  for (const double value : grad) largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < grad.size(); i += 1 + grad.size() / 40) {
    SoftrasScene<double> above = scene, below = scene;
    input(above)[i] += kStep;
    input(below)[i] -= kStep;
    const double slope = (Loss(above, upstream) - Loss(below, upstream)) / (2 * kStep);
    ASSERT_NEAR(grad[i], slope, 1e-6 * largest) << i;
  }
}

// Nothing jumps between two differences: steps are left out, cut-offs are of no weight.
SoftrasScene<double> Smooth(int seed) {
  SoftrasScene<double> scene = RandomScene<double>(seed, {1, 19, 22}, 7, 0.5);
  scene.blur.dist_eps = 1e-12;
  scene.view.visibility.near = 0.25;
  scene.view.visibility.far = 6;
  return scene;
}

void ExpectAllDerivatives(const SoftrasScene<double>& s) {
  const std::vector<double> upstream = Upstream(s);
  const ColorGradients<double> grad = ColorGradient(s, upstream);
  ExpectDerivative(
      s, upstream, grad.vertices, [](auto& m) -> auto& { return m.scene.vertices; });
  ExpectDerivative(
      s, upstream, grad.colors, [](auto& m) -> auto& { return m.colors; });
  ExpectDerivative(
      s, upstream, grad.background, [](auto& m) -> auto& { return m.background; });
}

TEST(SoftrasColorGradTest, GradientIsTheDerivative) {
  for (const SoftrasScene<double>& s : ColorScenesOfAllModes(Smooth(6))) {
    // A pixel whose face changes, or that a hard face leaves, jumps: seeds are chosen for none.
    ExpectAllDerivatives(s);
  }
}

TEST(SoftrasColorGradTest, AnyNumberOfChannelsAndTexels) {
  for (const int64_t channels : {1, 2, 3, 4, 5, 11}) {
    for (const int64_t side : {0, 2}) {
      SoftrasScene<double> scene = Smooth(6);
      Paint({channels, side, false}, &scene);
      ExpectAllDerivatives(scene);
    }
  }
}

TEST(SoftrasColorGradTest, ImagesAddUpInSharedTexels) {
  for (const int threads : {1, 3}) {
    SoftrasScene<double> scene = RandomScene<double>(6, {3, 19, 22}, 7, 0.5);
    Paint({3, 2, true}, &scene);
    const std::vector<double> upstream = Upstream(scene);
    const auto grad = ColorGradient(scene, upstream, ThreadsForTest(threads));
    SoftrasScene<double> repeated = scene;
    repeated.layout.shared = false;
    for (int b = 1; b < 3; ++b) {
      repeated.colors.insert(repeated.colors.end(), scene.colors.begin(), scene.colors.end());
    }
    const auto apart = ColorGradient(repeated, upstream);
    const size_t size = scene.colors.size();
    for (size_t i = 0; i < size; ++i) {
      ASSERT_NEAR(grad.colors[i],
                  apart.colors[i] + apart.colors[i + size] + apart.colors[i + 2 * size], 1e-12);
    }
    EXPECT_TRUE(SameBits(grad.vertices, apart.vertices));
  }
}

TEST(SoftrasColorGradTest, OriginalGradientLeavesOutWhatItSays) {
  SoftrasScene<double> scene = Smooth(6);
  scene.mixing.original_gradient = true;
  const std::vector<double> upstream = Upstream(scene);
  const auto original = ColorGradient(scene, upstream);
  scene.mixing.original_gradient = false;
  const auto exact = ColorGradient(scene, upstream);
  EXPECT_TRUE(SameBits(original.colors, exact.colors));
  EXPECT_TRUE(SameBits(original.background, exact.background));
  EXPECT_FALSE(SameBits(original.vertices, exact.vertices));
  // Without colours nothing is left out.
  for (auto* values : {&scene.colors, &scene.background}) {
    std::fill(values->begin(), values->end(), 0.5);
  }
  const auto plain = ColorGradient(scene, upstream).vertices;
  scene.mixing.original_gradient = true;
  const auto plain_original = ColorGradient(scene, upstream).vertices;
  for (size_t i = 0; i < plain.size(); ++i)
    EXPECT_NEAR(plain_original[i], plain[i], 1e-7);  // its floor of 1e-6
  // Hard colours stop the vertices, faces out of range give nothing.
  scene.mixing.rgb = RgbAggregation::kHard;
  scene.blur.distance = SoftDistance::kHard;
  for (const double grad : ColorGradient(scene, upstream).vertices) EXPECT_EQ(grad, 0);
  scene = Smooth(6);
  scene.mixing.original_gradient = true;
  scene.view.visibility.near = 5;
  for (const double grad : ColorGradient(scene, upstream).vertices) EXPECT_EQ(grad, 0);
}

template <typename T>
void ExpectSameForAnyThreads(const SoftColors& layout) {
  for (const int batch : {1, 3, 8}) {
    SoftrasScene<T> scene = RandomScene<T>(8, {batch, 70, 61}, 3000, 0.05);
    Paint(layout, &scene);
    const std::vector<T> upstream = UpstreamAs(scene);
    const ColorGradients<T> expected = ColorGradient(scene, upstream);
    for (const int threads : {2, 8}) {
      const auto grad = ColorGradient(scene, upstream, ThreadsForTest(threads));
      EXPECT_TRUE(SameBits(grad.vertices, expected.vertices));
      EXPECT_TRUE(SameBits(grad.colors, expected.colors));
      EXPECT_TRUE(SameBits(grad.background, expected.background));
    }
  }
}

TEST(SoftrasColorGradTest, SameBitsForAnyNumberOfThreads) {
  ExpectSameForAnyThreads<float>({3, 0, false});
  ExpectSameForAnyThreads<float>({5, 2, true});
  ExpectSameForAnyThreads<double>({5, 0, false});
  ExpectSameForAnyThreads<double>({2, 2, false});
}

template <typename T>
void ExpectSameForAllTargets(SoftrasScene<T> scene) {
  for (const bool original : {false, true}) {
    scene.mixing.original_gradient = original;
    const std::vector<T> upstream = UpstreamAs(scene);
    const auto expected = ColorGradient(scene, upstream, SerialFor(), CpuTarget::kBaseline);
    for (const CpuTarget target : AllTargets()) {
      const auto grad = ColorGradient(scene, upstream, SerialFor(), target);
      EXPECT_TRUE(SameBits(grad.vertices, expected.vertices)) << CpuTargetName(target);
      EXPECT_TRUE(SameBits(grad.colors, expected.colors)) << CpuTargetName(target);
      EXPECT_TRUE(SameBits(grad.background, expected.background)) << CpuTargetName(target);
    }
  }
}

TEST(SoftrasColorGradTest, SameBitsForAllInstructionSets) {
  const auto single = RandomScene<float>(10, {2, 61, 66}, 100, 0.2);
  const auto twice = RandomScene<double>(10, {2, 61, 66}, 100, 0.2);
  for (const auto& scene : ColorScenesOfAllModes(single)) ExpectSameForAllTargets(scene);
  for (const auto& scene : ColorScenesOfAllModes(twice)) ExpectSameForAllTargets(scene);
  for (const int64_t channels : {1, 2, 4, 5}) {
    SoftrasScene<float> scene = single;
    Paint({channels, channels % 3, false}, &scene);
    ExpectSameForAllTargets(scene);
  }
}

TEST(SoftrasColorGradTest, UpstreamThatIsNotFiniteReachesTheFacesOfItsPixelAlone) {
  for (const int channel : {1, 3}) {  // colour and alpha
    SoftrasScene<float> scene = RandomScene<float>(11, {1, 33, 41}, 30, 0.2);
    scene.view.visibility.near = 0.25;  // all give colour
    scene.view.visibility.far = 6;
    std::vector<float> upstream(scene.pixels() * 4, 0.5f);
    const int64_t pixel = 16 * 41 + 20;
    upstream[pixel * 4 + channel] = std::numeric_limits<float>::quiet_NaN();
    std::vector<bool> touched(scene.scene.num_vertices, false);
    for (const FaceSeen& face : FacesAt(scene, pixel)) {
      for (int k = 0; k < 3; ++k) touched[scene.scene.faces[face.face * 3 + k]] = true;
    }
    const auto grad = ColorGradient(scene, upstream);
    for (int64_t v = 0; v < scene.scene.num_vertices; ++v) {
      const float sum = grad.vertices[v * 4] + grad.vertices[v * 4 + 1] + grad.vertices[v * 4 + 3];
      EXPECT_EQ(std::isfinite(sum), !touched[v]) << v;
      EXPECT_EQ(std::isfinite(grad.colors[v * 3 + 1]), !touched[v] || channel == 3) << v;
    }
    EXPECT_EQ(std::isfinite(grad.background[1]), channel == 3);
  }
}

// Numbers at the ends of what is legal.
template <typename T>
void ExpectFinite(const SoftBlur& blur, const SoftMixing& mixing, const SoftView& view) {
  const SoftrasScene<T> scene = WildScene<T>(blur, mixing, view);
  const Picture<T> picture = DrawColor(scene);
  EXPECT_TRUE(AllFinite(picture.image));
  EXPECT_TRUE(AllFinite(picture.aggregates));
  const auto grad = ColorGradient(scene, UpstreamAs(scene));
  EXPECT_TRUE(AllFinite(grad.vertices));
  EXPECT_TRUE(AllFinite(grad.colors));
  EXPECT_TRUE(AllFinite(grad.background));
  EXPECT_TRUE(AllFinite(AlphaGradient(scene, RandomNumbers<T>(scene.pixels(), 7))));
}

TEST(SoftrasColorGradTest, ExtremeNumbersStayFinite) {
  for (const SoftDistance distance : kDistances) {
    for (const double sigma : {1e-12, 1e-4, 1e12}) {
      for (const double gamma : {1e-12, 1e-2, 1e12}) {
        for (const DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
          for (const double near : {-1e12, 0.0, 1.0}) {
            const SoftBlur blur = {distance, sigma, 1e-30};
            const SoftMixing mixing = {RgbAggregation::kSoftmax, AlphaAggregation::kProduct, gamma,
                                       gamma * 80, false};
            const SoftView view = {{Cull::kNone, depth_from, near, 1e12}, true};
            ExpectFinite<float>(blur, mixing, view);
            ExpectFinite<double>(blur, mixing, view);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
