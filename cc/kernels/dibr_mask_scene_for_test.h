// DIB-R's mask by its definition in double, and the calls that draw and differentiate it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "cc/core/viewport.h"
#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/rasterize_scene_for_test.h"

namespace mesh_renderer {

constexpr DibrMaskSettings kReleased = {7000, 0.02, 0, Falloff::kSquared, 0};
constexpr DibrMaskSettings kWide = {60, 0.3, 0, Falloff::kSquared, 0};

// Settings that differ in all that the loops tell apart.
inline std::vector<DibrMaskSettings> AllMaskSettings() {
  std::vector<DibrMaskSettings> all;
  for (const Falloff falloff : {Falloff::kSquared, Falloff::kLinear}) {
    for (const int k_faces : {0, 1, 3}) {
      all.push_back({kWide.sigma_inv, kWide.box_length, k_faces, falloff, 0});
    }
  }
  return all;
}

template <typename T>
struct MaskScene {
  Scene<T> scene;
  DibrMaskSettings settings;
  std::vector<int32_t> face_id;
};

// Random triangles, some behind the camera, some sharing vertices; every third pixel shows a face.
// Which face a pixel shows does not matter, so nothing has to be drawn.
template <typename T>
MaskScene<T> RandomMaskScene(int seed, const ImageShape& image, int64_t num_faces, double size,
                             const DibrMaskSettings& settings) {
  MaskScene<T> scene = {Soup<T>(seed, image, num_faces, size, num_faces > 3), settings, {}};
  for (size_t i = 5; i + 4 < scene.scene.faces.size(); i += 12) {
    scene.scene.faces[i] = scene.scene.faces[i + 4];
  }
  std::mt19937 rng(seed);
  for (int64_t i = 0; i < image.batch * image.pixels(); ++i) {
    scene.face_id.push_back(num_faces > 0 && rng() % 3 == 0 ? rng() % num_faces : -1);
  }
  return scene;
}

// Coordinates of any size.
template <typename T>
MaskScene<T> WildMaskScene(const DibrMaskSettings& settings) {
  std::mt19937 rng(11);
  std::uniform_real_distribution<double> exponent(-30, 30), sign(-1, 1), near(-1.5, 1.5);
  MaskScene<T> scene = RandomMaskScene<T>(11, {1, 21, 26}, 120, 1, settings);
  for (size_t v = 0; v < scene.scene.vertices.size(); v += 4) {
    // Half of the vertices are anywhere, half are seen, at any depth.
    const bool seen = sign(rng) > 0;
    const double w = std::pow(10.0, exponent(rng)) * (seen ? 1 : sign(rng));
    for (int i = 0; i < 2; ++i) {
      const double wild = std::copysign(std::pow(10.0, exponent(rng)), sign(rng));
      scene.scene.vertices[v + i] = static_cast<T>(seen ? near(rng) * w : wild);
    }
    scene.scene.vertices[v + 3] = static_cast<T>(w);
  }
  return scene;
}

template <typename T>
struct Mask {
  std::vector<T> mask;
  std::vector<int32_t> last_face;
};

template <typename T>
Mask<T> DrawMask(const MaskScene<T>& s, const ParallelFor& parallel_for = SerialFor(),
                 CpuTarget target = ActiveCpuTarget()) {
  // Filled with nonsense: every output must be written.
  Mask<T> result = {std::vector<T>(s.face_id.size(), T(77)),
                    std::vector<int32_t>(s.face_id.size(), 77)};
  const DibrMaskParams<T> params = {s.scene.image,      s.scene.num_vertices,    s.scene.view(),
                                    s.settings,         s.scene.vertices.data(), s.face_id.data(),
                                    result.mask.data(), result.last_face.data()};
  DibrMaskCpu(params, parallel_for, target);
  return result;
}

template <typename T>
std::vector<T> MaskUpstream(const MaskScene<T>& s) {
  std::mt19937 rng(9);
  std::normal_distribution<double> normal;
  std::vector<T> upstream(s.face_id.size());
  for (T& value : upstream) value = static_cast<T>(normal(rng));
  return upstream;
}

template <typename T>
std::vector<T> MaskGradient(const MaskScene<T>& s, const Mask<T>& drawn,
                            const std::vector<T>& upstream,
                            const ParallelFor& parallel_for = SerialFor(),
                            CpuTarget target = ActiveCpuTarget()) {
  std::vector<T> grad(s.scene.vertices.size(), T(77));
  const DibrMaskGradParams<T> params = {
      s.scene.image,           s.scene.num_vertices, s.scene.view(),    s.settings,
      s.scene.vertices.data(), s.face_id.data(),     drawn.mask.data(), drawn.last_face.data(),
      upstream.data(),         grad.data()};
  DibrMaskGradCpu(params, parallel_for, target);
  return grad;
}

// The mask of single pixels by definition. Which faces count is decided by the vertices of the
// scene, how far they are by `moved`: differences then see no box pass over a pixel.
template <typename T>
class MaskOracle {
 public:
  explicit MaskOracle(const MaskScene<T>& scene)
      : moved(scene.scene.vertices.begin(), scene.scene.vertices.end()), s_(scene), fixed_(moved) {}

  struct Pixel {
    double mask;
    int32_t last_face;
    double margin;  // distance to the nearest side of a box: below rounding errors nothing is sure
  };

  Pixel At(int64_t pixel) const {
    const ImageShape& image = s_.scene.image;
    const int64_t item = pixel / image.pixels();
    const int row = static_cast<int>(pixel / image.width % image.height);
    const double x = ColumnToNdc<double>(pixel % image.width, image.width);
    const double y = RowToNdc<double>(row, image.height);
    const int32_t num_faces = static_cast<int32_t>(s_.scene.view().num_faces);
    Pixel result = {1, num_faces, kInfinity};
    if (s_.face_id[pixel] >= 0) return result;
    double product = 1;
    int count = 0;
    for (int32_t f = 0; f < num_faces; ++f) {
      if (!InBox(fixed_, item, f, x, y, &result.margin)) continue;
      if (s_.settings.k_faces > 0 && count == s_.settings.k_faces) continue;
      if (++count == s_.settings.k_faces) result.last_face = f;
      const double distance = std::sqrt(SquaredDistance(item, f, x, y));
      const double decay = s_.settings.falloff == Falloff::kLinear ? distance : distance * distance;
      product *= 1 - std::exp(-s_.settings.sigma_inv * decay);
    }
    result.mask = 1 - product;
    return result;
  }

  std::vector<double> moved;

 private:
  struct Point {
    double x, y, w;
  };

  Point Corner(const std::vector<double>& vertices, int64_t item, int32_t f, int k) const {
    const int64_t v = item * s_.scene.num_vertices + s_.scene.faces[f * 3 + k % 3];
    return {vertices[v * 4] / vertices[v * 4 + 3], vertices[v * 4 + 1] / vertices[v * 4 + 3],
            vertices[v * 4 + 3]};
  }

  bool InBox(const std::vector<double>& vertices, int64_t item, int32_t f, double x, double y,
             double* margin) const {
    if (s_.scene.faces[f * 3] < 0) return false;
    double left = kInfinity, right = -kInfinity, bottom = kInfinity, top = -kInfinity;
    for (int k = 0; k < 3; ++k) {
      const Point p = Corner(vertices, item, f, k);
      if (p.w <= 0) return false;
      left = std::min(left, p.x);
      right = std::max(right, p.x);
      bottom = std::min(bottom, p.y);
      top = std::max(top, p.y);
    }
    const double reach = s_.settings.box_length;
    for (const double side :
         {left - reach - x, right + reach - x, bottom - reach - y, top + reach - y}) {
      *margin = std::min(*margin, std::abs(side));
    }
    return x >= left - reach && x < right + reach && y >= bottom - reach && y < top + reach;
  }

  // The nearest corner, or the height over an edge that is seen under acute angles.
  double SquaredDistance(int64_t item, int32_t f, double x, double y) const {
    double nearest = kInfinity;
    for (int k = 0; k < 3; ++k) {
      const Point a = Corner(moved, item, f, k), b = Corner(moved, item, f, k + 1);
      const double ax = a.x - x, ay = a.y - y, bx = b.x - x, by = b.y - y;
      nearest = std::min(nearest, ax * ax + ay * ay);
      const double ex = bx - ax, ey = by - ay, area = ax * by - ay * bx;
      if (ax * ex + ay * ey < 0 && bx * ex + by * ey > 0) {
        nearest = std::min(nearest, area * area / (ex * ex + ey * ey));
      }
    }
    return nearest;
  }

  const MaskScene<T>& s_;
  const std::vector<double> fixed_;
};

template <typename T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

inline std::vector<CpuTarget> MaskTargets() {
  std::vector<CpuTarget> targets;
  for (CpuTarget target : {CpuTarget::kBaseline, CpuTarget::kAvx2, CpuTarget::kAvx512}) {
    if (target <= ActiveCpuTarget()) targets.push_back(target);
  }
  return targets;
}

}  // namespace mesh_renderer
