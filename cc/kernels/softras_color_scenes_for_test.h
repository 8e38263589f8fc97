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

// Vertices anywhere at any depth, faces without area.
template <typename T>
SoftrasScene<T> WildScene(const SoftBlur& blur, const SoftMixing& mixing, const SoftView& view) {
  std::mt19937 rng(11);
  std::uniform_real_distribution<double> exponent(-30, 30), sign(-1, 1), near(-1.5, 1.5);
  SoftrasScene<T> scene = RandomScene<T>(11, {1, 21, 31}, 200, 1);
  scene.blur = blur;
  scene.mixing = mixing;
  scene.view = view;
  for (size_t v = 0; v < scene.scene.vertices.size(); v += 4) {
    const bool seen = sign(rng) > -0.5;
    const double w = std::pow(10.0, exponent(rng)) * (seen ? 1 : sign(rng));
    for (int i = 0; i < 3; ++i) {
      const double wild = std::copysign(std::pow(10.0, exponent(rng)), sign(rng));
      scene.scene.vertices[v + i] = static_cast<T>(seen && i < 2 ? near(rng) * w : wild);
    }
    scene.scene.vertices[v + 3] = static_cast<T>(w);
  }
  for (int k = 0; k < 30; ++k) scene.scene.faces[k * 3 + 1] = scene.scene.faces[k * 3];
  for (int k = 10; k < 20; ++k) scene.scene.faces[k * 3 + 2] = scene.scene.faces[k * 3];
  return scene;
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
