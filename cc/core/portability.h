// Marks the functions of cc/core so that one source serves CPU, CUDA and tests.
#pragma once

#include <cmath>
#include <cstdint>

#if defined(__CUDACC__)
#define MR_HOST_DEVICE __host__ __device__ __forceinline__
// Bodies of loops that a Device runs (cc/kernels/device.h).
#define MR_DEVICE __device__
#else
// Always inlined on the CPU: kernels are compiled once per instruction set into one library, and a
// shared out-of-line copy could otherwise carry AVX-512 code into the baseline path.
#define MR_HOST_DEVICE inline __attribute__((always_inline))
#define MR_DEVICE
#endif

// After the parameters of a lambda: the body of a loop over pixels that is named and called in
// several places, where compilers would rather make it a function.
#define MR_LOOP_BODY __attribute__((always_inline))
