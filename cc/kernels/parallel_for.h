// How kernels run in parallel without knowing a framework: TensorFlow's thread pool, XLA's, or
// none.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace mesh_renderer {

// Body of a parallel loop over the half-open range [begin, end).
using RangeBody = std::function<void(int64_t begin, int64_t end)>;

// Runs a body over disjoint ranges that cover [0, total). Results of a kernel must not depend on
// how the range is cut: bodies write disjoint outputs.
class ParallelFor {
 public:
  virtual ~ParallelFor() = default;
  virtual int num_threads() const = 0;
  // Each range holds at most `block` items (the last one may hold fewer). Blocks until all have
  // run.
  virtual void Run(int64_t total, int64_t block, const RangeBody& body) const = 0;
};

// Everything in the calling thread.
class SerialFor final : public ParallelFor {
 public:
  int num_threads() const override { return 1; }
  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    (void)block;
    if (total > 0) body(0, total);
  }
};

// Images that threads take one by one. Who finds none left helps those who still have one: images
// cost unequally, and with few of them a thread would often wait for half an image.
class SharedImages {
 public:
  explicit SharedImages(int64_t num_images) : num_images_(num_images) {}

  // Calls image_body(b, inner) until no image is left; returns when all are finished. To the body,
  // `inner` looks as if it were serial.
  template <typename ImageBody>
  void Work(const ImageBody& image_body) {
    const Inner inner(this);
    for (int64_t b = next_++; b < num_images_; b = next_++) {
      image_body(b, inner);
      ++finished_;
    }
    ++idle_;
    while (finished_ < num_images_) {
      if (!HelpSomebody()) Pause();
    }
  }

 private:
  // What is left of a loop within an image.
  struct Loop {
    const int64_t total, block;
    const RangeBody& body;
    std::atomic<int64_t> next;
    std::atomic<int64_t> left;  // items that have not run yet

    Loop(int64_t begin, int64_t the_total, int64_t the_block, const RangeBody& the_body)
        : total(the_total), block(the_block), body(the_body), next(begin), left(total - begin) {}

    // The body is touched only while something is left, for which its owner waits.
    void RunSome() {
      for (int64_t i = next.fetch_add(block); i < total; i = next.fetch_add(block)) {
        const int64_t end = std::min(total, i + block);
        body(i, end);
        left -= end - i;
      }
    }
  };

  class Inner final : public ParallelFor {
   public:
    explicit Inner(SharedImages* images) : images_(images) {}
    int num_threads() const override { return 1; }
    // As long as nobody is idle in few long pieces, because bodies may begin with an allocation.
    void Run(int64_t total, int64_t block, const RangeBody& body) const override {
      constexpr int64_t kPieces = 8;
      const int64_t piece = std::max(block, total / kPieces);
      for (int64_t begin = 0; begin < total; begin += piece) {
        if (begin + block < total && images_->idle_ > 0) {
          return images_->RunTogether(std::make_shared<Loop>(begin, total, block, body));
        }
        body(begin, std::min(total, begin + piece));
      }
    }

   private:
    SharedImages* const images_;
  };

  void RunTogether(const std::shared_ptr<Loop>& loop) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      loops_.push_back(loop);
    }
    ++num_loops_;
    loop->RunSome();
    --num_loops_;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      loops_.erase(std::find(loops_.begin(), loops_.end(), loop));
    }
    while (loop->left > 0) Pause();
  }

  bool HelpSomebody() {
    if (num_loops_ == 0) return false;
    std::shared_ptr<Loop> loop;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const auto& candidate : loops_) {
        if (candidate->next < candidate->total) loop = candidate;
      }
    }
    if (loop == nullptr) return false;
    loop->RunSome();
    return true;
  }

  static void Pause() { std::this_thread::yield(); }

  const int64_t num_images_;
  std::atomic<int64_t> next_{0}, finished_{0};
  std::atomic<int> idle_{0}, num_loops_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<Loop>> loops_;
};

// Calls image_body(b, inner) for every image b of a batch. As many images as fill all threads
// evenly run one per thread (inner looks serial); the rest run one after the other with all threads
// inside.
template <typename ImageBody>
void ForEachImage(int64_t batch, const ParallelFor& parallel_for, const ImageBody& image_body) {
  const int64_t threads = std::max(1, parallel_for.num_threads());
  const int64_t one_thread_each = batch - batch % threads;
  if (threads == 1) {
    const SerialFor serial;
    for (int64_t b = 0; b < batch; ++b) image_body(b, serial);
    return;
  }
  if (one_thread_each > 0) {
    SharedImages images(one_thread_each);
    parallel_for.Run(threads, 1, [&](int64_t begin, int64_t end) {
      for (; begin < end; ++begin) images.Work(image_body);
    });
  }
  for (int64_t b = one_thread_each; b < batch; ++b) image_body(b, parallel_for);
}

// Deterministic scatter: worker `worker` of `num_workers` alone adds to the destinations it owns
// and scans the sources in their fixed order, so each sum is formed in one order for any thread
// count. Destinations are dealt out in small blocks, because neighbours cost alike: multiples of
// the golden ratio spread blocks evenly over any number of workers without a division.
inline bool OwnedBy(int64_t destination, int64_t worker, int64_t num_workers) {
  constexpr int64_t kBlockShift = 6;
  constexpr uint32_t kGoldenRatio = 0x9E3779B9u;  // 2^32 / 1.618...
  const uint32_t spread = static_cast<uint32_t>(destination >> kBlockShift) * kGoldenRatio;
  return static_cast<int64_t>(uint64_t{spread} * static_cast<uint64_t>(num_workers) >> 32) ==
         worker;
}

// Runs body(worker, num_workers) once per thread, for loops that split work with OwnedBy.
template <typename WorkerBody>
void ForEachWorker(const ParallelFor& parallel_for, const WorkerBody& body) {
  const int64_t workers = std::max(1, parallel_for.num_threads());
  parallel_for.Run(workers, 1, [&](int64_t begin, int64_t end) {
    for (int64_t worker = begin; worker < end; ++worker) body(worker, workers);
  });
}

}  // namespace mesh_renderer
