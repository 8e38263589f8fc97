// The loops of SoftrasFragments for GPUs against the CPU's: the same fragments bit for bit,
// gradients but for the order of sums, and the same bits in every order of their items.
#include "cc/kernels/softras_fragments_device.h"

#include "cc/kernels/softras_device_cases_for_test.h"
#include "cc/kernels/softras_fragments_calls_for_test.h"

namespace mesh_renderer {
namespace {

Fragments<float> FragmentsOnDevice(const SoftrasScene<float>& s, int num_fragments, Order order) {
  const int64_t size = s.pixels() * num_fragments;
  Fragments<float> drawn = {std::vector<int32_t>(size, 77), std::vector<int32_t>(s.pixels(), 77),
                            std::vector<float>(size * 3, 77.0f), std::vector<float>(size, 77.0f),
                            std::vector<float>(size, 77.0f)};
  SerialDevice device(order);
  SoftrasFragmentsOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.view, num_fragments,
       s.scene.vertices.data(), drawn.face_id.data(), drawn.barycentrics.data(), drawn.depth.data(),
       drawn.coverage.data(), drawn.count.data()},
      device);
  return drawn;
}

std::vector<float> GradientOnDevice(const SoftrasScene<float>& s, int num_fragments,
                                    const FragmentsUpstream<float>& upstream, Order order) {
  const Fragments<float> drawn = DrawFragments(s, num_fragments);
  std::vector<float> grad(s.scene.vertices.size(), 77.0f);
  SerialDevice device(order);
  SoftrasFragmentsGradOnDevice(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.view, num_fragments,
       s.scene.vertices.data(), drawn.face_id.data(), upstream.barycentrics.data(),
       upstream.depth.data(), upstream.coverage.data(), grad.data()},
      device);
  return grad;
}

void ExpectLikeCpu(const SoftrasScene<float>& scene, int num_fragments) {
  const Fragments<float> drawn = DrawFragments(scene, num_fragments);
  const FragmentsUpstream<float> upstream(scene, num_fragments);
  const auto grad = GradientOnDevice(scene, num_fragments, upstream, Order::kForward);
  ExpectClose(grad, FragmentsGradient(scene, num_fragments, upstream), kTolerance);
  for (const Order order : kOrders) {
    EXPECT_TRUE(Same(FragmentsOnDevice(scene, num_fragments, order), drawn));
    EXPECT_TRUE(SameBits(GradientOnDevice(scene, num_fragments, upstream, order), grad));
  }
}

TEST(SoftrasFragmentsDeviceTest, AllModes) {
  for (const auto& scene : ColorScenesOfAllModes(RandomScene<float>(2, {2, 37, 50}, 60, 0.3))) {
    ExpectLikeCpu(scene, 4);
  }
}

TEST(SoftrasFragmentsDeviceTest, AnyNumber) {
  const SoftrasScene<float> scene = RandomScene<float>(3, {1, 33, 18}, 60, 0.4);
  for (const int num_fragments : {1, 2, 3, 17, 64}) ExpectLikeCpu(scene, num_fragments);
}

TEST(SoftrasFragmentsDeviceTest, EdgeCases) {
  for (const SoftrasScene<float>& scene : EdgeScenes()) ExpectLikeCpu(scene, 3);
}

TEST(SoftrasFragmentsDeviceTest, EqualDepthsStandInTheOrderOfFaces) {
  SoftrasScene<float> scene = RandomScene<float>(5, {1, 9, 9}, 1, 2.0);
  for (int copy = 0; copy < 3; ++copy) {
    for (int k = 0; k < 3; ++k) scene.scene.faces.push_back(k);
  }
  for (int i = 0; i < 12; ++i) scene.scene.vertices.push_back(scene.scene.vertices[i] * 0.9f);
  scene.scene.num_vertices = 6;
  for (int k = 3; k < 6; ++k) scene.scene.faces.push_back(k);  // nearer than the others
  for (const int num_fragments : {1, 3, 5}) ExpectLikeCpu(scene, num_fragments);
}

TEST(SoftrasFragmentsDeviceTest, ExtremeNumbersStayFinite) {
  for (const SoftrasScene<float>& scene : WildScenes()) {
    const Fragments<float> drawn = FragmentsOnDevice(scene, 3, Order::kForward);
    EXPECT_TRUE(Same(drawn, DrawFragments(scene, 3)));
    const FragmentsUpstream<float> upstream(scene, 3);
    ExpectSameFinite(GradientOnDevice(scene, 3, upstream, Order::kForward),
                     FragmentsGradient(scene, 3, upstream));
  }
}

TEST(SoftrasFragmentsDeviceTest, UpstreamThatIsNotFiniteReachesTheSameVerticesAsOnTheCpu) {
  const SoftrasScene<float> scene = RandomScene<float>(11, {1, 33, 41}, 30, 0.2);
  for (const float bad : kNotFinite) {
    FragmentsUpstream<float> upstream(scene, 2);
    upstream.depth[(16 * 41 + 20) * 2] = bad;
    upstream.coverage[(3 * 41 + 11) * 2 + 1] = bad;
    ExpectSameFinite(GradientOnDevice(scene, 2, upstream, Order::kForward),
                     FragmentsGradient(scene, 2, upstream));
  }
}

}  // namespace
}  // namespace mesh_renderer
