// The only file that includes CUB, which takes long to compile.
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_scan.cuh>

#include "cc/kernels/cuda_device.cuh"

namespace mesh_renderer {
namespace {

// What went wrong, with what helps. It is said once: CUDA would repeat it to the next who asks.
CudaError TextOf(cudaError_t error) {
  if (error == cudaSuccess) return CudaError();
  cudaGetLastError();
  CudaError text = cudaGetErrorString(error);
  if (error == cudaErrorInsufficientDriver) {
    text += ". Hint: update the driver, or build with an older nvcc or TF_MESH_RENDERER_CUDA=0";
  } else if (error == cudaErrorNoKernelImageForDevice) {
    text += ". Hint: build_info() lists the GPUs that this library was compiled for";
  }
  return text;
}

cudaError_t Copy(const CudaContext& context, const void* from, size_t bytes, void* to) {
  if (bytes == 0) return cudaSuccess;
  return cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault,
                         static_cast<cudaStream_t>(context.stream));
}

}  // namespace

CudaError CopyOnGpu(const CudaContext& context, const void* from, size_t bytes, void* to) {
  return TextOf(Copy(context, from, bytes, to));
}

CudaError CopyToHost(const CudaContext& context, const void* from, size_t bytes, void* to) {
  const cudaError_t error = Copy(context, from, bytes, to);
  if (error != cudaSuccess) return TextOf(error);
  return TextOf(cudaStreamSynchronize(static_cast<cudaStream_t>(context.stream)));
}

void* CudaDevice::Allocate(size_t bytes) {
  void* memory = context_.scratch->Allocate(bytes);
  if (memory != nullptr) return memory;
  const cudaError_t reason = cudaGetLastError();
  error_ = reason == cudaSuccess || reason == cudaErrorMemoryAllocation
               ? kOutOfMemory + (": " + std::to_string(bytes) + " bytes more")
               : TextOf(reason);
  return nullptr;
}

void CudaDevice::Check(cudaError_t error) {
  const CudaError text = TextOf(error);
  if (!failed()) error_ = text;
}

// Both of CUB's functions are called twice: without memory they only say how much they need.

void CudaDevice::ExclusiveSum(int64_t* values, int64_t count) {
  if (count <= 0 || failed()) return;
  size_t bytes = 0;
  Check(cub::DeviceScan::ExclusiveSum(nullptr, bytes, values, values, count, stream()));
  char* memory = Scratch<char>(static_cast<int64_t>(bytes));
  if (failed()) return;
  Check(cub::DeviceScan::ExclusiveSum(memory, bytes, values, values, count, stream()));
}

void CudaDevice::SortByKey(uint32_t* keys, int32_t* values, int64_t count, int key_bits) {
  if (count <= 0 || failed()) return;
  cub::DoubleBuffer<uint32_t> key_buffers(keys, Scratch<uint32_t>(count));
  cub::DoubleBuffer<int32_t> value_buffers(values, Scratch<int32_t>(count));
  size_t bytes = 0;
  Check(cub::DeviceRadixSort::SortPairs(nullptr, bytes, key_buffers, value_buffers, count, 0,
                                        key_bits, stream()));
  char* memory = Scratch<char>(static_cast<int64_t>(bytes));
  if (failed()) return;
  Check(cub::DeviceRadixSort::SortPairs(memory, bytes, key_buffers, value_buffers, count, 0,
                                        key_bits, stream()));
  if (key_buffers.Current() != keys) {
    Check(cudaMemcpyAsync(keys, key_buffers.Current(), count * sizeof(*keys),
                          cudaMemcpyDeviceToDevice, stream()));
  }
  if (value_buffers.Current() != values) {
    Check(cudaMemcpyAsync(values, value_buffers.Current(), count * sizeof(*values),
                          cudaMemcpyDeviceToDevice, stream()));
  }
}

}  // namespace mesh_renderer
