// The loops of SoftrasColor for GPUs against the CPU's: the same pictures, gradients but for the
// order of sums, and the same bits in every order of their items.
#include "cc/kernels/softras_color_device.h"

#include "cc/kernels/softras_color_grad_device.h"
#include "cc/kernels/softras_device_cases_for_test.h"

namespace mesh_renderer {
namespace {

Picture<float> ColorOnDevice(const SoftrasScene<float>& s, Order order) {
  Picture<float> picture = {std::vector<float>(s.pixels() * (s.layout.num_channels + 1), 77.0f),
                            std::vector<float>(s.pixels() * 2, 77.0f)};
  SerialDevice device(order);
  SoftrasColorOnDevice({s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing,
                        s.view, s.layout, s.scene.vertices.data(), s.colors.data(),
                        s.background.data(), picture.image.data(), picture.aggregates.data()},
                       device);
  return picture;
}

ColorGradients<float> GradientOnDevice(const SoftrasScene<float>& s,
                                       const std::vector<float>& upstream, Order order) {
  const Picture<float> picture = DrawColor(s);
  ColorGradients<float> grad = {std::vector<float>(s.scene.vertices.size(), 77.0f),
                                std::vector<float>(s.colors.size(), 77.0f),
                                std::vector<float>(s.background.size(), 77.0f)};
  SerialDevice device(order);
  SoftrasColorGradOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing, s.view, s.layout,
       s.scene.vertices.data(), s.colors.data(), picture.image.data(), picture.aggregates.data(),
       upstream.data(), grad.vertices.data(), grad.colors.data(), grad.background.data()},
      device);
  return grad;
}

std::vector<float> UpstreamOf(const SoftrasScene<float>& s) {
  return RandomNumbers<float>(s.pixels() * (s.layout.num_channels + 1), 7);
}

// The CPU adds e^-87 where a whole block of pixels is not too far behind: too little to see.
void ExpectSamePicture(const Picture<float>& picture, const Picture<float>& expected) {
  EXPECT_TRUE(SameBits(picture.aggregates, expected.aggregates));
  ASSERT_EQ(picture.image.size(), expected.image.size());
  for (size_t i = 0; i < expected.image.size(); ++i) {
    ASSERT_NEAR(picture.image[i], expected.image[i], 1e-30f) << i;
  }
}

void ExpectLikeCpu(const SoftrasScene<float>& scene) {
  const Picture<float> expected = DrawColor(scene);
  const std::vector<float> upstream = UpstreamOf(scene);
  const ColorGradients<float> expected_grad = ColorGradient(scene, upstream);
  const ColorGradients<float> grad = GradientOnDevice(scene, upstream, Order::kForward);
  ExpectClose(grad.vertices, expected_grad.vertices, kTolerance);
  ExpectClose(grad.colors, expected_grad.colors, kTolerance);
  ExpectClose(grad.background, expected_grad.background, kTolerance);
  for (const Order order : kOrders) {
    ExpectSamePicture(ColorOnDevice(scene, order), expected);
    const ColorGradients<float> again = GradientOnDevice(scene, upstream, order);
    EXPECT_TRUE(SameBits(again.vertices, grad.vertices));
    EXPECT_TRUE(SameBits(again.colors, grad.colors));
    EXPECT_TRUE(SameBits(again.background, grad.background));
  }
}

TEST(SoftrasColorDeviceTest, AllModes) {
  for (SoftrasScene<float> scene :
       ColorScenesOfAllModes(RandomScene<float>(2, {2, 37, 50}, 30, 0.3))) {
    for (const bool original : {false, true}) {
      scene.mixing.original_gradient = original;
      ExpectLikeCpu(scene);
    }
  }
}

TEST(SoftrasColorDeviceTest, AnyNumberOfChannelsAndTexels) {
  for (const int64_t channels : {0, 1, 2, 3, 4, 5, 11}) {
    for (const int64_t side : {0, 1, 2, 5}) {
      for (const bool shared : {false, true}) {
        SoftrasScene<float> scene = RandomScene<float>(4, {2, 23, 18}, 9, 0.4);
        Paint({channels, side, shared && side > 0}, &scene);
        ExpectLikeCpu(scene);
      }
    }
  }
}

TEST(SoftrasColorDeviceTest, EdgeCases) {
  for (const SoftrasScene<float>& scene : EdgeScenes()) ExpectLikeCpu(scene);
}

TEST(SoftrasColorDeviceTest, VerticesOfManyFaces) {
  SoftrasScene<float> scene = RandomScene<float>(9, {2, 40, 40}, 50, 0.4);
  for (int32_t& v : scene.scene.faces) v %= 17;
  ExpectLikeCpu(scene);
}

TEST(SoftrasColorDeviceTest, ExtremeNumbersStayFinite) {
  for (const SoftrasScene<float>& scene : WildScenes()) {
    const Picture<float> picture = ColorOnDevice(scene, Order::kForward);
    EXPECT_TRUE(AllFinite(picture.image));
    EXPECT_TRUE(AllFinite(picture.aggregates));
    const auto grad = GradientOnDevice(scene, UpstreamOf(scene), Order::kForward);
    EXPECT_TRUE(AllFinite(grad.vertices));
    EXPECT_TRUE(AllFinite(grad.colors));
    EXPECT_TRUE(AllFinite(grad.background));
  }
}

TEST(SoftrasColorDeviceTest, UpstreamThatIsNotFiniteReachesTheSamePlacesAsOnTheCpu) {
  for (const int64_t side : {0, 2}) {
    SoftrasScene<float> scene = RandomScene<float>(11, {1, 33, 41}, 30, 0.2);
    Paint({3, side, false}, &scene);
    for (const float bad : kNotFinite) {
      for (const int channel : {1, 3}) {  // colour and alpha
        std::vector<float> upstream(scene.pixels() * 4, 0.5f);
        upstream[(16 * 41 + 20) * 4 + channel] = bad;
        const auto expected = ColorGradient(scene, upstream);
        const auto grad = GradientOnDevice(scene, upstream, Order::kForward);
        ExpectSameFinite(grad.vertices, expected.vertices);
        ExpectSameFinite(grad.colors, expected.colors);
        ExpectSameFinite(grad.background, expected.background);
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
