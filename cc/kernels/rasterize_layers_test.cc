// RasterizeLayers against Rasterize, which draws every face alone for comparison.
#include "cc/kernels/rasterize_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

template <typename T>
struct Layers {
  std::vector<Result<T>> layer;
  std::vector<int32_t> count;
};

template <typename T>
std::vector<T> Part(const std::vector<T>& all, int64_t part, int64_t size) {
  return std::vector<T>(all.begin() + part * size, all.begin() + (part + 1) * size);
}

template <typename T>
Layers<T> RenderLayers(const Scene<T>& scene, const RasterizeSettings& settings, int num_layers,
                       const ParallelFor& parallel_for = SerialFor(),
                       CpuTarget target = ActiveCpuTarget()) {
  const int64_t pixels = scene.image.batch * scene.image.pixels();
  Result<T> all = UnwrittenResult(scene, num_layers);
  Layers<T> layers = {{}, std::vector<int32_t>(pixels, 77)};
  const RasterizeLayersParams<T> params = {ParamsOf(scene, settings, &all), num_layers,
                                           layers.count.data()};
  RasterizeLayersCpu(params, parallel_for, target);
  for (int k = 0; k < num_layers; ++k) {
    layers.layer.push_back({Part(all.face_id, k, pixels), Part(all.barycentrics, k, pixels * 3),
                            Part(all.depth, k, pixels)});
  }
  return layers;
}

template <typename T>
void ExpectEqual(const Layers<T>& ours, const Layers<T>& expected) {
  for (size_t k = 0; k < expected.layer.size(); ++k) ExpectEqual(ours.layer[k], expected.layer[k]);
  EXPECT_EQ(ours.count, expected.count);
}

// What Rasterize draws of each face when all others are padding.
template <typename T>
std::vector<Result<T>> FacesAlone(const Scene<T>& scene, const RasterizeSettings& settings) {
  std::vector<Result<T>> alone;
  for (int64_t f = 0; f < scene.view().num_faces; ++f) {
    Scene<T> one = scene;
    std::fill(one.faces.begin(), one.faces.end(), -1);
    std::copy_n(&scene.faces[f * 3], 3, &one.faces[f * 3]);
    alone.push_back(Render(one, settings));
  }
  return alone;
}

// The layers of one pixel hold its nearest fragments, each with the bits of its face alone.
template <typename T>
void ExpectNearestFragments(const Layers<T>& layers, const std::vector<Result<T>>& alone,
                            size_t pixel) {
  std::set<int32_t> missing;
  for (size_t f = 0; f < alone.size(); ++f) {
    if (alone[f].face_id[pixel] >= 0) missing.insert(static_cast<int32_t>(f));
  }
  const size_t total = missing.size();
  ASSERT_EQ(layers.count[pixel], static_cast<int32_t>(total));
  T farthest = 0;
  for (size_t k = 0; k < layers.layer.size(); ++k) {
    const Result<T>& layer = layers.layer[k];
    const int32_t face = layer.face_id[pixel];
    ASSERT_EQ(face >= 0, k < total);
    const Result<T> nothing = {{-1}, {0, 0, 0}, {0}};
    const Result<T>& expected = face >= 0 ? alone[face] : nothing;
    const size_t at = face >= 0 ? pixel : 0;
    ASSERT_EQ(layer.depth[pixel], expected.depth[at]);
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(layer.barycentrics[pixel * 3 + i], expected.barycentrics[at * 3 + i]);
    }
    if (face < 0) continue;
    ASSERT_EQ(missing.erase(face), 1u) << "not covered by the face, or in two layers";
    ASSERT_GE(layer.depth[pixel], farthest);
    farthest = layer.depth[pixel];
  }
  for (int32_t face : missing) ASSERT_GE(alone[face].depth[pixel], farthest);
}

template <typename T>
void ExpectNearestFragments(const Scene<T>& scene, const RasterizeSettings& settings,
                            int num_layers, CpuTarget target) {
  const Layers<T> layers = RenderLayers(scene, settings, num_layers, SerialFor(), target);
  const std::vector<Result<T>> alone = FacesAlone(scene, settings);
  for (size_t pixel = 0; pixel < layers.count.size(); ++pixel) {
    ExpectNearestFragments(layers, alone, pixel);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(*std::max_element(layers.count.begin(), layers.count.end()), 3);
}

TEST(RasterizeLayersTest, HoldTheNearestFragments) {
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kW, 0.3, 4.0};
  for (CpuTarget target : AvailableTargets()) {
    for (int num_layers : {1, 2, 5, 40}) {
      ExpectNearestFragments(Soup<float>(1, {2, 45, 70}, 40, 0.9, true), settings, num_layers,
                             target);
      ExpectNearestFragments(Soup<double>(2, {1, 70, 45}, 40, 0.9, false), settings, num_layers,
                             target);
    }
  }
}

TEST(RasterizeLayersTest, FollowCullingAndDepthSource) {
  for (Cull cull : {Cull::kBack, Cull::kFront, Cull::kNone}) {
    const RasterizeSettings settings = {cull, DepthFrom::kZ, 2.0, 7.0};
    ExpectNearestFragments(Soup<float>(3, {1, 33, 130}, 50, 0.9, false), settings, 4,
                           ActiveCpuTarget());
  }
}

TEST(RasterizeLayersTest, FirstLayerHasTheBitsOfRasterize) {
  for (CpuTarget target : AvailableTargets()) {
    const Scene<float> soup = Soup<float>(4, {2, 150, 141}, 3000, 0.1, true);
    const Result<float> expected = Render(soup, kTwoSided, SerialFor(), target);
    ExpectEqual(RenderLayers(soup, kTwoSided, 3, SerialFor(), target).layer[0], expected);
    const Scene<double> large = Soup<double>(5, {1, 260, 330}, 30, 1.5, false);
    const Result<double> expected_large = Render(large, kTwoSided, SerialFor(), target);
    ExpectEqual(RenderLayers(large, kTwoSided, 3, SerialFor(), target).layer[0], expected_large);
  }
}

TEST(RasterizeLayersTest, FewerLayersAreTheFirstOfMore) {
  const Scene<float> scene = Soup<float>(6, {1, 90, 100}, 400, 0.4, false);
  const Layers<float> more = RenderLayers(scene, kTwoSided, 30);
  for (int num_layers : {1, 2, 7}) {
    const Layers<float> fewer = RenderLayers(scene, kTwoSided, num_layers);
    for (int k = 0; k < num_layers; ++k) ExpectEqual(fewer.layer[k], more.layer[k]);
    EXPECT_EQ(fewer.count, more.count);
  }
}

template <typename T>
void ExpectSameForAnyThreadsAndTargets() {
  for (const int batch : {1, 5}) {
    const Scene<T> scene = Soup<T>(8, {batch, 90, 131}, 500, 0.2, true);
    const Layers<T> expected = RenderLayers(scene, kTwoSided, 4, SerialFor(), CpuTarget::kBaseline);
    for (CpuTarget target : AvailableTargets()) {
      ExpectEqual(RenderLayers(scene, kTwoSided, 4, SerialFor(), target), expected);
    }
    for (const int threads : {2, 8}) {
      ExpectEqual(RenderLayers(scene, kTwoSided, 4, ThreadsForTest(threads)), expected);
    }
  }
}

TEST(RasterizeLayersTest, SameBitsForAnyThreadsAndInstructionSetsFloat) {
  ExpectSameForAnyThreadsAndTargets<float>();
}
TEST(RasterizeLayersTest, SameBitsForAnyThreadsAndInstructionSetsDouble) {
  ExpectSameForAnyThreadsAndTargets<double>();
}

// Copies of one face are layers of their own, in the order of their ids, around a nearer face that
// is drawn between them.
TEST(RasterizeLayersTest, FacesAtOneDepthAreOrderedById) {
  const Scene<float> scene = {{1, 9, 11},
                              6,
                              {-9, -9, 0, 2, 9, -9, 0, 2, 0, 9, 0, 2,   // at depth 2
                               -9, -9, 0, 1, 9, -9, 0, 1, 0, 9, 0, 1},  // at depth 1
                              {0, 1, 2, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}};
  const Layers<float> layers = RenderLayers(scene, kTwoSided, 6);
  const int32_t expected[] = {2, 4, 0, 1, 3, -1};
  for (size_t pixel = 0; pixel < layers.count.size(); ++pixel) {
    EXPECT_EQ(layers.count[pixel], 5);
    for (int k = 0; k < 6; ++k) EXPECT_EQ(layers.layer[k].face_id[pixel], expected[k]);
  }
}

TEST(RasterizeLayersTest, EmptyInputsGiveBackground) {
  const Scene<float> no_faces = {{2, 5, 3}, 0, {}, {}};
  const Layers<float> empty = RenderLayers(no_faces, kTwoSided, 2);
  for (const Result<float>& layer : empty.layer) ExpectEqual(layer, Render(no_faces, kTwoSided));
  EXPECT_EQ(empty.count, std::vector<int32_t>(30, 0));
  const Scene<float> no_images = {{0, 5, 3}, 1, {}, {0, 0, 0}};
  EXPECT_TRUE(RenderLayers(no_images, kTwoSided, 2).count.empty());
}

}  // namespace
}  // namespace mesh_renderer
