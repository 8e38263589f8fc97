// Scenes at the edges of what SoftRas' loops for GPUs must handle, and how near a gradient has to
// come to the CPU's.
#pragma once

#include <gtest/gtest.h>

#include "cc/kernels/closeness_for_test.h"
#include "cc/kernels/serial_device_for_test.h"
#include "cc/kernels/softras_color_scenes_for_test.h"

namespace mesh_renderer {

// Sizes of images around those of bins, no faces, no images, padding, faces without area.
inline std::vector<SoftrasScene<float>> EdgeScenes() {
  std::vector<SoftrasScene<float>> scenes;
  for (const int height : {1, 2, 7, 8, 9, 65}) {
    for (const int width : {1, 3, 8, 18}) {
      scenes.push_back(RandomScene<float>(3, {1, height, width}, 9, 0.4));
    }
  }
  scenes.push_back(RandomScene<float>(1, {2, 5, 3}, 0, 1));
  scenes.push_back(RandomScene<float>(1, {0, 5, 3}, 2, 1));
  SoftrasScene<float> odd = RandomScene<float>(6, {2, 33, 20}, 12, 0.5);
  for (int k = 0; k < 3; ++k) odd.scene.faces[9 + k] = odd.scene.faces[30 + k] = -1;
  odd.scene.faces[4] = odd.scene.faces[3];
  odd.scene.vertices[3] = -1;  // behind the camera
  for (const SoftrasScene<float>& scene : AlphaScenesOfAllModes(odd)) scenes.push_back(scene);
  return scenes;
}

// Numbers at the ends of what is legal.
inline std::vector<SoftrasScene<float>> WildScenes() {
  std::vector<SoftrasScene<float>> scenes;
  for (const SoftDistance distance : kDistances) {
    for (const double size : {1e-12, 1e-3, 1e12}) {
      for (const DepthFrom depth_from : {DepthFrom::kW, DepthFrom::kZ}) {
        scenes.push_back(WildScene<float>(
            {distance, size, 1e-30},
            {RgbAggregation::kSoftmax, AlphaAggregation::kProduct, size, size * 80, false},
            {{Cull::kNone, depth_from, 0, 1e12}, true}));
      }
    }
  }
  return scenes;
}

constexpr float kTolerance = 2e-5f;  // both sum up the same numbers in float, in other orders

inline void ExpectSameFinite(const std::vector<float>& grad, const std::vector<float>& expected) {
  ASSERT_EQ(grad.size(), expected.size());
  for (size_t i = 0; i < grad.size(); ++i) {
    EXPECT_EQ(std::isfinite(grad[i]), std::isfinite(expected[i])) << i;
  }
}

constexpr float kNotFinite[] = {std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN()};

}  // namespace mesh_renderer
