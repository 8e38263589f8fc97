#include "cc/kernels/texture.h"

#include <gtest/gtest.h>

#include <numeric>

#include "cc/kernels/texture_case_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

constexpr ImageShape kImage = {3, 9, 70};  // strips of 35 columns; 630 pixels each

// Position of the texel `index`, which may lie outside, in a picture that goes on as `wrap` says.
int Wrapped(int index, int size, TextureWrap wrap) {
  if (wrap == TextureWrap::kClamp) return std::min(std::max(index, 0), size - 1);
  const int period = wrap == TextureWrap::kMirror ? 2 * size : size;
  const int place = ((index % period) + period) % period;
  return place < size ? place : period - 1 - place;
}

// How much texel `texel` of an axis weighs at a coordinate, found by going over the picture's
// continuation texel by texel.
double AxisWeight(double u, int texel, int size, const TextureSettings& settings) {
  double sum = 0;
  for (int index = -6 * size; index < 6 * size; ++index) {
    if (Wrapped(index, size, settings.wrap) != texel) continue;
    const double to_centre = u * size - (index + 0.5);
    if (settings.filter == TextureFilter::kNearest) {
      sum += to_centre >= -0.5 && to_centre < 0.5;
    } else {
      sum += std::max(0.0, 1 - std::abs(to_centre));
    }
  }
  return sum;
}

TEST(TextureTest, LookupsWeighTexelsByTheirDistance) {
  constexpr int kHeight = 3, kWidth = 4;
  ForTextureCases<double>({2, 4, 67}, kHeight, kWidth, [&](TextureCase<double>* c) {
    if (c->size.settings.filter == TextureFilter::kTrilinear) return;
    c->Forward(SerialFor());
    const int64_t channels = c->size.texture.num_channels;
    for (int64_t i = 0; i < static_cast<int64_t>(c->output.size()); ++i) {
      const int64_t pixel = i / channels;
      const int64_t item = c->size.texture.shared ? 0 : pixel / c->size.image.pixels();
      double expected = 0;
      for (int texel = 0; texel < kHeight * kWidth && c->Covers(pixel); ++texel) {
        const int row = texel / kWidth, from_bottom = kHeight - 1 - row;
        expected += AxisWeight(c->uv[2 * pixel], texel % kWidth, kWidth, c->size.settings) *
                    AxisWeight(c->uv[2 * pixel + 1], from_bottom, kHeight, c->size.settings) *
                    c->texture[(item * kHeight * kWidth + texel) * channels + i % channels];
      }
      ASSERT_NEAR(c->output[i], expected, 1e-12) << "pixel " << pixel;
    }
  });
}

TEST(TextureTest, FloatAgreesWithDouble) {
  ForTextureCases<double>(kImage, 5, 6, [](TextureCase<double>* c) {
    TextureCase<float> single(c->size);
    if (c->size.masked) std::copy_n(c->covered.get(), c->uv.size() / 2, single.covered.get());
    single.texture.assign(c->texture.begin(), c->texture.end());
    single.grad_output.assign(c->grad_output.begin(), c->grad_output.end());
    single.uv_derivatives.assign(c->uv_derivatives.begin(), c->uv_derivatives.end());
    // Multiples of 2^-10 fall into the same texels in both.
    for (double& value : c->uv) value = std::round(value * 1024) / 1024 + 1.0 / 4096;
    single.uv.assign(c->uv.begin(), c->uv.end());
    c->Forward(SerialFor());
    c->Backward(SerialFor());
    single.Forward(SerialFor());
    single.Backward(SerialFor());
    for (size_t i = 0; i < c->output.size(); ++i) ASSERT_NEAR(single.output[i], c->output[i], 2e-5);
    for (size_t i = 0; i < c->grad_texture.size(); ++i) {
      ASSERT_NEAR(single.grad_texture[i], c->grad_texture[i], 1e-3);
    }
    for (size_t i = 0; i < c->grad_uv.size(); ++i) {
      ASSERT_NEAR(single.grad_uv[i], c->grad_uv[i], 1e-3);
    }
  });
}

// The output is linear in the texels: the gradient must be the transpose, for any texels.
TEST(TextureTest, GradientOfTheTexelsIsTheTransposeOfTheLookup) {
  for (const auto& [height, width] : {std::pair(5, 7), std::pair(16, 3), std::pair(1, 1)}) {
    ForTextureCases<double>(kImage, height, width, [](TextureCase<double>* c) {
      c->Backward(SerialFor());
      const double loss = c->Loss(SerialFor());
      const double transposed =
          std::inner_product(c->texture.begin(), c->texture.end(), c->grad_texture.begin(), 0.0);
      ASSERT_NEAR(loss, transposed, 1e-10);
    });
  }
}

template <typename Gradient>
void ExpectDerivatives(TextureCase<double>* c, std::vector<double>* input, const Gradient& gradient,
                       int* checked, int* smooth) {
  constexpr double kStep = 1e-7, kError = 2e-6;
  for (size_t i = 0; i < input->size(); i += 5) {
    const double original = (*input)[i];
    const auto slope = [&](double from, double to) {
      (*input)[i] = from;
      const double start = c->Loss(SerialFor());
      (*input)[i] = to;
      return (c->Loss(SerialFor()) - start) / (to - from);
    };
    const double below = slope(original - kStep, original);
    const double above = slope(original, original + kStep);
    (*input)[i] = original;
    ++*checked;
    if (std::abs(above - below) > 10 * kError) continue;  // a kink
    ++*smooth;
    ASSERT_NEAR(gradient[i], (above + below) / 2, kError) << i;
  }
}

TEST(TextureTest, GradientsOfCoordinatesAreDerivatives) {
  int checked = 0, smooth = 0;
  ForTextureCases<double>({2, 5, 9}, 5, 6, [&](TextureCase<double>* c) {
    if (c->size.settings.filter == TextureFilter::kNearest) return;
    c->Backward(SerialFor());
    ExpectDerivatives(c, &c->uv, c->grad_uv, &checked, &smooth);
  });
  EXPECT_GT(smooth, checked * 9 / 10);
}

TEST(TextureTest, GradientsOfDerivativesAreDerivatives) {
  int checked = 0, smooth = 0, nonzero = 0;
  ForTextureCases<double>({2, 5, 9}, 9, 6, [&](TextureCase<double>* c) {
    c->Backward(SerialFor());
    ExpectDerivatives(c, &c->uv_derivatives, c->grad_uv_derivatives, &checked, &smooth);
    for (double value : c->grad_uv_derivatives) nonzero += value != 0;
  });
  EXPECT_GT(smooth, checked * 9 / 10);
  EXPECT_GT(nonzero, checked / 10);
}

TEST(TextureTest, NearestTexelsHaveNoGradientByCoordinates) {
  ForTextureCases<double>(kImage, 5, 6, [](TextureCase<double>* c) {
    if (c->size.settings.filter != TextureFilter::kNearest) return;
    c->Backward(SerialFor());
    for (double value : c->grad_uv) ASSERT_EQ(value, 0);
  });
}

TEST(TextureTest, TheLastLevelIsTheMeanOfThePicture) {
  for (const auto& [height, width] : {std::pair(8, 8), std::pair(5, 7), std::pair(1, 11)}) {
    TextureCase<double> c({{1, 4, 70},
                           {true, height, width, 1},
                           {TextureFilter::kTrilinear, TextureWrap::kRepeat},
                           false});
    std::fill(c.uv_derivatives.begin(), c.uv_derivatives.end(), 3.0);
    c.Forward(SerialFor());
    const double mean = std::accumulate(c.texture.begin(), c.texture.end(), 0.0) / c.texture.size();
    for (double value : c.output) ASSERT_NEAR(value, mean, 1e-14);
  }
}

TEST(TextureTest, SmallFootprintsReadThePictureItself) {
  for (TextureWrap wrap : kTextureWraps) {
    TextureCase<double> c({kImage, {false, 5, 6, 3}, {TextureFilter::kTrilinear, wrap}, true});
    std::fill(c.uv_derivatives.begin(), c.uv_derivatives.end(), 0.01);
    c.Forward(SerialFor());
    const std::vector<double> trilinear = c.output;
    c.size.settings.filter = TextureFilter::kBilinear;
    c.Forward(SerialFor());
    ASSERT_EQ(c.output, trilinear);
  }
}

}  // namespace
}  // namespace mesh_renderer
