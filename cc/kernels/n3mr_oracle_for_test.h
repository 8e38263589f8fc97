// The N3MR sweep by the letter of its published rules, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "cc/kernels/n3mr_scenes_for_test.h"

namespace mesh_renderer {

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

}  // namespace mesh_renderer
