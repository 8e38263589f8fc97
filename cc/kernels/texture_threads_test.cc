// Texture gives the same bits for any number of threads and on every processor, and writes no more
// than its outputs.
#include <gtest/gtest.h>

#include <limits>

#include "cc/kernels/texture_case_for_test.h"
#include "cc/kernels/threads_for_test.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {
namespace {

template <typename T>
void ExpectSameBits(const TextureCase<T>& ours, const TextureCase<T>& expected) {
  ASSERT_EQ(ours.output, expected.output);
  ASSERT_EQ(ours.grad_texture, expected.grad_texture);
  ASSERT_EQ(ours.grad_uv, expected.grad_uv);
  ASSERT_EQ(ours.grad_uv_derivatives, expected.grad_uv_derivatives);
}

// Two threads on paper, one in fact, which begins with the last block.
class BackToFront final : public ParallelFor {
 public:
  int num_threads() const override { return 2; }
  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    for (int64_t end = total; end > 0;) {
      const int64_t begin = (end - 1) / block * block;
      body(begin, end);
      end = begin;
    }
  }
};

template <typename T>
class TextureThreadsTest : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(TextureThreadsTest, Scalars);

TYPED_TEST(TextureThreadsTest, ThreadsAndTargetsDoNotChangeABit) {
  using T = TypeParam;
  // More rows of pixels than one band holds, many groups of texel rows for each worker.
  ForTextureCases<T>({3, 62, 70}, 300, 5, [](TextureCase<T>* c) {
    c->Forward(SerialFor());
    c->Backward(SerialFor());
    const auto expect_same = [&](const ParallelFor& parallel_for, CpuTarget target) {
      TextureCase<T> other(c->size);
      other.Forward(parallel_for, target);
      other.Backward(parallel_for, target);
      ExpectSameBits(other, *c);
    };
    for (CpuTarget target : {CpuTarget::kBaseline, CpuTarget::kAvx2, CpuTarget::kAvx512}) {
      if (target < ActiveCpuTarget()) expect_same(SerialFor(), target);
    }
    expect_same(ThreadsForTest(8), ActiveCpuTarget());
    expect_same(BackToFront(), ActiveCpuTarget());
  });
}

TYPED_TEST(TextureThreadsTest, WideImagesAndManyRoundsToo) {
  using T = TypeParam;
  for (const ImageShape& image : {ImageShape{1, 2, 5000}, ImageShape{2, 70, 4000}}) {
    TextureCase<T> c(
        {image, {true, 9, 11, 3}, {TextureFilter::kTrilinear, TextureWrap::kMirror}, false});
    c.Forward(SerialFor());
    c.Backward(SerialFor());
    TextureCase<T> other(c.size);
    other.Forward(ThreadsForTest(3));
    other.Backward(ThreadsForTest(3));
    ExpectSameBits(other, c);
  }
}

TYPED_TEST(TextureThreadsTest, EmptyInputsGiveZerosOrNothing) {
  using T = TypeParam;
  for (TextureFilter filter : kTextureFilters) {
    const TextureSettings settings = {filter, TextureWrap::kRepeat};
    for (const TextureCaseSize& size :
         {TextureCaseSize{{0, 4, 4}, {true, 2, 3, 3}, settings, true},
          TextureCaseSize{{0, 4, 4}, {false, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 0, 4}, {true, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 4, 0}, {false, 2, 3, 3}, settings, true},
          TextureCaseSize{{2, 4, 4}, {false, 2, 3, 0}, settings, true}}) {
      for (int threads : {1, 2}) {
        TextureCase<T> c(size);
        c.Forward(ThreadsForTest(threads));
        c.Backward(ThreadsForTest(threads));
        for (T value : c.grad_texture) EXPECT_EQ(value, 0);
        for (T value : c.grad_uv) EXPECT_EQ(value, 0);
      }
    }
  }
}

TYPED_TEST(TextureThreadsTest, PixelsThatAreNotCoveredReadAndAddNothing) {
  using T = TypeParam;
  for (TextureFilter filter : kTextureFilters) {
    TextureCase<T> c({{1, 5, 70}, {true, 3, 3, 3}, {filter, TextureWrap::kClamp}, true});
    std::fill(c.texture.begin(), c.texture.end(), std::numeric_limits<T>::infinity());
    std::fill_n(c.covered.get(), c.uv.size() / 2, false);
    for (int threads : {1, 2}) {
      c.Forward(ThreadsForTest(threads));
      c.Backward(ThreadsForTest(threads));
      for (const std::vector<T>* values :
           {&c.output, &c.grad_texture, &c.grad_uv, &c.grad_uv_derivatives}) {
        for (T value : *values) ASSERT_EQ(value, 0);
      }
    }
  }
}

TYPED_TEST(TextureThreadsTest, BadCoordinatesAreMetWhereTheyAreRead) {
  using T = TypeParam;
  constexpr int64_t kBad = 3 * 70 + 65;
  for (TextureFilter filter : kTextureFilters) {
    for (T bad : {std::numeric_limits<T>::quiet_NaN(), -std::numeric_limits<T>::infinity(),
                  2 * kLargestCoordinate<T>}) {
      for (bool covered : {false, true}) {
        TextureCase<T> c({{1, 5, 70}, {true, 3, 3, 3}, {filter, TextureWrap::kRepeat}, true});
        c.uv[2 * kBad + 1] = bad;
        c.covered[kBad] = covered;
        for (int threads : {1, 2}) {
          std::atomic<bool> forward{false}, backward{false};
          TextureParams<T> params = c.Params();
          params.met_bad_uv = &forward;
          TextureCpu(params, ThreadsForTest(threads));
          TextureGradParams<T> grad_params = c.GradParams();
          grad_params.met_bad_uv = &backward;
          TextureGradCpu(grad_params, ThreadsForTest(threads));
          EXPECT_EQ(forward, covered);
          EXPECT_EQ(backward, covered);
          c.Forward(ThreadsForTest(threads));  // nobody asks: no harm
        }
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
