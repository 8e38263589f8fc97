// Random inputs of Interpolate in many shapes, and the calls on the CPU.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "cc/kernels/interpolate.h"
#include "cc/kernels/random_values_for_test.h"

namespace mesh_renderer {

constexpr int kVertices = 150;  // more than one block of OwnedBy
constexpr int kFaces = 90;
constexpr double kUnwritten = -777;

struct Size {
  ImageShape image;
  int64_t channels;
  bool batched_faces;
};

// Inputs and outputs of one call. Vectors have the exact size, so a sanitizer sees any overrun.
template <typename T>
struct Case {
  explicit Case(const Size& s) : size(s) {
    std::mt19937 random(11);
    const int64_t pixels = size.image.batch * size.image.pixels();
    const int64_t face_sets = size.batched_faces ? size.image.batch : 1;
    std::uniform_int_distribution<int32_t> vertex(0, kVertices - 1), face(-kFaces, kFaces - 1);
    for (int64_t i = 0; i < face_sets * kFaces * 3; ++i) faces.push_back(vertex(random));
    while (static_cast<int64_t>(face_id.size()) < pixels) {
      const int32_t id = std::max(face(random), -1);
      for (int run = random() % 4; run >= 0 && static_cast<int64_t>(face_id.size()) < pixels; --run)
        face_id.push_back(id);
    }
    // The vertex behind which nothing may be read is seen by the last pixel.
    faces.back() = kVertices - 1;
    if (pixels > 0) face_id.back() = kFaces - 1;
    attributes = RandomValues<T>(size.image.batch * kVertices * size.channels, &random);
    barycentrics = RandomValues<T>(pixels * 3, &random);
    grad_output = RandomValues<T>(pixels * size.channels, &random);
    output.assign(pixels * size.channels, T(kUnwritten));
    grad_attributes.assign(attributes.size(), T(kUnwritten));
    grad_barycentrics.assign(pixels * 3, T(kUnwritten));
  }

  FacesView Faces() const { return {faces.data(), kFaces, size.batched_faces}; }

  InterpolateParams<T> ForwardParams() {
    return {size.image,        kVertices,      size.channels,       Faces(),
            attributes.data(), face_id.data(), barycentrics.data(), output.data()};
  }

  InterpolateGradParams<T> BackwardParams() {
    return {size.image,
            kVertices,
            size.channels,
            Faces(),
            attributes.data(),
            face_id.data(),
            barycentrics.data(),
            grad_output.data(),
            grad_attributes.data(),
            grad_barycentrics.data()};
  }

  void Forward(const ParallelFor& parallel_for) { InterpolateCpu(ForwardParams(), parallel_for); }

  void Backward(const ParallelFor& parallel_for) {
    InterpolateGradCpu(BackwardParams(), parallel_for);
  }

  // Index of the attribute row of corner k at a covered pixel.
  int64_t Row(int64_t pixel, int k) const {
    const int64_t b = pixel / size.image.pixels();
    return b * kVertices + Faces().OfImage(b)[face_id[pixel] * 3 + k];
  }

  Size size;
  std::vector<int32_t> faces, face_id;
  std::vector<T> attributes, barycentrics, grad_output, output, grad_attributes, grad_barycentrics;
};

constexpr int64_t kChannelCounts[] = {1, 2, 3, 4, 5, 7, 16};
// The last is large enough for several spans and, with its few vertices, several bands.
constexpr ImageShape kImages[] = {{1, 1, 1}, {3, 5, 7}, {2, 90, 80}};

template <typename T, typename Check>
void ForAllCases(const Check& check) {
  for (const ImageShape& image : kImages) {
    for (int64_t channels : kChannelCounts) {
      for (bool batched_faces : {false, true}) {
        Case<T> test_case({image, channels, batched_faces});
        SCOPED_TRACE(testing::Message() << "pixels " << image.pixels() << " channels " << channels);
        check(&test_case);
      }
    }
  }
}

}  // namespace mesh_renderer
