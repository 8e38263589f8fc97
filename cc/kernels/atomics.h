// Updates of memory that many threads of a GPU share. On the CPU, where a SerialDevice runs the
// same loops in one thread, they are plain updates.
//
// Only operations whose result does not depend on the order are here.
#pragma once

#include "cc/core/portability.h"

namespace mesh_renderer {

#if defined(__CUDA_ARCH__)
// CUDA has atomic functions of long long, but none of long, which is what int64_t is.
MR_HOST_DEVICE long long* AsAtomic(int64_t* memory) { return reinterpret_cast<long long*>(memory); }
template <typename T>
MR_HOST_DEVICE T* AsAtomic(T* memory) {
  return memory;
}
#endif

template <typename T>
MR_HOST_DEVICE void RaiseTo(T* memory, T value) {
#if defined(__CUDA_ARCH__)
  if (*memory < value) atomicMax(AsAtomic(memory), value);  // most updates change nothing
#else
  if (*memory < value) *memory = value;
#endif
}

template <typename T>
MR_HOST_DEVICE void LowerTo(T* memory, T value) {
#if defined(__CUDA_ARCH__)
  if (value < *memory) atomicMin(AsAtomic(memory), value);
#else
  if (value < *memory) *memory = value;
#endif
}

MR_HOST_DEVICE void AddTo(int64_t* memory, int64_t value) {
#if defined(__CUDA_ARCH__)
  // Two's complement: the unsigned sum has the same bits.
  atomicAdd(reinterpret_cast<unsigned long long*>(memory), static_cast<unsigned long long>(value));
#else
  *memory += value;
#endif
}

}  // namespace mesh_renderer
