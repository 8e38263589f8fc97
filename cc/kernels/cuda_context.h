// What a CUDA kernel of this library is given by whoever calls it: TensorFlow, XLA or a test.
//
// No CUDA header is needed to read this, so that bindings compile without them.
#pragma once

#include <cstddef>
#include <string>

namespace mesh_renderer {

// Memory on the GPU for the time of one call.
class ScratchAllocator {
 public:
  virtual ~ScratchAllocator() = default;
  // Aligned for any type, valid until the work on the stream that is queued by the call has run;
  // null if there is none left.
  virtual void* Allocate(size_t bytes) = 0;
};

struct CudaContext {
  void* stream;  // cudaStream_t; all work is queued there, in order
  ScratchAllocator* scratch;
};

// What went wrong, empty if nothing did. Errors of kernels that still run show up in later calls.
using CudaError = std::string;

// How the error begins that callers can do something about.
inline constexpr char kOutOfMemory[] = "out of GPU memory";

// Copies `bytes` on the GPU, or from it to host memory; the latter waits for all before it.
CudaError CopyOnGpu(const CudaContext& context, const void* from, size_t bytes, void* to);
CudaError CopyToHost(const CudaContext& context, const void* from, size_t bytes, void* to);

}  // namespace mesh_renderer
