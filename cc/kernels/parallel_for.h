// How kernels run in parallel without knowing a framework: TensorFlow's thread pool, XLA's, or
// none.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

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

// Calls image_body(b, inner) for every image b of a batch. As many images as fill all threads
// evenly run one per thread (inner is serial); the rest run one after the other with all threads
// inside.
template <typename ImageBody>
void ForEachImage(int64_t batch, const ParallelFor& parallel_for, const ImageBody& image_body) {
  const int64_t threads = std::max(1, parallel_for.num_threads());
  const int64_t one_thread_each = batch - batch % threads;
  // Many blocks per thread even out images of unequal cost and threads that wake up late.
  constexpr int64_t kBlocksPerThread = 16;
  const int64_t block = std::max<int64_t>(1, one_thread_each / (threads * kBlocksPerThread));
  const SerialFor serial;
  parallel_for.Run(one_thread_each, block, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) image_body(b, serial);
  });
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
