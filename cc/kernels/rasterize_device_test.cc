// Rasterize on a Device gives the bits of the CPU.
#include "cc/kernels/rasterize_device.h"

#include <gtest/gtest.h>

#include "cc/kernels/rasterize_bins_for_test.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

Result<float> RenderOnDevice(const Scene<float>& scene, const RasterizeSettings& settings,
                             Order order) {
  SerialDevice device(order);
  Result<float> result = UnwrittenResult(scene);
  RasterizeOnDevice(ParamsOf(scene, settings, &result), device);
  return result;
}

void ExpectBitsOfTheCpu(const Scene<float>& scene, const RasterizeSettings& settings) {
  const Result<float> expected = Render(scene, settings);
  for (const Order order : kOrders) ExpectEqual(RenderOnDevice(scene, settings, order), expected);
}

TEST(RasterizeDeviceTest, SoupsHaveTheBitsOfTheCpu) {
  for (Cull cull : {Cull::kNone, Cull::kBack, Cull::kFront}) {
    for (DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
      const RasterizeSettings settings = {cull, depth_from, 0.3, 4.0};
      ExpectBitsOfTheCpu(Soup<float>(1, {2, 45, 70}, 60, 0.5, false), settings);
      ExpectBitsOfTheCpu(Soup<float>(2, {3, 70, 45}, 60, 0.8, true), settings);
    }
  }
  ExpectBitsOfTheCpu(Soup<float>(3, {1, 130, 141}, 5000, 0.1, true), kTwoSided);
  ExpectBitsOfTheCpu(Soup<float>(4, {1, 260, 330}, 12, 1.5, false), kTwoSided);
}

// Planes are rounded at the corners of tiles, whatever the bins.
TEST(RasterizeDeviceTest, BinsOfAnySizeGiveTheSame) {
  const Scene<float> scene = Soup<float>(5, {2, 200, 150}, 60, 0.8, true);
  const Result<float> expected = Render(scene, kTwoSided);
  for (int side_log2 = 3; side_log2 <= 9; ++side_log2) {
    SerialDevice device;
    Result<float> result = UnwrittenResult(scene);
    const RasterizeParams<float> params = ParamsOf(scene, kTwoSided, &result);
    RasterizeInBins(params, PairsInBinsOf(side_log2, params, device), device);
    ExpectEqual(result, expected);
  }
}

TEST(RasterizeDeviceTest, FacesMayDifferInABatch) {
  Scene<float> scene = Soup<float>(6, {3, 33, 41}, 40, 0.6, false);
  const int64_t size = static_cast<int64_t>(scene.faces.size());
  for (int64_t i = 0; i < 2 * size; ++i) scene.faces.push_back(scene.faces[size - 1 - i % size]);
  std::fill_n(&scene.faces[size + 30], 60, -1);  // the second image has fewer faces
  scene.batched_faces = true;
  ExpectBitsOfTheCpu(scene, kTwoSided);
}

TEST(RasterizeDeviceTest, TinyImages) {
  for (const ImageShape& image : {ImageShape{1, 1, 1}, {2, 1, 9}, {1, 9, 1}}) {
    ExpectBitsOfTheCpu(Soup<float>(7, image, 20, 1.0, true), kTwoSided);
  }
}

TEST(RasterizeDeviceTest, EdgesAndTies) {
  const float c = 0.375f;  // the centres of 8x8 pixels are at odd multiples of 1/8
  ExpectBitsOfTheCpu({{1, 8, 8},
                      4,
                      {-c, -c, 0, 1, c, -c, 0, 1, c, c, 0, 1, -c, c, 0, 1},
                      {0, 1, 2, 0, 2, 3, 0, 1, 2}},
                     kTwoSided);
}

TEST(RasterizeDeviceTest, DegenerateAndPaddingFacesDrawNothing) {
  ExpectBitsOfTheCpu({{1, 6, 7},
                      3,
                      {-1, -1, 0, 1, 1, 1, 0, 1, 0.5f, 0.5f, 0, 1},
                      {-1, -1, -1, 0, 0, 1, 0, 1, 2, 1, 1, 1}},
                     kTwoSided);
}

TEST(RasterizeDeviceTest, EmptyInputsGiveBackground) {
  ExpectBitsOfTheCpu({{2, 5, 3}, 0, {}, {}}, kTwoSided);
  ExpectBitsOfTheCpu({{0, 5, 3}, 1, {}, {0, 0, 0}}, kTwoSided);
  ExpectBitsOfTheCpu({{1, 5, 3}, 0, {}, {-1, -1, -1}}, kTwoSided);
}

TEST(RasterizeDeviceTest, AbsurdSizesHaveTheBitsOfTheCpu) {
  std::mt19937 rng(11);
  std::uniform_real_distribution<float> exponent(-30, 30), sign(-1, 1);
  Scene<float> scene = {{1, 40, 50}, 600, {}, {}};
  for (int i = 0; i < 600 * 4; ++i) {
    scene.vertices.push_back(std::copysign(std::pow(10.0f, exponent(rng)), sign(rng)));
  }
  for (int32_t v = 0; v < 600; ++v) scene.faces.push_back(v);
  ExpectBitsOfTheCpu(scene, kTwoSided);
}

}  // namespace
}  // namespace mesh_renderer
