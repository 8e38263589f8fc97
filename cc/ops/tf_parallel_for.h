// TensorFlow's own thread pool behind the kernels' ParallelFor. No other threads are ever started,
// so intra_op_parallelism_threads holds and sessions do not oversubscribe the machine.
#pragma once

#include "cc/kernels/parallel_for.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/platform/threadpool.h"

namespace mesh_renderer {

class TfParallelFor final : public ParallelFor {
 public:
  explicit TfParallelFor(tensorflow::OpKernelContext* context)
      : workers_(context->device()->tensorflow_cpu_worker_threads()->workers) {}

  int num_threads() const override { return workers_->NumThreads(); }

  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    if (total <= 0) return;
    // One task, or one thread to run them: in the caller, without a hop through the pool's queue.
    if (total <= block || num_threads() == 1) return body(0, total);
    using Scheduling = tensorflow::thread::ThreadPool::SchedulingParams;
    workers_->ParallelFor(total, Scheduling::Fixed(block), body);
  }

 private:
  tensorflow::thread::ThreadPool* workers_;
};

}  // namespace mesh_renderer
