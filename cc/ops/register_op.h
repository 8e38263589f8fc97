// Makes an op known to TensorFlow, and to the table that XLA's binding reads.
#pragma once

#include <string>

#include "cc/ops/op_table.h"
#include "cc/ops/tf_parallel_for.h"
#include "tensorflow/core/framework/op_kernel.h"
#if MR_CUDA
#include "xla/stream_executor/stream.h"
#endif

namespace mesh_renderer {

class TfAttributes final : public Attributes {
 public:
  explicit TfAttributes(tensorflow::OpKernelConstruction* context) : context_(context) {}
  absl::Status Get(const char* name, std::string* value) const override {
    return context_->GetAttr(name, value);
  }
  absl::Status Get(const char* name, float* value) const override {
    return context_->GetAttr(name, value);
  }
  absl::Status Get(const char* name, int* value) const override {
    return context_->GetAttr(name, value);
  }
  absl::Status Get(const char* name, bool* value) const override {
    return context_->GetAttr(name, value);
  }

 private:
  tensorflow::OpKernelConstruction* context_;
};

class TfOpCall final : public OpCall {
 public:
  explicit TfOpCall(tensorflow::OpKernelContext* context) : context_(context) {}

  Array input(int place) const override {
    const tensorflow::Tensor& tensor = context_->input(place);
    const auto dims = tensor.shape().dim_sizes();
    return {tensor.data(), {dims.begin(), dims.end()}};
  }

  absl::Status Allocate(int place, absl::Span<const int64_t> dims, void** data) override {
    tensorflow::TensorShape shape;
    TF_RETURN_IF_ERROR(tensorflow::TensorShape::BuildTensorShape(dims, &shape));
    tensorflow::Tensor* tensor = nullptr;
    TF_RETURN_IF_ERROR(context_->allocate_output(place, shape, &tensor));
    *data = tensor->data();
    return absl::OkStatus();
  }

  absl::Status Forward(int input, int output) override {
    context_->set_output(output, context_->input(input));
    return absl::OkStatus();
  }

 private:
  tensorflow::OpKernelContext* context_;
};

template <typename Op>
class CpuKernel final : public tensorflow::OpKernel {
 public:
  explicit CpuKernel(tensorflow::OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, op_.ReadAttributes(TfAttributes(context)));
  }

  void Compute(tensorflow::OpKernelContext* context) override {
    TfOpCall call(context);
    const TfParallelFor parallel_for(context);
    OP_REQUIRES_OK(context, op_.Run(call, CpuBackend{parallel_for}));
  }

 private:
  Op op_;
};

#if MR_CUDA
// Memory of TensorFlow's own allocator. TensorFlow gives it to nobody but later work on the same
// stream once the call has returned.
class TfScratch final : public ScratchAllocator {
 public:
  explicit TfScratch(tensorflow::OpKernelContext* context) : context_(context) {}

  void* Allocate(size_t bytes) override {
    tensorflow::Tensor memory;
    const tensorflow::TensorShape shape({static_cast<int64_t>(bytes)});
    if (!context_->allocate_temp(tensorflow::DT_INT8, shape, &memory).ok()) return nullptr;
    held_.push_back(memory);
    return memory.data();
  }

 private:
  tensorflow::OpKernelContext* context_;
  std::vector<tensorflow::Tensor> held_;
};

template <typename Op>
class CudaKernel final : public tensorflow::OpKernel {
 public:
  explicit CudaKernel(tensorflow::OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, op_.ReadAttributes(TfAttributes(context)));
  }

  void Compute(tensorflow::OpKernelContext* context) override {
    TfOpCall call(context);
    TfScratch scratch(context);
    void* stream = context->op_device_context()->stream()->platform_specific_handle().stream;
    OP_REQUIRES_OK(context, op_.Run(call, CudaBackend{{stream, &scratch}}));
  }

 private:
  Op op_;
};
#endif

// Adds an op to a table when a library is loaded.
struct TableRegistrar {
  template <typename Backend>
  TableRegistrar(OpTable<Backend>& table, OpEntry<Backend> entry) {
    table.push_back(std::move(entry));
  }
};

}  // namespace mesh_renderer

#define MR_REGISTER_CPU(name, Op, type)                                                        \
  REGISTER_KERNEL_BUILDER(Name(name).Device(tensorflow::DEVICE_CPU).TypeConstraint<type>("T"), \
                          CpuKernel<Op<type>>);                                                \
  static const TableRegistrar Op##_##type##_on_cpu(                                            \
      CpuOps(), OpEntry<CpuBackend>{name, #type, AnyOpOf<Op<type>, CpuBackend>::Make})

// In float alone: double is there for finite differences, which the CPU computes. TensorFlow puts
// what has no kernel on the GPU on the CPU.
#if MR_CUDA
#define MR_REGISTER_CUDA(name, Op, ...)                                                 \
  REGISTER_KERNEL_BUILDER(                                                              \
      Name(name).Device(tensorflow::DEVICE_GPU) __VA_ARGS__.TypeConstraint<float>("T"), \
      CudaKernel<Op<float>>);                                                           \
  static const TableRegistrar Op##_on_cuda(                                             \
      CudaOps(), OpEntry<CudaBackend>{name, "float", AnyOpOf<Op<float>, CudaBackend>::Make})
#else
#define MR_REGISTER_CUDA(name, Op, ...) static_assert(true)
#endif

// Registers the class template of an op. It has
//   absl::Status ReadAttributes(const Attributes&);
//   template <typename Backend> absl::Status Run(OpCall&, const Backend&) const;
// A third argument, .HostMemory("x"), names an input that stays in host memory on a GPU.
#define MR_REGISTER_OP(name, Op, ...) \
  MR_REGISTER_CPU(name, Op, float);   \
  MR_REGISTER_CPU(name, Op, double);  \
  MR_REGISTER_CUDA(name, Op, __VA_ARGS__)
