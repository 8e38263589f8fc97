// The loops for GPUs against the CPU's.
#include "cc/kernels/n3mr_device.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/n3mr_scenes_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

constexpr float kTolerance = 1e-5f;

std::vector<float> SweepOnDevice(const N3mrScene& scene, Order order = Order::kForward) {
  return RunN3mr<float>(scene, [order](const N3mrGradParams<float>& params) {
    SerialDevice device(order);
    N3mrGradOnDevice(params, device);
  });
}

std::vector<float> SweepOnCpu(const N3mrScene& scene) {
  return RunN3mr<float>(
      scene, [](const N3mrGradParams<float>& params) { N3mrGradCpu(params, SerialFor()); });
}

void ExpectSameAsOnCpu(const N3mrScene& scene) {
  const std::vector<float> grad = SweepOnDevice(scene);
  ExpectClose(grad, SweepOnCpu(scene), kTolerance);
  for (Order order : kOrders) {
    const std::vector<float> other = SweepOnDevice(scene, order);
    for (size_t i = 0; i < grad.size(); ++i) {
      ASSERT_TRUE(other[i] == grad[i] || (std::isnan(other[i]) && std::isnan(grad[i]))) << i;
    }
  }
}

TEST(N3mrDevice, AgreesWithTheCpuForAllShapesAndChannels) {
  unsigned seed = 0;
  for (int64_t channels : {1, 2, 3, 4, 5}) {
    for (ImageShape shape : {ImageShape{2, 24, 24}, ImageShape{1, 17, 40}, ImageShape{2, 33, 9},
                             ImageShape{1, 1, 16}, ImageShape{1, 3, 2}, ImageShape{3, 1, 1}}) {
      SCOPED_TRACE(testing::Message() << shape.height << "x" << shape.width << "x" << channels);
      ExpectSameAsOnCpu(RandomScene(shape, channels, 12, ++seed));
    }
  }
}

TEST(N3mrDevice, AgreesWithTheCpuOnManyFaces) {
  ExpectSameAsOnCpu(SmallFaces());
  ExpectSameAsOnCpu(VerticesOnPixelCentres());
  ExpectSameAsOnCpu(RandomScene({3, 40, 31}, 4, 300, 11));
}

TEST(N3mrDevice, IdsAndIndicesThatPointNowhereAreIgnored) {
  N3mrScene scene = RandomScene({2, 16, 16}, 1, 4, 7);
  scene.face_id[3] = 4;
  scene.face_id[4] = std::numeric_limits<int32_t>::max();
  scene.face_id[5] = std::numeric_limits<int32_t>::min();
  scene.faces[0] = 77;
  scene.faces[4] = -5;
  scene.faces[4 * 3] = -1;
  ExpectSameAsOnCpu(scene);
}

TEST(N3mrDevice, AnEdgeOffTheFirstColumnIsProlonged) {
  N3mrScene scene = OneTriangle({-3.0, -0.4, -1.03, -0.2, -3.0, 0.4}, 16, 1);
  scene.face_id[9 * 16] = 0;
  scene.image[9 * 16] = 1.0;
  for (double& g : scene.grad_image) g = -1.0;
  ExpectSameAsOnCpu(scene);
}

TEST(N3mrDevice, VerticesBehindTheCameraGiveTheSameAsOnTheCpu) {
  N3mrScene scene = OneTriangle({-0.5, 0.0, 0.5, 0.0, 0.0, 0.5}, 16, 1);
  for (int i = 0; i < 3 * 16; ++i) scene.face_id[4 * 16 + i] = 0;
  scene.grad_image.assign(scene.image.size(), -1.0);
  for (double w : {-1.0, 0.0}) {
    scene.vertices_clip[2 * 4 + 3] = w;
    ExpectSameAsOnCpu(scene);
  }
}

TEST(N3mrDevice, VerticesFarOffTheScreenGiveTheSameAsOnTheCpu) {
  for (double far : {1e5, 1e9, 1e20, 1e30, 3e38}) {
    for (unsigned seed = 0; seed < 10; ++seed) {
      N3mrScene scene = RandomScene({1, 16, 12}, 3, 6, seed);
      std::mt19937 random(seed);
      for (int32_t& id : scene.face_id) id = static_cast<int32_t>(random() % 6);
      for (int i = 0; i < 6; ++i) {
        scene.vertices_clip[(random() % 8) * 4 + random() % 2] = random() % 2 ? far : -far;
      }
      ExpectSameAsOnCpu(scene);
    }
  }
}

TEST(N3mrDevice, WhatIsNoNumberReachesTheSameVertices) {
  for (double bad : {std::numeric_limits<double>::quiet_NaN(), -1.0 * INFINITY}) {
    N3mrScene scene = OneTriangle({-0.5, -0.5, 0.5, -0.5, 0.0, 0.5}, 32, 1);
    SetGradient(&scene, 16, 30, bad);
    ExpectSameAsOnCpu(scene);
    EXPECT_FALSE(std::isfinite(SweepOnDevice(scene)[4]));
    scene = RandomScene({2, 16, 12}, 3, 6, 3);
    scene.image[100] = bad;
    ExpectSameAsOnCpu(scene);
  }
}

TEST(N3mrDevice, EmptyBatchesImagesAndMeshesAreNoError) {
  N3mrScene scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.shape.batch = 0;
  scene.vertices_clip.clear();
  EXPECT_TRUE(SweepOnDevice(scene).empty());
  scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.shape.height = 0;
  ExpectSameAsOnCpu(scene);
  scene = RandomScene({1, 8, 8}, 1, 4, 2);
  scene.num_faces = 0;
  ExpectSameAsOnCpu(scene);
  scene = RandomScene({1, 8, 8}, 0, 4, 2);
  ExpectSameAsOnCpu(scene);
  scene = RandomScene({2, 8, 8}, 1, 4, 3);
  scene.num_vertices = 0;
  scene.vertices_clip.clear();
  EXPECT_TRUE(SweepOnDevice(scene).empty());
}

}  // namespace
}  // namespace mesh_renderer
