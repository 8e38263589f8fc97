#include "cc/kernels/face_texture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cc/kernels/face_texture_case_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

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
  ForFaceTextureCases<T>([&](FaceTextureCase<T>* c) {
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
  ForFaceTextureCases<T>([&](FaceTextureCase<T>* c) {
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
  ForFaceTextureCases<T>([&](FaceTextureCase<T>* c) {
    c->Forward(SerialFor());
    c->Backward(true, SerialFor());
    const auto expect_same = [&](const ParallelFor& parallel_for) {
      FaceTextureCase<T> other(c->size);
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
  ForFaceTextureCases<T>([&](FaceTextureCase<T>* c) {
    c->Backward(false, SerialFor());
    const std::vector<T> without = c->grad_textures;
    c->Backward(true, SerialFor());
    ASSERT_EQ(c->grad_textures, without);
  });
}

TEST(FaceTextureDoubleTest, BarycentricsGradientIsTheDerivative) {
  constexpr double kStep = 1e-6, kError = 1e-8;
  int checked = 0;
  for (int64_t side : kFaceTextureSides) {
    for (int64_t channels : kFaceTextureChannels) {
      FaceTextureCase<double> c({{2, 6, 7}, side, channels, false});
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
        const double to_clamp = std::abs(position - (side - 1 - c.kEps));
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
  for (int64_t side : kFaceTextureSides) {
    FaceTextureCase<double> c({{2, 9, 8}, side, 3, true});
    std::fill(c.textures.begin(), c.textures.end(), 0.75);
    c.Forward(SerialFor());
    for (size_t i = 0; i < c.output.size(); ++i) {
      ASSERT_NEAR(c.output[i], c.face_id[i / 3] >= 0 ? 0.75 : 0.0, 1e-15);
    }
  }
}

TEST(FaceTextureEdgeTest, EmptyInputsGiveZerosOrNothing) {
  for (const FaceTextureCaseSize& size :
       {FaceTextureCaseSize{{0, 4, 4}, 2, 3, true}, FaceTextureCaseSize{{2, 0, 4}, 2, 3, false},
        FaceTextureCaseSize{{2, 4, 0}, 2, 3, true}, FaceTextureCaseSize{{2, 4, 4}, 2, 0, false}}) {
    for (int threads : {1, 2}) {
      FaceTextureCase<float> c(size);
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
      {image, 0, 2, 3, false, 1e-3, nullptr, face_id.data(), barycentrics.data(), output.data()},
      SerialFor());
  FaceTextureGradCpu<float>(
      {image, 0, 2, 3, false, 1e-3, true, nullptr, face_id.data(), barycentrics.data(),
       grad_output.data(), nullptr, grad_barycentrics.data()},
      SerialFor());
  for (float value : output) EXPECT_EQ(value, 0);
  for (float value : grad_barycentrics) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace mesh_renderer
