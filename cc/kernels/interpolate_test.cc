#include "cc/kernels/interpolate.h"

#include <gtest/gtest.h>

#include <vector>

#include "cc/kernels/interpolate_case_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

template <typename T>
class InterpolateTest : public testing::Test {
 protected:
  // Sums of up to 16 channels, or of the pixels around a vertex, of numbers below 1.
  static constexpr double kTolerance = std::is_same_v<T, float> ? 1e-4 : 1e-12;
};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(InterpolateTest, Scalars);

TYPED_TEST(InterpolateTest, ForwardIsTheWeightedSumOfTheCorners) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Forward(SerialFor());
    const int64_t width = c->size.channels;
    for (size_t pixel = 0; pixel < c->face_id.size(); ++pixel) {
      for (int64_t channel = 0; channel < width; ++channel) {
        double expected = 0;
        for (int k = 0; k < 3 && c->face_id[pixel] >= 0; ++k) {
          expected += double{c->barycentrics[pixel * 3 + k]} *
                      c->attributes[c->Row(pixel, k) * width + channel];
        }
        ASSERT_NEAR(c->output[pixel * width + channel], expected, this->kTolerance);
        if (c->face_id[pixel] < 0) {
          ASSERT_EQ(c->output[pixel * width + channel], T(0));
        }
      }
    }
  });
}

TYPED_TEST(InterpolateTest, BackwardIsTheTransposeOfForward) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Backward(SerialFor());
    const int64_t width = c->size.channels;
    std::vector<double> grad_attributes(c->attributes.size()), grad_b(c->barycentrics.size());
    for (size_t pixel = 0; pixel < c->face_id.size(); ++pixel) {
      for (int64_t i = 0; i < 3 * width && c->face_id[pixel] >= 0; ++i) {
        const int64_t k = i / width, channel = i % width;
        const int64_t at = c->Row(pixel, k) * width + channel;
        const double grad = c->grad_output[pixel * width + channel];
        grad_attributes[at] += grad * c->barycentrics[pixel * 3 + k];
        grad_b[pixel * 3 + k] += grad * c->attributes[at];
      }
    }
    for (size_t i = 0; i < grad_attributes.size(); ++i) {
      ASSERT_NEAR(c->grad_attributes[i], grad_attributes[i], this->kTolerance);
    }
    for (size_t i = 0; i < grad_b.size(); ++i) {
      ASSERT_NEAR(c->grad_barycentrics[i], grad_b[i], this->kTolerance);
      if (c->face_id[i / 3] < 0) {
        ASSERT_EQ(c->grad_barycentrics[i], T(0));
      }
    }
  });
}

TYPED_TEST(InterpolateTest, ThreadsDoNotChangeABit) {
  using T = TypeParam;
  ForAllCases<T>([&](Case<T>* c) {
    c->Forward(SerialFor());
    c->Backward(SerialFor());
    for (int threads : {1, 2, 8}) {
      Case<T> other(c->size);
      other.Forward(ThreadsForTest(threads));
      other.Backward(ThreadsForTest(threads));
      ASSERT_EQ(other.output, c->output);
      ASSERT_EQ(other.grad_attributes, c->grad_attributes);
      ASSERT_EQ(other.grad_barycentrics, c->grad_barycentrics);
    }
  });
}

TEST(InterpolateDoubleTest, BackwardIsTheDerivativeOfForward) {
  // Forward is linear in each input, so central differences are exact up to rounding.
  constexpr double kStep = 1e-3, kError = 1e-9;
  for (int64_t channels : kChannelCounts) {
    Case<double> c({{2, 3, 4}, channels, true});
    c.Backward(SerialFor());
    const auto loss = [&] {
      c.Forward(SerialFor());
      double sum = 0;
      for (size_t i = 0; i < c.output.size(); ++i) sum += c.output[i] * c.grad_output[i];
      return sum;
    };
    const auto numeric = [&](double* input) {
      const double value = *input;
      *input = value + kStep;
      const double above = loss();
      *input = value - kStep;
      const double below = loss();
      *input = value;
      return (above - below) / (2 * kStep);
    };
    for (size_t i = 0; i < c.barycentrics.size(); ++i) {
      ASSERT_NEAR(c.grad_barycentrics[i], numeric(&c.barycentrics[i]), kError);
    }
    for (size_t i = 0; i < c.attributes.size(); i += 3) {
      ASSERT_NEAR(c.grad_attributes[i], numeric(&c.attributes[i]), kError);
    }
  }
}

TEST(InterpolateEdgeTest, EmptyInputsGiveZerosOrNothing) {
  // No image, no rows, no columns, no channels: each must neither crash nor write.
  for (const Size& size : {Size{{0, 4, 4}, 3, false}, Size{{2, 0, 4}, 3, false},
                           Size{{2, 4, 0}, 3, true}, Size{{2, 4, 4}, 0, true}}) {
    for (int threads : {1, 2}) {
      Case<float> c(size);
      c.Forward(ThreadsForTest(threads));
      c.Backward(ThreadsForTest(threads));
      for (float value : c.grad_attributes) EXPECT_EQ(value, 0);
      for (float value : c.grad_barycentrics) EXPECT_EQ(value, 0);
    }
  }
}

TEST(InterpolateEdgeTest, NoFacesGiveZeros) {
  for (int64_t channels : kChannelCounts) {
    Case<float> c({{2, 5, 3}, channels, false});
    c.face_id.assign(c.face_id.size(), -1);
    c.Forward(SerialFor());
    c.Backward(SerialFor());
    for (float value : c.output) ASSERT_EQ(value, 0);
    for (float value : c.grad_attributes) ASSERT_EQ(value, 0);
    for (float value : c.grad_barycentrics) ASSERT_EQ(value, 0);
  }
}

}  // namespace
}  // namespace mesh_renderer
