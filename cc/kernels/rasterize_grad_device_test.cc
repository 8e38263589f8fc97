// RasterizeGrad on a Device: the same bits in every order, close to the CPU's.
#include "cc/kernels/rasterize_grad_device.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Gradients = std::vector<float>;

Gradients OnTheCpu(const Scene<float>& scene, const RasterizeSettings& settings,
                   const Result<float>& result, const Upstream<float>& upstream) {
  return GradientBy(scene, settings, result, upstream,
                    [](const auto& params) { RasterizeGradCpu(params, SerialFor()); });
}

Gradients OnDevice(const Scene<float>& scene, const RasterizeSettings& settings,
                   const Result<float>& result, const Upstream<float>& upstream, Order order) {
  return GradientBy(scene, settings, result, upstream, [&](const auto& params) {
    SerialDevice device(order);
    RasterizeGradOnDevice(params, device);
  });
}

// The sums are formed in another order: their error is relative to the largest addends.
Gradients ExpectLikeTheCpu(const Scene<float>& scene, const RasterizeSettings& settings,
                           const Result<float>& result, const Upstream<float>& upstream) {
  const Gradients expected = OnTheCpu(scene, settings, result, upstream);
  const Gradients forward = OnDevice(scene, settings, result, upstream, Order::kForward);
  ExpectClose(forward, expected, 1e-5f);
  for (const Order order : kOrders) {
    EXPECT_EQ(OnDevice(scene, settings, result, upstream, order), forward);
  }
  return forward;
}

void ExpectLikeTheCpu(const Scene<float>& scene, const RasterizeSettings& settings) {
  const Result<float> result = Render(scene, settings);
  ExpectLikeTheCpu(scene, settings, result, Upstream<float>(result));
}

TEST(RasterizeGradDeviceTest, SoupsMatchTheCpu) {
  for (DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
    const RasterizeSettings settings = {Cull::kNone, depth_from, 0.3, 4.0};
    ExpectLikeTheCpu(Soup<float>(1, {2, 45, 70}, 60, 0.5, false), settings);
    ExpectLikeTheCpu(Soup<float>(2, {3, 70, 45}, 60, 0.8, true), settings);
  }
  ExpectLikeTheCpu(Soup<float>(3, {1, 130, 141}, 5000, 0.1, true), kTwoSided);
  ExpectLikeTheCpu(Soup<float>(4, {1, 260, 330}, 12, 1.5, false), kTwoSided);
}

TEST(RasterizeGradDeviceTest, SharedVerticesAndBatchedFacesMatchTheCpu) {
  Scene<float> scene = Soup<float>(6, {3, 33, 41}, 40, 0.6, false);
  for (int32_t& vertex : scene.faces) vertex = vertex % 50;
  ExpectLikeTheCpu(scene, kTwoSided);
  const int64_t size = static_cast<int64_t>(scene.faces.size());
  for (int64_t i = 0; i < 2 * size; ++i) scene.faces.push_back(scene.faces[size - 1 - i % size]);
  std::fill_n(&scene.faces[size + 30], 60, -1);  // the second image has fewer faces
  scene.batched_faces = true;
  ExpectLikeTheCpu(scene, kTwoSided);
}

// The gradient is defined by the ids alone, wherever they come from.
TEST(RasterizeGradDeviceTest, AnyIdsMatchTheCpu) {
  const Scene<float> scene = Soup<float>(8, {2, 37, 50}, 30, 0.7, false);
  Result<float> result = Render(scene, kTwoSided);
  std::mt19937 rng(3);
  std::uniform_int_distribution<int32_t> face(-1, 29);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (int32_t& id : result.face_id) id = face(rng);
  for (float& value : result.barycentrics) value = uniform(rng);
  ExpectLikeTheCpu(scene, kTwoSided, result, Upstream<float>(result));
}

TEST(RasterizeGradDeviceTest, EmptyInputs) {
  ExpectLikeTheCpu({{2, 5, 3}, 4, std::vector<float>(32, 1.0f), {}}, kTwoSided);
  ExpectLikeTheCpu({{0, 5, 3}, 1, {}, {0, 0, 0}}, kTwoSided);
  ExpectLikeTheCpu({{1, 1, 1}, 0, {}, {-1, -1, -1}}, kTwoSided);
  ExpectLikeTheCpu(Soup<float>(7, {2, 1, 1}, 20, 1.0, false), kTwoSided);
}

TEST(RasterizeGradDeviceTest, AbsurdSizesMatchTheCpu) {
  std::mt19937 rng(11);
  std::uniform_real_distribution<float> exponent(-30, 30), sign(-1, 1);
  Scene<float> scene = {{1, 40, 50}, 600, {}, {}};
  for (int i = 0; i < 600 * 4; ++i) {
    scene.vertices.push_back(std::copysign(std::pow(10.0f, exponent(rng)), sign(rng)));
  }
  for (int32_t v = 0; v < 600; ++v) scene.faces.push_back(v);
  ExpectLikeTheCpu(scene, kTwoSided);
}

// Gradients beyond the range of float, of tiny scenes and of huge upstream gradients.
TEST(RasterizeGradDeviceTest, OverflowIsClamped) {
  constexpr float kLimit = std::numeric_limits<float>::max() * 1e-3f;
  for (const auto& [scale, factor] : {std::pair{1e-37f, 1e6f}, {1.0f, 1e38f}}) {
    Scene<float> scene = Soup<float>(13, {2, 40, 50}, 30, 0.7, false);
    for (float& value : scene.vertices) value *= scale;
    const Result<float> result = Render(scene, kTwoSided);
    Upstream<float> upstream(result);
    std::fill(upstream.grad_depth.begin(), upstream.grad_depth.end(), 0.0f);
    for (size_t i = 0; i < upstream.grad_barycentrics.size(); ++i) {
      upstream.grad_barycentrics[i] = i % 3 == 0 ? factor : 0.0f;
    }
    float largest = 0;
    for (float value : ExpectLikeTheCpu(scene, kTwoSided, result, upstream)) {
      EXPECT_TRUE(std::isfinite(value));
      largest = std::max(largest, std::abs(value));
    }
    EXPECT_GE(largest, kLimit);
  }
}

// What is no number upstream reaches the vertices of its face, and no others.
TEST(RasterizeGradDeviceTest, NonFiniteUpstreamReachesTheVertices) {
  constexpr int32_t kFace = 3;
  const Scene<float> scene = Soup<float>(9, {2, 40, 50}, 30, 0.7, false);
  const Result<float> result = Render(scene, kTwoSided);
  for (const float bad : {kNan, std::numeric_limits<float>::infinity()}) {
    for (const int64_t image : {0, 1}) {
      const auto ids = result.face_id.begin();
      const int64_t pixel = std::find(ids + image * 2000, ids + (image + 1) * 2000, kFace) - ids;
      for (const bool of_depth : {false, true}) {
        Upstream<float> upstream(result);
        (of_depth ? upstream.grad_depth[pixel] : upstream.grad_barycentrics[pixel * 3 + 1]) = bad;
        const Gradients expected = OnTheCpu(scene, kTwoSided, result, upstream);
        for (const Order order : kOrders) {
          const Gradients ours = OnDevice(scene, kTwoSided, result, upstream, order);
          int64_t not_finite = 0;
          for (size_t i = 0; i < ours.size(); ++i) {
            EXPECT_EQ(std::isfinite(ours[i]), std::isfinite(expected[i])) << i;
            not_finite += !std::isfinite(ours[i]);
          }
          EXPECT_EQ(not_finite, 9);
        }
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
