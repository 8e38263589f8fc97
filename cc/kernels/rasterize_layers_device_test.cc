// RasterizeLayers on a Device gives the bits of the CPU.
#include "cc/kernels/rasterize_layers_device.h"

#include <gtest/gtest.h>

#include "cc/kernels/rasterize_bins_for_test.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

// All layers one after the other.
struct Layers {
  Result<float> fragments;
  std::vector<int32_t> count;

  Layers(const Scene<float>& scene, int num_layers)
      : fragments(UnwrittenResult(scene, num_layers)),
        count(scene.image.batch * scene.image.pixels(), 77) {}
};

// Calls draw(params).
template <typename Draw>
Layers RenderLayers(const Scene<float>& scene, const RasterizeSettings& settings, int num_layers,
                    const Draw& draw) {
  Layers layers(scene, num_layers);
  draw(RasterizeLayersParams<float>{ParamsOf(scene, settings, &layers.fragments), num_layers,
                                    layers.count.data()});
  return layers;
}

void ExpectEqual(const Layers& ours, const Layers& expected) {
  ExpectEqual(ours.fragments, expected.fragments);
  EXPECT_EQ(ours.count, expected.count);
}

Layers OnTheCpu(const Scene<float>& scene, const RasterizeSettings& settings, int num_layers) {
  return RenderLayers(scene, settings, num_layers,
                      [](const auto& params) { RasterizeLayersCpu(params, SerialFor()); });
}

void ExpectBitsOfTheCpu(const Scene<float>& scene, const RasterizeSettings& settings,
                        int num_layers) {
  const Layers expected = OnTheCpu(scene, settings, num_layers);
  for (const Order order : kOrders) {
    const Layers ours = RenderLayers(scene, settings, num_layers, [&](const auto& params) {
      SerialDevice device(order);
      RasterizeLayersOnDevice(params, device);
    });
    ExpectEqual(ours, expected);
  }
}

TEST(RasterizeLayersDeviceTest, SoupsHaveTheBitsOfTheCpu) {
  for (Cull cull : {Cull::kNone, Cull::kBack, Cull::kFront}) {
    for (DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
      const RasterizeSettings settings = {cull, depth_from, 0.3, 4.0};
      for (int num_layers : {1, 2, 5, 70}) {
        ExpectBitsOfTheCpu(Soup<float>(1, {2, 45, 70}, 60, 0.9, false), settings, num_layers);
      }
      ExpectBitsOfTheCpu(Soup<float>(2, {1, 70, 45}, 60, 0.9, true), settings, 4);
    }
  }
  ExpectBitsOfTheCpu(Soup<float>(3, {1, 130, 141}, 2000, 0.1, true), kTwoSided, 3);
}

TEST(RasterizeLayersDeviceTest, BinsOfAnySizeGiveTheSame) {
  const Scene<float> scene = Soup<float>(5, {2, 140, 150}, 40, 0.8, true);
  const Layers expected = OnTheCpu(scene, kTwoSided, 4);
  for (int side_log2 = 3; side_log2 <= 8; ++side_log2) {
    const Layers ours = RenderLayers(scene, kTwoSided, 4, [&](const auto& params) {
      SerialDevice device;
      RasterizeLayersInBins(params, PairsInBinsOf(side_log2, params.layers, device), device);
    });
    ExpectEqual(ours, expected);
  }
}

// Copies of one face are layers of their own, around a nearer face that is drawn between them.
TEST(RasterizeLayersDeviceTest, FacesAtOneDepthAreOrderedById) {
  const Scene<float> scene = {{1, 9, 11},
                              6,
                              {-9, -9, 0, 2, 9, -9, 0, 2, 0, 9, 0, 2,   // at depth 2
                               -9, -9, 0, 1, 9, -9, 0, 1, 0, 9, 0, 1},  // at depth 1
                              {0, 1, 2, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}};
  for (int num_layers : {1, 2, 3, 6}) ExpectBitsOfTheCpu(scene, kTwoSided, num_layers);
}

TEST(RasterizeLayersDeviceTest, EmptyInputsGiveBackground) {
  ExpectBitsOfTheCpu({{2, 5, 3}, 0, {}, {}}, kTwoSided, 2);
  ExpectBitsOfTheCpu({{0, 5, 3}, 1, {}, {0, 0, 0}}, kTwoSided, 2);
  ExpectBitsOfTheCpu({{1, 1, 1}, 0, {}, {-1, -1, -1}}, kTwoSided, 1);
}

}  // namespace
}  // namespace mesh_renderer
