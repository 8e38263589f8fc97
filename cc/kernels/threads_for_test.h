// A ParallelFor for tests: any number of threads, blocks handed out in no fixed order.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

class ThreadsForTest final : public ParallelFor {
 public:
  explicit ThreadsForTest(int num_threads) : num_threads_(num_threads) {}
  int num_threads() const override { return num_threads_; }

  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    std::atomic<int64_t> next{0};
    const auto work = [&] {
      for (int64_t begin = next.fetch_add(block); begin < total; begin = next.fetch_add(block)) {
        body(begin, std::min(total, begin + block));
      }
    };
    std::vector<std::thread> threads;
    for (int i = 1; i < num_threads_; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
  }

 private:
  const int num_threads_;
};

}  // namespace mesh_renderer
