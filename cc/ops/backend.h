// Where an op runs. Ops are templates on the backend: the kernels they launch and the checks they
// make are overloaded on it.
#pragma once

#include <cstring>

#include "absl/status/status.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

struct CpuBackend {
  const ParallelFor& parallel_for;
};

inline absl::Status CopyBytes(const void* from, size_t bytes, void* to, const CpuBackend&) {
  if (bytes > 0) std::memcpy(to, from, bytes);
  return absl::OkStatus();
}

}  // namespace mesh_renderer

// Defines Kernel(params, backend), which calls KernelCpu(params, parallel_for).
#define MR_KERNEL(Kernel)                                                \
  template <typename Params>                                             \
  absl::Status Kernel(const Params& params, const CpuBackend& backend) { \
    Kernel##Cpu(params, backend.parallel_for);                           \
    return absl::OkStatus();                                             \
  }
