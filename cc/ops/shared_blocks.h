// A loop that a caller and the threads of some pool run together. Whoever is free takes the next
// block: a pool's own loop would put its caller to sleep, and waking it costs as much as drawing a
// small image.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// Blocks of one loop. Lives as long as its last helper, who may come when all is done; the body is
// touched only while the caller waits.
class SharedBlocks {
 public:
  SharedBlocks(int64_t total, int64_t block, const RangeBody& body)
      : total_(total), block_(block), num_blocks_((total + block - 1) / block), body_(body) {}

  int64_t num_blocks() const { return num_blocks_; }

  // Runs blocks until none is left.
  void RunSome() {
    int64_t done = 0;
    for (int64_t i = next_++; i < num_blocks_; i = next_++) {
      body_(i * block_, std::min(total_, (i + 1) * block_));
      ++done;
    }
    if (done > 0 && finished_.fetch_add(done) + done == num_blocks_) {
      absl::MutexLock lock(&mutex_);  // releasing it wakes the caller, should he sleep
    }
  }

  // Returns when all blocks have run.
  void Wait() {
    // The others are at their last blocks: mostly they end before a sleep would have begun.
    constexpr int kSpins = 2000;  // of some tens of nanoseconds
    for (int i = 0; i < kSpins && !AllFinished(); ++i) __builtin_ia32_pause();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &SharedBlocks::AllFinished));
  }

 private:
  bool AllFinished() const { return finished_.load() == num_blocks_; }

  const int64_t total_, block_, num_blocks_;
  const RangeBody& body_;
  std::atomic<int64_t> next_{0}, finished_{0};
  absl::Mutex mutex_;
};

// Runs a loop in the calling thread and up to num_threads - 1 others; `schedule` hands a function
// to the pool.
template <typename Schedule>
void RunShared(int64_t total, int64_t block, const RangeBody& body, int num_threads,
               const Schedule& schedule) {
  if (total <= 0) return;
  if (total <= block || num_threads <= 1) return body(0, total);
  const auto blocks = std::make_shared<SharedBlocks>(total, block, body);
  const int64_t helpers = std::min<int64_t>(num_threads, blocks->num_blocks()) - 1;
  for (int64_t i = 0; i < helpers; ++i) {
    schedule([blocks] { blocks->RunSome(); });
  }
  blocks->RunSome();
  blocks->Wait();
}

}  // namespace mesh_renderer
