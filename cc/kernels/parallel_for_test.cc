#include "cc/kernels/parallel_for.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <set>

#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

constexpr int64_t kItems = 100;

TEST(ForEachImageTest, EveryItemOfEveryImageRunsOnce) {
  for (int threads : {1, 2, 3, 8}) {
    for (int64_t batch : {0, 1, 2, 7, 8, 33}) {
      const std::unique_ptr<std::atomic<int>[]> runs(new std::atomic<int>[batch * kItems]());
      const std::unique_ptr<bool[]> finished(new bool[batch]());
      ForEachImage(batch, ThreadsForTest(threads), [&](int64_t b, const ParallelFor& inner) {
        for (int64_t block : {int64_t{1}, int64_t{7}, kItems}) {
          inner.Run(kItems, block, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) ++runs[b * kItems + i];
          });
        }
        int sum = 0;
        for (int64_t i = 0; i < kItems; ++i) sum += runs[b * kItems + i];
        EXPECT_EQ(sum, 3 * kItems);
        finished[b] = true;
      });
      for (int64_t b = 0; b < batch; ++b) EXPECT_TRUE(finished[b]);
      for (int64_t i = 0; i < batch * kItems; ++i) EXPECT_EQ(runs[i], 3);
    }
  }
}

TEST(ForEachImageTest, WhoHasNoImageLeftHelps) {
  std::mutex mutex;
  std::set<std::thread::id> threads_of_long_image;
  ForEachImage(2, ThreadsForTest(2), [&](int64_t b, const ParallelFor& inner) {
    EXPECT_EQ(inner.num_threads(), 1);
    if (b == 0) return;
    inner.Run(kItems, 1, [&](int64_t, int64_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::lock_guard<std::mutex> lock(mutex);
      threads_of_long_image.insert(std::this_thread::get_id());
    });
  });
  EXPECT_EQ(threads_of_long_image.size(), 2u);
}

}  // namespace
}  // namespace mesh_renderer
