#include "cc/kernels/face_texture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "cc/kernels/random_values_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

constexpr int kFaces = 150;  // more than one block of OwnedBy
constexpr double kEps = 1e-3;
constexpr double kUnwritten = -777;

struct Size {
  ImageShape image;
  int64_t side;
  int64_t channels;
  bool shared;
};

// Claims three threads but runs blocks in one, from the last to the first: shows at every run what
// a race of real threads would show now and then.
class BackToFront final : public ParallelFor {
 public:
  int num_threads() const override { return 3; }
  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    for (int64_t begin = (total - 1) / block * block; begin >= 0 && total > 0; begin -= block) {
      body(begin, std::min(total, begin + block));
    }
  }
};

// Inputs and outputs of one call. Vectors have the exact size, so a sanitizer sees any overrun.
template <typename T>
struct Case {
  explicit Case(const Size& s) : size(s) {
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

  void Forward(const ParallelFor& parallel_for) {
    const FaceTextureParams<T> params = {
        size.image, kFaces,          size.side,      size.channels,       size.shared,
        kEps,       textures.data(), face_id.data(), barycentrics.data(), output.data()};
    FaceTextureCpu(params, parallel_for);
  }

  void Backward(bool barycentrics_gradient, const ParallelFor& parallel_for) {
    const FaceTextureGradParams<T> params = {size.image,
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
    FaceTextureGradCpu(params, parallel_for);
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

  Size size;
  std::vector<int32_t> face_id;
  std::vector<T> textures, barycentrics, grad_output, output, grad_textures, grad_barycentrics;
};

constexpr int64_t kSides[] = {1, 2, 4};
constexpr int64_t kChannelCounts[] = {1, 2, 3, 4, 7};
constexpr ImageShape kImages[] = {{1, 1, 1}, {3, 20, 30}};

template <typename T, typename Check>
void ForAllCases(const Check& check) {
  for (const ImageShape& image : kImages) {
    for (int64_t side : kSides) {
      for (int64_t channels : kChannelCounts) {
        for (bool shared : {false, true}) {
          Case<T> test_case({image, side, channels, shared});
          SCOPED_TRACE(testing::Message() << "side " << side << " channels " << channels);
          check(&test_case);
        }
      }
    }
  }
}

template <typename T>
class FaceTextureTest : public testing::Test {
 protected:
  // Positions up to 3 in T; sums of a few dozen numbers below 1.
  static constexpr double kTolerance = std::is_same_v<T, float> ? 2e-5 : 1e-12;
};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(FaceTextureTest, Scalars);

TYPED_TEST(FaceTextureTest, ForwardBlendsTheTexelsAroundThePosition) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Forward(SerialFor());
    const int64_t width = c->size.channels;
    for (size_t pixel = 0; pixel < c->face_id.size(); ++pixel) {
      std::vector<double> expected(width);
      if (c->face_id[pixel] >= 0) {
        c->ForEachTexel(pixel, [&](int64_t at, double weight) {
          for (int64_t i = 0; i < width; ++i) expected[i] += weight * c->textures[at + i];
        });
      }
      for (int64_t i = 0; i < width; ++i) {
        ASSERT_NEAR(c->output[pixel * width + i], expected[i], this->kTolerance);
        if (c->face_id[pixel] < 0) {
          ASSERT_EQ(c->output[pixel * width + i], T(0));
        }
      }
    }
  });
}

TYPED_TEST(FaceTextureTest, BackwardAddsTheWeightedGradientToTheSameTexels) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Backward(false, SerialFor());
    const int64_t width = c->size.channels;
    std::vector<double> expected(c->textures.size());
    for (size_t pixel = 0; pixel < c->face_id.size(); ++pixel) {
      if (c->face_id[pixel] < 0) continue;
      c->ForEachTexel(pixel, [&](int64_t at, double weight) {
        for (int64_t i = 0; i < width; ++i) {
          expected[at + i] += weight * c->grad_output[pixel * width + i];
        }
      });
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(c->grad_textures[i], expected[i], this->kTolerance);
    }
    for (T value : c->grad_barycentrics) ASSERT_EQ(value, T(0));
  });
}

TYPED_TEST(FaceTextureTest, ThreadsDoNotChangeABit) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Forward(SerialFor());
    c->Backward(true, SerialFor());
    const auto expect_same = [&](const ParallelFor& parallel_for) {
      Case<T> other(c->size);
      other.Forward(parallel_for);
      other.Backward(true, parallel_for);
      ASSERT_EQ(other.output, c->output);
      ASSERT_EQ(other.grad_textures, c->grad_textures);
      ASSERT_EQ(other.grad_barycentrics, c->grad_barycentrics);
    };
    for (int threads : {1, 2, 8}) expect_same(ThreadsForTest(threads));
    expect_same(BackToFront());
  });
}

TYPED_TEST(FaceTextureTest, TextureGradientDoesNotDependOnTheBarycentricsOption) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Backward(false, SerialFor());
    const std::vector<T> without = c->grad_textures;
    c->Backward(true, SerialFor());
    ASSERT_EQ(c->grad_textures, without);
  });
}

TEST(FaceTextureDoubleTest, BarycentricsGradientIsTheDerivative) {
  constexpr double kStep = 1e-6, kError = 1e-8;
  int checked = 0;
  for (int64_t side : kSides) {
    for (int64_t channels : kChannelCounts) {
      Case<double> c({{2, 6, 7}, side, channels, false});
      c.Backward(true, SerialFor());
      const auto loss = [&] {
        c.Forward(SerialFor());
        double sum = 0;
        for (size_t i = 0; i < c.output.size(); ++i) sum += c.output[i] * c.grad_output[i];
        return sum;
      };
      for (size_t i = 0; i < c.barycentrics.size(); ++i) {
        const double b = c.barycentrics[i], position = b * (side - 1);
        const double to_texel = std::abs(position - std::round(position));
        const double to_clamp = std::abs(position - (side - 1 - kEps));
        if (std::min(to_texel, to_clamp) < 10 * kStep * side && side > 1) continue;  // a kink
        c.barycentrics[i] = b + kStep;
        const double above = loss();
        c.barycentrics[i] = b - kStep;
        const double below = loss();
        c.barycentrics[i] = b;
        ASSERT_NEAR(c.grad_barycentrics[i], (above - below) / (2 * kStep), kError);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 3500);  // of 3780: the kinks leave out next to nothing
}

TEST(FaceTextureEdgeTest, ConstantCubesGiveTheConstantWhereAFaceIs) {
  for (int64_t side : kSides) {
    Case<double> c({{2, 9, 8}, side, 3, true});
    std::fill(c.textures.begin(), c.textures.end(), 0.75);
    c.Forward(SerialFor());
    for (size_t i = 0; i < c.output.size(); ++i) {
      ASSERT_NEAR(c.output[i], c.face_id[i / 3] >= 0 ? 0.75 : 0.0, 1e-15);
    }
  }
}

TEST(FaceTextureEdgeTest, EmptyInputsGiveZerosOrNothing) {
  for (const Size& size : {Size{{0, 4, 4}, 2, 3, true}, Size{{2, 0, 4}, 2, 3, false},
                           Size{{2, 4, 0}, 2, 3, true}, Size{{2, 4, 4}, 2, 0, false}}) {
    for (int threads : {1, 2}) {
      Case<float> c(size);
      c.Forward(ThreadsForTest(threads));
      c.Backward(true, ThreadsForTest(threads));
      for (float value : c.grad_textures) EXPECT_EQ(value, 0);
      for (float value : c.grad_barycentrics) EXPECT_EQ(value, 0);
    }
  }
}

TEST(FaceTextureEdgeTest, NoFacesGiveZeros) {
  std::vector<int32_t> face_id(6, -1);
  std::vector<float> barycentrics(18), output(18, 1), grad_output(18, 1), grad_barycentrics(18, 1);
  const ImageShape image = {1, 2, 3};
  FaceTextureCpu<float>(
      {image, 0, 2, 3, false, kEps, nullptr, face_id.data(), barycentrics.data(), output.data()},
      SerialFor());
  FaceTextureGradCpu<float>(
      {image, 0, 2, 3, false, kEps, true, nullptr, face_id.data(), barycentrics.data(),
       grad_output.data(), nullptr, grad_barycentrics.data()},
      SerialFor());
  for (float value : output) EXPECT_EQ(value, 0);
  for (float value : grad_barycentrics) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace mesh_renderer
