// Where an op runs. Ops are templates on the backend: the kernels they launch and the checks they
// make are overloaded on it.
#pragma once

#include "absl/status/status.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

struct CpuBackend {
  const ParallelFor& parallel_for;
};

}  // namespace mesh_renderer

// Defines Kernel(params, backend), which calls KernelCpu(params, parallel_for).
#define MR_KERNEL(Kernel)                                                \
  template <typename Params>                                             \
  absl::Status Kernel(const Params& params, const CpuBackend& backend) { \
    Kernel##Cpu(params, backend.parallel_for);                           \
    return absl::OkStatus();                                             \
  }
