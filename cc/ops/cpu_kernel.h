// What every CPU kernel of this library does the same way.
#pragma once

#include <vector>

#include "cc/ops/checks.h"
#include "cc/ops/tf_parallel_for.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace mesh_renderer {

// A kernel whose work is one function that returns a status.
class StatusOpKernel : public tensorflow::OpKernel {
 public:
  using tensorflow::OpKernel::OpKernel;
  void Compute(OpKernelContext* context) final { OP_REQUIRES_OK(context, Run(context)); }

 protected:
  virtual absl::Status Run(OpKernelContext* context) const = 0;
};

template <typename T>
const T* InputData(OpKernelContext* context, int index) {
  return context->input(index).flat<T>().data();
}

template <typename T>
T* OutputData(const std::vector<Tensor*>& outputs, int index) {
  return outputs[index]->flat<T>().data();
}

}  // namespace mesh_renderer

// Registers a kernel template for float and double.
#define MR_REGISTER_CPU(name, Kernel)                                                            \
  REGISTER_KERNEL_BUILDER(Name(name).Device(tensorflow::DEVICE_CPU).TypeConstraint<float>("T"),  \
                          Kernel<float>);                                                        \
  REGISTER_KERNEL_BUILDER(Name(name).Device(tensorflow::DEVICE_CPU).TypeConstraint<double>("T"), \
                          Kernel<double>)
