// Scenes for tests of SoftRas' ops, the calls that draw and differentiate them, and their
// definition, pixel by pixel over all faces.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "cc/core/screen.h"
#include "cc/core/viewport.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/softras_color.h"
#include "cc/kernels/softras_fragments.h"
#include "cc/kernels/softras_silhouette.h"

namespace mesh_renderer {

// Faces blur over some pixels, and mix with those behind. Depths of `Soup` are around 2.
constexpr SoftBlur kSoft = {SoftDistance::kEuclidean, 2e-3, 1e-3};
constexpr SoftMixing kMixed = {RgbAggregation::kSoftmax, AlphaAggregation::kProduct, 0.1, 0.1,
                               false};
constexpr SoftView kSeen = {{Cull::kNone, DepthFrom::kW, 1.2, 2.8}, true};

constexpr SoftDistance kDistances[] = {SoftDistance::kEuclidean, SoftDistance::kBarycentric,
                                       SoftDistance::kHard};
constexpr AlphaAggregation kAlphas[] = {AlphaAggregation::kProduct, AlphaAggregation::kSum,
                                        AlphaAggregation::kHard};

template <typename T>
struct SoftrasScene {
  Scene<T> scene;
  SoftBlur blur = kSoft;
  SoftMixing mixing = kMixed;
  SoftView view = kSeen;
  SoftColors layout = {0, 0, false};
  std::vector<T> colors = {}, background = {};

  int64_t pixels() const { return scene.image.batch * scene.image.pixels(); }
};

template <typename T>
std::vector<T> RandomNumbers(int64_t count, unsigned seed) {
  std::mt19937 rng(seed);
  std::normal_distribution<double> normal;
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(normal(rng));
  return values;
}

// Gives the scene random colours: of vertices, or of side x side texels per face.
template <typename T>
void Paint(SoftColors layout, SoftrasScene<T>* s) {
  const int64_t items = layout.shared ? 1 : s->scene.image.batch;
  const int64_t rows = layout.side == 0 ? s->scene.num_vertices
                                        : s->scene.view().num_faces * layout.side * layout.side;
  s->layout = layout;
  s->colors = RandomNumbers<T>(items * rows * layout.num_channels, 3);
  s->background = RandomNumbers<T>(s->scene.image.batch * layout.num_channels, 4);
}

// Separate random triangles around the image, in colour.
template <typename T>
SoftrasScene<T> RandomScene(int seed, const ImageShape& image, int64_t num_faces, double size) {
  SoftrasScene<T> scene = {Soup<T>(seed, image, num_faces, size, false)};
  Paint({3, 0, false}, &scene);
  return scene;
}

// Scenes that differ in all that the loops of SoftrasSilhouette tell apart.
template <typename T>
std::vector<SoftrasScene<T>> AlphaScenesOfAllModes(const SoftrasScene<T>& scene) {
  std::vector<SoftrasScene<T>> scenes;
  for (const SoftDistance distance : kDistances) {
    for (const AlphaAggregation aggregation : kAlphas) {
      scenes.push_back(scene);
      scenes.back().blur.distance = distance;
      scenes.back().mixing.alpha = aggregation;
    }
  }
  return scenes;
}

template <typename T>
std::vector<T> DrawAlpha(const SoftrasScene<T>& s, const ParallelFor& parallel_for = SerialFor(),
                         CpuTarget target = ActiveCpuTarget()) {
  std::vector<T> alpha(s.pixels(), T(77));  // nonsense: every output must be written
  SoftrasSilhouetteCpu<T>({s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur,
                           s.mixing.alpha, s.scene.vertices.data(), alpha.data()},
                          parallel_for, target);
  return alpha;
}

template <typename T>
std::vector<T> AlphaGradient(const SoftrasScene<T>& s, const std::vector<T>& upstream,
                             const ParallelFor& parallel_for = SerialFor(),
                             CpuTarget target = ActiveCpuTarget()) {
  const std::vector<T> alpha = DrawAlpha(s);
  std::vector<T> grad(s.scene.vertices.size(), T(77));
  SoftrasSilhouetteGradCpu<T>(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing.alpha,
       s.scene.vertices.data(), alpha.data(), upstream.data(), grad.data()},
      parallel_for, target);
  return grad;
}

template <typename T>
struct Picture {
  std::vector<T> image, aggregates;
};

template <typename T>
Picture<T> DrawColor(const SoftrasScene<T>& s, const ParallelFor& parallel_for = SerialFor(),
                     CpuTarget target = ActiveCpuTarget()) {
  Picture<T> picture = {std::vector<T>(s.pixels() * (s.layout.num_channels + 1), T(77)),
                        std::vector<T>(s.pixels() * 2, T(77))};
  SoftrasColorCpu<T>({s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing, s.view,
                      s.layout, s.scene.vertices.data(), s.colors.data(), s.background.data(),
                      picture.image.data(), picture.aggregates.data()},
                     parallel_for, target);
  return picture;
}

template <typename T>
struct ColorGradients {
  std::vector<T> vertices, colors, background;
};

template <typename T>
ColorGradients<T> ColorGradient(const SoftrasScene<T>& s, const std::vector<T>& upstream,
                                const ParallelFor& parallel_for = SerialFor(),
                                CpuTarget target = ActiveCpuTarget()) {
  const Picture<T> picture = DrawColor(s);
  ColorGradients<T> grad = {std::vector<T>(s.scene.vertices.size(), T(77)),
                            std::vector<T>(s.colors.size(), T(77)),
                            std::vector<T>(s.background.size(), T(77))};
  SoftrasColorGradCpu<T>(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.mixing, s.view, s.layout,
       s.scene.vertices.data(), s.colors.data(), picture.image.data(), picture.aggregates.data(),
       upstream.data(), grad.vertices.data(), grad.colors.data(), grad.background.data()},
      parallel_for, target);
  return grad;
}

template <typename T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <typename T>
bool AllFinite(const std::vector<T>& values) {
  for (const T value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

inline std::vector<CpuTarget> AllTargets() {
  std::vector<CpuTarget> targets;
  for (CpuTarget target : {CpuTarget::kBaseline, CpuTarget::kAvx2, CpuTarget::kAvx512}) {
    if (target <= ActiveCpuTarget()) targets.push_back(target);
  }
  return targets;
}

// One face that counts at one pixel, by the formulas of cc/core.
struct FaceSeen {
  int32_t face;
  bool gives_color;
  double weights[3];
  SoftCoverage<double> coverage;
  SeenPoint<double> point;
};

// All faces that count at a pixel of the batch, in order.
template <typename T>
std::vector<FaceSeen> FacesAt(const SoftrasScene<T>& s, int64_t pixel) {
  const ImageShape& image = s.scene.image;
  const int64_t item = pixel / image.pixels();
  const int row = static_cast<int>(pixel / image.width % image.height);
  const Vec2<double> at = {ColumnToNdc<double>(pixel % image.width, image.width),
                           RowToNdc<double>(row, image.height)};
  const RasterizeSettings& visibility = s.view.visibility;
  const ScreenDepth<double> rule = {visibility.depth_from == DepthFrom::kW, visibility.near,
                                    (visibility.far - visibility.near) / 2};
  const double reach = std::sqrt(s.blur.threshold());
  std::vector<FaceSeen> seen;
  for (int64_t f = 0; f < s.scene.view().num_faces; ++f) {
    Vec2<double> corners[3];
    double depth[3];
    bool usable = true, in_box[4] = {};
    for (int k = 0; k < 3; ++k) {
      const int64_t v = s.scene.faces[f * 3 + k];
      usable = usable && v >= 0;
      if (!usable) break;
      double clip[4];
      for (int i = 0; i < 4; ++i)
        clip[i] = s.scene.vertices[(item * s.scene.num_vertices + v) * 4 + i];
      const ScreenVertex<double> vertex = ToScreen(clip, rule);
      usable = usable && vertex.usable;
      corners[k] = vertex.ndc;
      depth[k] = vertex.depth;
      in_box[0] |= at.x >= vertex.ndc.x - reach;
      in_box[1] |= at.x <= vertex.ndc.x + reach;
      in_box[2] |= at.y >= vertex.ndc.y - reach;
      in_box[3] |= at.y <= vertex.ndc.y + reach;
    }
    if (!usable || !(in_box[0] && in_box[1] && in_box[2] && in_box[3])) continue;
    FaceSeen face = {static_cast<int32_t>(f), true, {}, {1, 0}, {}};
    const SoftTriangle<double> triangle = MakeSoftTriangle(corners);
    TriangleWeights(at, triangle, face.weights);
    if (s.blur.distance == SoftDistance::kHard) {
      if (!CoversPixel<double>(face.weights)) continue;
    } else {
      const double square = SignedSquare(s.blur.distance, at, triangle, face.weights);
      if (!(square > -s.blur.threshold())) continue;
      face.coverage = CoverPixel(square, 1 / s.blur.sigma);
    }
    face.point = SeePoint(MakeFaceDepth(depth, rule.from_w),
                          SeeWeights<double>(face.weights).weight, s.view.perspective_correct);
    if (visibility.cull == Cull::kBack) face.gives_color = triangle.area > 0;
    if (visibility.cull == Cull::kFront) face.gives_color = triangle.area < 0;
    face.gives_color = face.gives_color && face.point.depth >= visibility.near &&
                       face.point.depth <= visibility.far;
    seen.push_back(face);
  }
  return seen;
}

template <typename T>
double AlphaByDefinition(const SoftrasScene<T>& s, int64_t pixel) {
  double total = EmptyAlpha<double>(s.mixing.alpha);
  for (const FaceSeen& face : FacesAt(s, pixel)) {
    total = AddToAlpha<double>(s.mixing.alpha, total, face.coverage, true);
  }
  double num_faces = 0;
  for (size_t i = 0; i < s.scene.faces.size(); i += 3) num_faces += s.scene.faces[i] >= 0;
  return AlphaOfTotal(s.mixing.alpha, total, std::max(num_faces, 1.0));
}

}  // namespace mesh_renderer
