// TensorFlow's own thread pool behind the kernels' ParallelFor. No other threads are ever started,
// so intra_op_parallelism_threads holds and sessions do not oversubscribe the machine.
#pragma once

#include "cc/ops/shared_blocks.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/platform/threadpool.h"

namespace mesh_renderer {

class TfParallelFor final : public ParallelFor {
 public:
  explicit TfParallelFor(tensorflow::OpKernelContext* context)
      : workers_(context->device()->tensorflow_cpu_worker_threads()->workers) {}

  int num_threads() const override { return workers_->NumThreads(); }

  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    RunShared(total, block, body, num_threads(),
              [this](auto helper) { workers_->Schedule(std::move(helper)); });
  }

 private:
  tensorflow::thread::ThreadPool* workers_;
};

}  // namespace mesh_renderer
