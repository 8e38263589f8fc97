// Scenes for tests of the N3MR sweep.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/n3mr.h"

namespace mesh_renderer {

// Everything that a call needs. Numbers are kept in double and are exact in float.
struct N3mrScene {
  ImageShape shape = {1, 0, 0};
  int64_t num_vertices = 0;
  int64_t num_channels = 1;
  int64_t num_faces = 0;
  bool batched_faces = false;
  double eps = 1e-3;
  std::vector<double> vertices_clip;  // [B, V, 4]
  std::vector<int32_t> faces;         // [F, 3] or [B, F, 3]
  std::vector<int32_t> face_id;       // [B, H, W]
  std::vector<double> image;          // [B, H, W, C]
  std::vector<double> grad_image;     // [B, H, W, C]

  const int32_t* Corners(int64_t b, int64_t face) const {
    return &faces[((batched_faces ? b : 0) * num_faces + face) * 3];
  }
  const double* Clip(int64_t b, int64_t vertex) const {
    return &vertices_clip[(b * num_vertices + vertex) * 4];
  }
};

// The gradient of a scene in numbers of type T, by run(params).
template <typename T, typename Run>
std::vector<T> RunN3mr(const N3mrScene& scene, const Run& run) {
  const std::vector<T> vertices(scene.vertices_clip.begin(), scene.vertices_clip.end());
  const std::vector<T> image(scene.image.begin(), scene.image.end());
  const std::vector<T> grad_image(scene.grad_image.begin(), scene.grad_image.end());
  std::vector<T> grad(vertices.size(), std::numeric_limits<T>::quiet_NaN());
  const FacesView faces = {scene.faces.data(), scene.num_faces, scene.batched_faces};
  run(N3mrGradParams<T>{scene.shape, scene.num_vertices, scene.num_channels, faces, scene.eps,
                        vertices.data(), scene.face_id.data(), image.data(), grad_image.data(),
                        grad.data()});
  return grad;
}

// Sets face_id to the nearest face over each pixel centre, whichever side it shows.
inline void Draw(N3mrScene* scene) {
  const ImageShape& shape = scene->shape;
  scene->face_id.assign(shape.batch * shape.pixels(), -1);
  std::vector<double> nearest(scene->face_id.size(), std::numeric_limits<double>::infinity());
  for (int64_t i = 0; i < shape.batch * shape.pixels(); ++i) {
    const int64_t b = i / shape.pixels();
    const double x = (2.0 * (i % shape.width) + 1 - shape.width) / shape.width;
    const double y = (shape.height - 2.0 * (i / shape.width % shape.height) - 1) / shape.height;
    for (int64_t f = 0; f < scene->num_faces; ++f) {
      const int32_t* corner = scene->Corners(b, f);
      if (corner[0] < 0) continue;
      double area[3], total = 0, inverse_depth = 0;
      for (int k = 0; k < 3; ++k) {
        const double* p = scene->Clip(b, corner[(k + 1) % 3]);
        const double* q = scene->Clip(b, corner[(k + 2) % 3]);
        area[k] = (p[0] / p[3] - x) * (q[1] / q[3] - y) - (p[1] / p[3] - y) * (q[0] / q[3] - x);
        total += area[k];
      }
      if (std::any_of(area, area + 3, [&](double part) { return part * total < 0; })) continue;
      for (int k = 0; k < 3; ++k) inverse_depth += area[k] / total / scene->Clip(b, corner[k])[3];
      if (1 / inverse_depth >= nearest[i]) continue;
      nearest[i] = 1 / inverse_depth;
      scene->face_id[i] = static_cast<int32_t>(f);
    }
  }
}

// Random faces that share vertices; some lie partly or wholly off the image.
inline N3mrScene RandomScene(ImageShape shape, int64_t num_channels, int64_t num_faces,
                             unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  N3mrScene scene;
  scene.shape = shape;
  scene.num_channels = num_channels;
  scene.num_faces = num_faces;
  scene.num_vertices = num_faces + 2;
  scene.batched_faces = seed % 2 == 1;
  for (int64_t i = 0; i < shape.batch * scene.num_vertices; ++i) {
    const float w = static_cast<float>(0.5 + unit(random));
    for (int k = 0; k < 2; ++k) {
      scene.vertices_clip.push_back(static_cast<float>((2.6 * unit(random) - 1.3) * w));
    }
    scene.vertices_clip.insert(scene.vertices_clip.end(), {0.25 * w, w});
  }
  for (int64_t i = 0; i < (scene.batched_faces ? shape.batch : 1) * num_faces; ++i) {
    const int32_t first = static_cast<int32_t>(i % num_faces);
    const bool flip = unit(random) < 0.5;
    scene.faces.insert(scene.faces.end(), {first, first + (flip ? 2 : 1), first + (flip ? 1 : 2)});
  }
  Draw(&scene);
  for (int64_t i = 0; i < shape.batch * shape.pixels() * num_channels; ++i) {
    scene.image.push_back(static_cast<float>(unit(random)));
    scene.grad_image.push_back(static_cast<float>(2 * unit(random) - 1));
  }
  return scene;
}

// A single triangle (x, y) at w = 1, drawn in white on black with `num_channels` equal channels.
inline N3mrScene OneTriangle(std::vector<double> xy, int side, int64_t num_channels) {
  N3mrScene scene;
  scene.shape = {1, side, side};
  scene.num_vertices = 3;
  scene.num_faces = 1;
  scene.num_channels = num_channels;
  scene.faces = {0, 1, 2};
  for (int k = 0; k < 3; ++k) {
    scene.vertices_clip.insert(scene.vertices_clip.end(), {xy[2 * k], xy[2 * k + 1], 1.0, 1.0});
  }
  Draw(&scene);
  for (int32_t id : scene.face_id) scene.image.insert(scene.image.end(), num_channels, id >= 0);
  scene.grad_image.assign(scene.image.size(), 0.0);
  return scene;
}

inline void SetGradient(N3mrScene* scene, int row, int column, double value) {
  const int64_t pixel = int64_t{row} * scene->shape.width + column;
  std::fill_n(scene->grad_image.begin() + pixel * scene->num_channels, scene->num_channels, value);
}

// A strip of faces a few pixels wide, white on black, with few gradients.
inline N3mrScene SmallFaces() {
  N3mrScene scene = RandomScene({1, 64, 48}, 2, 150, 3);
  for (double& x : scene.vertices_clip) x *= 0.9;
  for (int64_t v = 0; v < scene.num_vertices; ++v) {
    for (int k = 0; k < 2; ++k) {
      scene.vertices_clip[v * 4 + k] =
          0.05 * scene.vertices_clip[v * 4 + k] +
          (0.012 * static_cast<double>(v) - 0.9) * scene.vertices_clip[v * 4 + 3];
    }
  }
  Draw(&scene);
  for (size_t i = 0; i < scene.image.size(); ++i) {
    scene.image[i] = scene.face_id[i / 2] >= 0;
    if (i % 26 != 0 && i % 97 != 1) scene.grad_image[i] = 0.0;
  }
  return scene;
}

// Scanlines through vertices and pixels on edges: the cases of the rules about equality.
inline N3mrScene VerticesOnPixelCentres() {
  N3mrScene scene = RandomScene({2, 16, 32}, 1, 20, 4);
  std::mt19937 random(5);
  for (int64_t v = 0; v < 2 * scene.num_vertices; ++v) {
    double* clip = &scene.vertices_clip[v * 4];
    clip[0] = (2.0 * static_cast<double>(random() % 32) - 31.0) / 32.0;
    clip[1] = (2.0 * static_cast<double>(random() % 16) - 15.0) / 16.0;
    clip[3] = 1.0;
  }
  Draw(&scene);
  return scene;
}

}  // namespace mesh_renderer
