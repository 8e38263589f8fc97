// The Device that runs on an NVIDIA GPU. Included by *_cuda.cu only; see device.h.
#pragma once

#include <cuda_runtime.h>

#include "cc/kernels/cuda_context.h"
#include "cc/kernels/device.h"

namespace mesh_renderer {

// Few, since some bodies need so many registers that only a few hundred threads fit a
// multiprocessor.
constexpr int kThreadsPerBlock = 128;

template <typename Body>
__global__ void __launch_bounds__(kThreadsPerBlock) RunBody(int64_t count, Body body) {
  const int64_t stride = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += stride) {
    body(i);
  }
}

class CudaDevice {
 public:
  explicit CudaDevice(const CudaContext& context) : context_(context) {
    cudaGetLastError();  // what an earlier call has left behind is not this one's
  }

  // The first thing that went wrong; nothing is run after it.
  const CudaError& error() const { return error_; }
  bool failed() const { return !error_.empty(); }

  template <typename Body>
  void For(int64_t count, const Body& body) {
    constexpr int64_t kMaxBlocks = 1 << 14;  // many times what any GPU runs at once
    if (count <= 0 || failed()) return;
    const int64_t blocks = (count + kThreadsPerBlock - 1) / kThreadsPerBlock;
    RunBody<<<static_cast<unsigned>(blocks < kMaxBlocks ? blocks : kMaxBlocks), kThreadsPerBlock, 0,
              stream()>>>(count, body);
    Check(cudaGetLastError());
  }

  template <typename T>
  T* Scratch(int64_t count) {
    if (failed()) return nullptr;
    return static_cast<T*>(Allocate(static_cast<size_t>(count > 0 ? count : 1) * sizeof(T)));
  }

  template <typename T>
  void Fill(T* values, int64_t count, T value) {
    For(count, [=] MR_DEVICE(int64_t i) { values[i] = value; });
  }

  template <typename T>
  T Read(const T* value) {
    T copy{};
    if (failed()) return copy;
    Check(cudaMemcpyAsync(&copy, value, sizeof(T), cudaMemcpyDeviceToHost, stream()));
    Check(cudaStreamSynchronize(stream()));
    return failed() ? T{} : copy;
  }

  void ExclusiveSum(int64_t* values, int64_t count);
  void SortByKey(uint32_t* keys, int32_t* values, int64_t count, int key_bits);

 private:
  cudaStream_t stream() const { return static_cast<cudaStream_t>(context_.stream); }
  void* Allocate(size_t bytes);
  void Check(cudaError_t error);

  const CudaContext context_;
  CudaError error_;
};

}  // namespace mesh_renderer

// Defines KernelCuda, which runs KernelOnDevice on a GPU.
#define MR_CUDA_KERNEL(Kernel)                                                              \
  CudaError Kernel##Cuda(const Kernel##Params<float>& params, const CudaContext& context) { \
    CudaDevice device(context);                                                             \
    Kernel##OnDevice(params, device);                                                       \
    return device.error();                                                                  \
  }
