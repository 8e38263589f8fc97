// Inputs and outputs of one call of Texture and its gradient, for tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "cc/kernels/random_values_for_test.h"
#include "cc/kernels/texture.h"

namespace mesh_renderer {

struct TextureCaseSize {
  ImageShape image;
  TextureShape texture;
  TextureSettings settings;
  bool masked;  // else all pixels are covered
};

// Arrays have the exact size, so that a sanitizer sees any overrun. Blocks of pixels are covered
// wholly, in part or not at all.
template <typename T>
struct TextureCase {
  static constexpr T kUnwritten = T(-777);

  explicit TextureCase(const TextureCaseSize& s) : size(s) {
    std::mt19937 random(17);
    const int64_t pixels = size.image.batch * size.image.pixels();
    const int64_t texels = size.texture.items(size.image.batch) * size.texture.texels();
    const int64_t channels = size.texture.num_channels;
    texture = RandomValues<T>(texels * channels, &random);
    uv = RandomValues<T>(pixels * 2, &random);
    grad_output = RandomValues<T>(pixels * channels, &random);
    for (T& value : uv) value = T(2) * value + T(0.3);  // in [-1.7, 2.3)
    if (size.settings.filter == TextureFilter::kTrilinear) {
      uv_derivatives = RandomValues<T>(pixels * 4, &random);
    }
    if (size.masked) {
      covered.reset(new bool[pixels]);
      bool value = true;
      for (int64_t pixel = 0, run = 0; pixel < pixels; ++pixel, --run) {
        if (run == 0) {
          run = 1 + random() % 200;
          value = !value;
        }
        covered[pixel] = value;
      }
    }
    output.assign(pixels * channels, kUnwritten);
    grad_texture.assign(texture.size(), kUnwritten);
    grad_uv.assign(uv.size(), kUnwritten);
    grad_uv_derivatives.assign(uv_derivatives.size(), kUnwritten);
  }

  TextureParams<T> Params() {
    return {size.image, size.texture,          size.settings, texture.data(),
            uv.data(),  uv_derivatives.data(), covered.get(), output.data()};
  }

  TextureGradParams<T> GradParams() {
    return {size.image,
            size.texture,
            size.settings,
            texture.data(),
            uv.data(),
            uv_derivatives.data(),
            covered.get(),
            grad_output.data(),
            grad_texture.data(),
            grad_uv.data(),
            grad_uv_derivatives.data()};
  }

  void Forward(const ParallelFor& parallel_for, CpuTarget target = ActiveCpuTarget()) {
    TextureCpu(Params(), parallel_for, target);
  }

  void Backward(const ParallelFor& parallel_for, CpuTarget target = ActiveCpuTarget()) {
    TextureGradCpu(GradParams(), parallel_for, target);
  }

  // sum(output * grad_output), of which the outputs of Backward are the derivatives.
  T Loss(const ParallelFor& parallel_for) {
    Forward(parallel_for);
    T sum = 0;
    for (size_t i = 0; i < output.size(); ++i) sum += output[i] * grad_output[i];
    return sum;
  }

  bool Covers(int64_t pixel) const { return covered == nullptr || covered[pixel]; }

  TextureCaseSize size;
  std::unique_ptr<bool[]> covered;
  std::vector<T> texture, uv, uv_derivatives, grad_output, output;
  std::vector<T> grad_texture, grad_uv, grad_uv_derivatives;
};

constexpr TextureFilter kTextureFilters[] = {TextureFilter::kNearest, TextureFilter::kBilinear,
                                             TextureFilter::kTrilinear};
constexpr TextureWrap kTextureWraps[] = {TextureWrap::kRepeat, TextureWrap::kClamp,
                                         TextureWrap::kMirror};

// Calls check(&test_case) for every filter, wrap mode and number of channels, with a shared texture
// and without, with a mask and without.
template <typename T, typename Check>
void ForTextureCases(const ImageShape& image, int height, int width, const Check& check) {
  for (TextureFilter filter : kTextureFilters) {
    for (TextureWrap wrap : kTextureWraps) {
      for (int64_t channels : {1, 2, 3, 4, 7}) {
        for (bool shared : {false, true}) {
          for (bool masked : {false, true}) {
            TextureCase<T> test_case(
                {image, {shared, height, width, channels}, {filter, wrap}, masked});
            check(&test_case);
          }
        }
      }
    }
  }
}

}  // namespace mesh_renderer
