// Scenes for tests of SoftrasColor that differ in all that its loops tell apart.
#pragma once

#include "cc/kernels/softras_scene_for_test.h"

namespace mesh_renderer {

template <typename T>
std::vector<SoftrasScene<T>> ColorScenesOfAllModes(const SoftrasScene<T>& scene) {
  std::vector<SoftrasScene<T>> scenes;
  const auto add = [&](const auto& change) {
    scenes.push_back(scene);
    change(&scenes.back());
  };
  for (const RgbAggregation rgb : {RgbAggregation::kSoftmax, RgbAggregation::kHard}) {
    for (const SoftDistance distance : kDistances) {
      add([&](auto* s) { s->mixing.rgb = rgb, s->blur.distance = distance; });
    }
    for (const Cull cull : {Cull::kBack, Cull::kFront}) {
      add([&](auto* s) { s->mixing.rgb = rgb, s->view.visibility.cull = cull; });
    }
    add([&](auto* s) { s->mixing.rgb = rgb, s->view.perspective_correct = false; });
    add([&](auto* s) { s->mixing.rgb = rgb, s->view.visibility.depth_from = DepthFrom::kZ; });
  }
  add([&](auto* s) { s->mixing.alpha = AlphaAggregation::kSum; });
  add([&](auto* s) { s->mixing.alpha = AlphaAggregation::kHard; });
  add([&](auto* s) { s->mixing.gamma = 1e-4, s->mixing.eps = 1e-3; });
  return scenes;
}

inline SoftrasScene<float> InFloat(const SoftrasScene<double>& s) {
  const auto cast = [](const std::vector<double>& v) {
    return std::vector<float>(v.begin(), v.end());
  };
  return {{s.scene.image, s.scene.num_vertices, cast(s.scene.vertices), s.scene.faces},
          s.blur,
          s.mixing,
          s.view,
          s.layout,
          cast(s.colors),
          cast(s.background)};
}

}  // namespace mesh_renderer
