// The loops of SoftrasSilhouette for GPUs against the CPU's: the same alpha bit for bit, gradients
// but for the order of sums, and the same bits in every order of their items.
#include "cc/kernels/softras_silhouette_device.h"

#include "cc/kernels/softras_device_cases_for_test.h"

namespace mesh_renderer {
namespace {

std::vector<float> AlphaOnDevice(const SoftrasScene<float>& s, Order order) {
  std::vector<float> alpha(s.pixels(), 77.0f);
  SerialDevice device(order);
  SoftrasSilhouetteOnDevice({s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur,
                             s.mixing.alpha, s.scene.vertices.data(), alpha.data()},
                            device);
  return alpha;
}

std::vector<float> GradientOnDevice(const SoftrasScene<float>& s,
                                    const std::vector<float>& upstream, Order order) {
  const std::vector<float> alpha = DrawAlpha(s);
  std::vector<float> grad(s.scene.vertices.size(), 77.0f);
  SerialDevice device(order);
  SoftrasSilhouetteGradOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing.alpha,
       s.scene.vertices.data(), alpha.data(), upstream.data(), grad.data()},
      device);
  return grad;
}

void ExpectLikeCpu(const SoftrasScene<float>& scene) {
  const std::vector<float> alpha = DrawAlpha(scene);
  const std::vector<float> upstream = RandomNumbers<float>(scene.pixels(), 7);
  const std::vector<float> grad = GradientOnDevice(scene, upstream, Order::kForward);
  ExpectClose(grad, AlphaGradient(scene, upstream), kTolerance);
  for (const Order order : kOrders) {
    EXPECT_TRUE(SameBits(AlphaOnDevice(scene, order), alpha));
    EXPECT_TRUE(SameBits(GradientOnDevice(scene, upstream, order), grad));
  }
}

TEST(SoftrasSilhouetteDeviceTest, AllModes) {
  for (const auto& scene : AlphaScenesOfAllModes(RandomScene<float>(1, {2, 45, 70}, 40, 0.3))) {
    ExpectLikeCpu(scene);
  }
}

TEST(SoftrasSilhouetteDeviceTest, EdgeCases) {
  for (const SoftrasScene<float>& scene : EdgeScenes()) ExpectLikeCpu(scene);
}

TEST(SoftrasSilhouetteDeviceTest, SmallFacesAndAShortReach) {
  SoftrasScene<float> scene = RandomScene<float>(5, {1, 200, 150}, 300, 0.03);
  scene.blur.sigma = 1e-5;
  ExpectLikeCpu(scene);
}

TEST(SoftrasSilhouetteDeviceTest, ExtremeNumbersStayFinite) {
  for (const SoftrasScene<float>& scene : WildScenes()) {
    EXPECT_TRUE(AllFinite(AlphaOnDevice(scene, Order::kForward)));
    const auto upstream = RandomNumbers<float>(scene.pixels(), 7);
    EXPECT_TRUE(AllFinite(GradientOnDevice(scene, upstream, Order::kForward)));
  }
}

TEST(SoftrasSilhouetteDeviceTest, UpstreamThatIsNotFiniteReachesTheSameVerticesAsOnTheCpu) {
  const SoftrasScene<float> scene = RandomScene<float>(11, {1, 33, 41}, 30, 0.2);
  for (const float bad : kNotFinite) {
    std::vector<float> upstream(scene.pixels(), 0.5f);
    upstream[16 * 41 + 20] = bad;
    ExpectSameFinite(GradientOnDevice(scene, upstream, Order::kForward),
                     AlphaGradient(scene, upstream));
  }
}

}  // namespace
}  // namespace mesh_renderer
