// Inputs and outputs of one call of FaceTexture and its gradient, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "cc/kernels/face_texture.h"
#include "cc/kernels/random_values_for_test.h"

namespace mesh_renderer {

struct FaceTextureCaseSize {
  ImageShape image;
  int64_t side;
  int64_t channels;
  bool shared;
};

// Inputs and outputs of one call. Vectors have the exact size, so a sanitizer sees any overrun.
template <typename T>
struct FaceTextureCase {
  static constexpr int kFaces = 150;  // more than one block of OwnedBy
  static constexpr double kEps = 1e-3;
  static constexpr double kUnwritten = -777;

  explicit FaceTextureCase(const FaceTextureCaseSize& s) : size(s) {
    std::mt19937 random(13);
    const int64_t pixels = size.image.batch * size.image.pixels();
    const int64_t cubes = (size.shared ? 1 : size.image.batch) * kFaces;
    std::uniform_int_distribution<int32_t> face(-kFaces, kFaces - 1);
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      face_id.push_back(pixel % 3 == 0 ? std::max(face(random), -1) : face_id.back());
    }
    if (pixels > 0) face_id.back() = kFaces - 1;  // the cube behind which nothing may be read
    textures = RandomValues<T>(cubes * CubeSize(), &random);
    grad_output = RandomValues<T>(pixels * size.channels, &random);
    // Mostly inside the triangle, sometimes far enough out for the clamp.
    std::uniform_real_distribution<T> uniform(T(-0.1), T(1.1));
    for (int64_t i = 0; i < pixels * 3; ++i) barycentrics.push_back(uniform(random));
    output.assign(pixels * size.channels, T(kUnwritten));
    grad_textures.assign(textures.size(), T(kUnwritten));
    grad_barycentrics.assign(pixels * 3, T(kUnwritten));
  }

  int64_t CubeSize() const { return size.side * size.side * size.side * size.channels; }

  FaceTextureParams<T> Params() {
    return {size.image, kFaces,          size.side,      size.channels,       size.shared,
            kEps,       textures.data(), face_id.data(), barycentrics.data(), output.data()};
  }

  FaceTextureGradParams<T> GradParams(bool barycentrics_gradient) {
    return {size.image,
            kFaces,
            size.side,
            size.channels,
            size.shared,
            kEps,
            barycentrics_gradient,
            textures.data(),
            face_id.data(),
            barycentrics.data(),
            grad_output.data(),
            grad_textures.data(),
            grad_barycentrics.data()};
  }

  void Forward(const ParallelFor& parallel_for) { FaceTextureCpu(Params(), parallel_for); }

  void Backward(bool barycentrics_gradient, const ParallelFor& parallel_for) {
    FaceTextureGradCpu(GradParams(barycentrics_gradient), parallel_for);
  }

  // Calls visit(index of the texel's channel 0, weight) for the texels that a covered pixel reads,
  // found by testing every texel of the cube: weight = prod_k max(0, 1 - |q_k - i_k|).
  template <typename Visit>
  void ForEachTexel(int64_t pixel, const Visit& visit) const {
    const int64_t b = size.shared ? 0 : pixel / size.image.pixels();
    const int64_t cube = (b * kFaces + face_id[pixel]) * CubeSize();
    double q[3];
    for (int k = 0; k < 3; ++k) {
      const double upper = std::max(0.0, static_cast<double>(size.side) - 1 - kEps);
      q[k] = std::min(std::max(barycentrics[pixel * 3 + k] * (size.side - 1.0), 0.0), upper);
    }
    for (int64_t texel = 0; texel < CubeSize() / size.channels; ++texel) {
      const int64_t i[3] = {texel / (size.side * size.side), texel / size.side % size.side,
                            texel % size.side};
      double weight = 1;
      for (int k = 0; k < 3; ++k) weight *= std::max(0.0, 1 - std::abs(q[k] - i[k]));
      if (weight > 0) visit(cube + texel * size.channels, weight);
    }
  }

  FaceTextureCaseSize size;
  std::vector<int32_t> face_id;
  std::vector<T> textures, barycentrics, grad_output, output, grad_textures, grad_barycentrics;
};

constexpr int64_t kFaceTextureSides[] = {1, 2, 4};
constexpr int64_t kFaceTextureChannels[] = {1, 2, 3, 4, 7};

// Calls check(&test_case) for every size.
template <typename T, typename Check>
void ForFaceTextureCases(const Check& check) {
  for (const ImageShape& image : {ImageShape{1, 1, 1}, ImageShape{3, 20, 30}}) {
    for (int64_t side : kFaceTextureSides) {
      for (int64_t channels : kFaceTextureChannels) {
        for (bool shared : {false, true}) {
          FaceTextureCase<T> test_case({image, side, channels, shared});
          SCOPED_TRACE(testing::Message() << "side " << side << " channels " << channels);
          check(&test_case);
        }
      }
    }
  }
}

}  // namespace mesh_renderer
