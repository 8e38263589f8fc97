// The loops of DibrMask for GPUs against the CPU's: the same pictures bit for bit, gradients but
// for the order of sums, and the same bits in every order of their items.
#include "cc/kernels/dibr_mask_device.h"

#include <gtest/gtest.h>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/dibr_mask_scene_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

Mask<float> DrawOnDevice(const MaskScene<float>& s, Order order) {
  Mask<float> result = {std::vector<float>(s.face_id.size(), 77.0f),
                        std::vector<int32_t>(s.face_id.size(), 77)};
  SerialDevice device(order);
  DibrMaskOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.settings, s.scene.vertices.data(),
       s.face_id.data(), result.mask.data(), result.last_face.data()},
      device);
  return result;
}

std::vector<float> GradientOnDevice(const MaskScene<float>& s, const Mask<float>& drawn,
                                    const std::vector<float>& upstream, Order order) {
  std::vector<float> grad(s.scene.vertices.size(), 77.0f);
  SerialDevice device(order);
  DibrMaskGradOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.settings, s.scene.vertices.data(),
       s.face_id.data(), drawn.mask.data(), drawn.last_face.data(), upstream.data(), grad.data()},
      device);
  return grad;
}

void ExpectLikeCpu(const MaskScene<float>& scene) {
  const Mask<float> expected = DrawMask(scene);
  const std::vector<float> upstream = MaskUpstream(scene);
  const std::vector<float> grad = GradientOnDevice(scene, expected, upstream, Order::kForward);
  ExpectClose(grad, MaskGradient(scene, expected, upstream), 1e-5f);
  for (const Order order : kOrders) {
    const Mask<float> drawn = DrawOnDevice(scene, order);
    EXPECT_TRUE(SameBits(drawn.mask, expected.mask));
    EXPECT_EQ(drawn.last_face, expected.last_face);
    EXPECT_TRUE(SameBits(GradientOnDevice(scene, expected, upstream, order), grad));
  }
}

TEST(DibrMaskDeviceTest, AllSettings) {
  for (const DibrMaskSettings& settings : AllMaskSettings()) {
    ExpectLikeCpu(RandomMaskScene<float>(1, {2, 45, 38}, 40, 0.3, settings));
  }
}

TEST(DibrMaskDeviceTest, AllSizesOfImages) {
  for (const int height : {1, 2, 7, 8, 9, 65}) {
    for (const int width : {1, 3, 8, 18}) {
      ExpectLikeCpu(RandomMaskScene<float>(3, {1, height, width}, 9, 0.4, kWide));
    }
  }
}

TEST(DibrMaskDeviceTest, SmallFacesAndAShortReach) {
  ExpectLikeCpu(RandomMaskScene<float>(5, {1, 150, 90}, 200, 0.03, kReleased));
}

TEST(DibrMaskDeviceTest, EmptyInputs) {
  ExpectLikeCpu(RandomMaskScene<float>(1, {2, 5, 3}, 0, 1, kWide));
  ExpectLikeCpu(RandomMaskScene<float>(1, {0, 5, 3}, 2, 1, kWide));
}

TEST(DibrMaskDeviceTest, PaddingAndFacesWithoutArea) {
  MaskScene<float> scene = RandomMaskScene<float>(6, {2, 33, 20}, 12, 0.5, kWide);
  for (int k = 0; k < 3; ++k) scene.scene.faces[9 + k] = scene.scene.faces[30 + k] = -1;
  scene.scene.faces[4] = scene.scene.faces[3];
  ExpectLikeCpu(scene);
}

TEST(DibrMaskDeviceTest, FacesOfTheirOwnForEveryImage) {
  const MaskScene<float> shared = RandomMaskScene<float>(7, {3, 24, 31}, 10, 0.4, kWide);
  const std::vector<float> upstream = MaskUpstream(shared);
  const Mask<float> expected = DrawOnDevice(shared, Order::kForward);
  std::vector<int32_t> faces;
  for (int b = 0; b < 3; ++b) {
    faces.insert(faces.end(), shared.scene.faces.begin(), shared.scene.faces.end());
  }
  std::vector<float> mask(shared.face_id.size()), grad(shared.scene.vertices.size());
  std::vector<int32_t> last_face(shared.face_id.size());
  const FacesView view = {faces.data(), 10, true};
  SerialDevice device;
  DibrMaskOnDevice(
      {shared.scene.image, shared.scene.num_vertices, view, kWide, shared.scene.vertices.data(),
       shared.face_id.data(), mask.data(), last_face.data()},
      device);
  EXPECT_TRUE(SameBits(mask, expected.mask));
  DibrMaskGradOnDevice(
      {shared.scene.image, shared.scene.num_vertices, view, kWide, shared.scene.vertices.data(),
       shared.face_id.data(), mask.data(), last_face.data(), upstream.data(), grad.data()},
      device);
  EXPECT_TRUE(SameBits(grad, GradientOnDevice(shared, expected, upstream, Order::kBackward)));
}

TEST(DibrMaskDeviceTest, ExtremeNumbersStayFinite) {
  for (const double sigma_inv : {0.0, 1e-30, 7000.0, 3e38}) {
    for (const double box_length : {0.0, 0.02, 10.0, 3e38}) {
      for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
        const auto scene = WildMaskScene<float>({sigma_inv, box_length, 0, falloff, 0});
        const Mask<float> drawn = DrawOnDevice(scene, Order::kForward);
        EXPECT_TRUE(SameBits(drawn.mask, DrawMask(scene).mask));
        for (float value : GradientOnDevice(scene, drawn, MaskUpstream(scene), Order::kForward)) {
          ASSERT_TRUE(std::isfinite(value));
        }
      }
    }
  }
}

TEST(DibrMaskDeviceTest, UpstreamThatIsNotFiniteReachesTheSameVerticesAsOnTheCpu) {
  for (const float bad :
       {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    const MaskScene<float> scene = RandomMaskScene<float>(8, {1, 33, 41}, 30, 0.2, kWide);
    const Mask<float> drawn = DrawMask(scene);
    for (const int64_t pixel : {700, 701, 702}) {
      std::vector<float> upstream(drawn.mask.size(), 0.5f);
      upstream[pixel] = bad;
      const auto expected = MaskGradient(scene, drawn, upstream);
      const auto grad = GradientOnDevice(scene, drawn, upstream, Order::kForward);
      for (size_t i = 0; i < grad.size(); ++i) {
        EXPECT_EQ(std::isfinite(grad[i]), std::isfinite(expected[i])) << i;
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
