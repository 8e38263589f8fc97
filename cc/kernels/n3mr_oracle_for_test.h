// Scenes for tests of the N3MR sweep, and the sweep itself by the letter of its published rules.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "cc/kernels/mesh_view.h"

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

// The sweep by the letter of the published rules, slowly: every face, every edge, every pixel; rows
// counted from the bottom. Shares no code with the library.
class N3mrOracle {
 public:
  explicit N3mrOracle(const N3mrScene& scene) : s_(scene) {}

  std::vector<double> Run() {
    grad_.assign(s_.vertices_clip.size(), 0.0);
    for (b_ = 0; b_ < s_.shape.batch; ++b_) {
      for (face_ = 0; face_ < s_.num_faces; ++face_) SweepFace();
    }
    return grad_;
  }

 private:
  int Side(int coordinate) const { return coordinate == 0 ? s_.shape.width : s_.shape.height; }

  double Ndc(int64_t vertex, int coordinate) const {
    return s_.Clip(b_, vertex)[coordinate] / s_.Clip(b_, vertex)[3];
  }

  double Pixel(int64_t vertex, int coordinate) const {
    return (Ndc(vertex, coordinate) * Side(coordinate) + Side(coordinate) - 1) / 2;
  }

  void SweepFace() {
    const int32_t* corners = s_.Corners(b_, face_);
    std::vector<int64_t> v(corners, corners + 3);
    if (v[0] < 0) return;
    if ((Ndc(v[2], 1) - Ndc(v[0], 1)) * (Ndc(v[1], 0) - Ndc(v[0], 0)) <
        (Ndc(v[1], 1) - Ndc(v[0], 1)) * (Ndc(v[2], 0) - Ndc(v[0], 0))) {
      std::reverse(v.begin(), v.end());
    }
    for (int e = 0; e < 3; ++e) {
      for (int axis : {0, 1}) SweepEdge(v[e], v[(e + 1) % 3], v[(e + 2) % 3], axis);
    }
  }

  // Axis 0 steps over columns, axis 1 over rows.
  void SweepEdge(int64_t a, int64_t b, int64_t c, int axis) {
    const int across = 1 - axis;
    const double a0 = Pixel(a, axis), b0 = Pixel(b, axis), c0 = Pixel(c, axis);
    const double a1 = Pixel(a, across), b1 = Pixel(b, across), c1 = Pixel(c, across);
    const int s = (axis == 0) == (a0 < b0) ? -1 : 1;
    const int side = Side(across);
    const int end = static_cast<int>(std::trunc(std::min(std::max(a0, b0), Side(axis) - 1.0)));
    for (int d0 = static_cast<int>(std::max(std::ceil(std::min(a0, b0)), 0.0)); d0 <= end; ++d0) {
      if (a0 == b0) continue;
      const double cross = (b1 - a1) / (b0 - a0) * (d0 - a0) + a1;
      const double in = s > 0 ? std::floor(cross) : std::ceil(cross);
      const double out = in + s;
      if (!(in >= 0 && in < side && out >= 0 && out < side)) continue;
      const int in_pixel = static_cast<int>(in), out_pixel = static_cast<int>(out);
      double far = (d0 - a0) * (d0 - c0) < 0 ? (c1 - a1) / (c0 - a0) * (d0 - a0) + a1
                                             : (b1 - c1) / (b0 - c0) * (d0 - c0) + c1;
      if (std::isnan(far)) far = 0;
      const double limit = s > 0 ? std::ceil(far) : std::floor(far);
      for (int d1 = 0; d1 < side; ++d1) {
        const bool is_outside = s > 0 ? d1 >= out_pixel : d1 <= out_pixel;
        const bool is_inside = d1 >= std::min(in, limit) && d1 <= std::max(in, limit);
        double gain = 0;
        if (is_outside && FaceAt(axis, d0, in_pixel) == face_) {
          gain += std::max(0.0, Gain(axis, d0, d1, in_pixel));
        }
        if (is_inside && FaceAt(axis, d0, d1) == face_) {
          gain += std::max(0.0, Gain(axis, d0, d1, out_pixel));
        }
        if (gain <= 0) continue;
        if (b0 != d0) Add(a, across, gain, (b0 - a0) / (b0 - d0) * (d1 - cross) * 2 / side);
        if (a0 != d0) Add(b, across, gain, (b0 - a0) / (d0 - a0) * (d1 - cross) * 2 / side);
      }
    }
  }

  int64_t PixelIndex(int axis, int d0, int d1) const {
    const int column = axis == 0 ? d0 : d1;
    const int row_from_bottom = axis == 0 ? d1 : d0;
    return (b_ * s_.shape.height + s_.shape.height - 1 - row_from_bottom) * s_.shape.width + column;
  }

  int32_t FaceAt(int axis, int d0, int d1) const { return s_.face_id[PixelIndex(axis, d0, d1)]; }

  double Gain(int axis, int d0, int d1, int reference) const {
    double sum = 0;
    for (int64_t c = 0; c < s_.num_channels; ++c) {
      const int64_t at = PixelIndex(axis, d0, d1) * s_.num_channels + c;
      const int64_t other = PixelIndex(axis, d0, reference) * s_.num_channels + c;
      sum += (s_.image[at] - s_.image[other]) * s_.grad_image[at];
    }
    return sum;
  }

  void Add(int64_t vertex, int coordinate, double gain, double displacement) {
    displacement += displacement > 0 ? s_.eps : -s_.eps;
    const double grad_ndc = -gain / displacement;
    double* to = &grad_[(b_ * s_.num_vertices + vertex) * 4];
    const double* clip = s_.Clip(b_, vertex);
    to[coordinate] += grad_ndc / clip[3];
    to[3] -= grad_ndc * clip[coordinate] / (clip[3] * clip[3]);
  }

  const N3mrScene& s_;
  int64_t b_ = 0;
  int64_t face_ = 0;
  std::vector<double> grad_;
};

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

}  // namespace mesh_renderer
