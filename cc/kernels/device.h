// How the kernels for GPUs are written: as loops over independent items, given to a Device.
//
// A kernel is a function template on the Device (files *_device.h). CudaDevice (cuda_device.cuh)
// runs the loops on a GPU; SerialDevice (serial_device_for_test.h) runs the very same loops in the
// calling thread, in any order a test asks for, so that the logic of every CUDA kernel is tested
// where there is no GPU. A Device has:
//
//   For(count, body)           body(i) for each i in [0, count), in no particular order, perhaps at
//                              once; returns before all is done, but what comes later waits for it
//   Scratch<T>(count)          uninitialized memory for the time of the call
//   Fill(values, count, value)
//   Read(pointer)              one value, once all before has run: it stalls the GPU, use it rarely
//   ExclusiveSum(values, n)    in place: values[i] becomes the sum of all before it (int64_t)
//   SortByKey(keys, values, n, key_bits)   stable; uint32_t keys below 2^key_bits, int32_t values
//   failed()                   whether something went wrong; then nothing runs and Read gives 0
//
// Sizes of launches and lists are guesses until a GPU has been measured (docs/gpu.md).
//
// Bodies are lambdas `[=] MR_DEVICE(int64_t i) {...}` or structs with an operator() that holds
// pointers and numbers by value. They share memory through the updates of atomics.h only, so that
// results do not depend on any order.
#pragma once

#include "cc/core/portability.h"
#include "cc/kernels/atomics.h"
