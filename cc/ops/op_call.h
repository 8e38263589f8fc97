// What an op needs of the framework that calls it, TensorFlow or XLA: attributes, inputs, outputs.
// An op is written once against these interfaces, so both run the same checks and kernels.
#pragma once

#include <cstdint>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

namespace mesh_renderer {

// The attributes of one node; an error if there is none of this name and type.
class Attributes {
 public:
  virtual ~Attributes() = default;
  virtual absl::Status Get(const char* name, std::string* value) const = 0;
  virtual absl::Status Get(const char* name, float* value) const = 0;
  virtual absl::Status Get(const char* name, int* value) const = 0;
  virtual absl::Status Get(const char* name, bool* value) const = 0;
};

// An input: values in row-major order. Their type is known from the op's registration.
struct Array {
  const void* data;
  absl::InlinedVector<int64_t, 6> dims;

  template <typename T>
  const T* As() const {
    return static_cast<const T*>(data);
  }
  int rank() const { return static_cast<int>(dims.size()); }
  int64_t size() const {
    int64_t product = 1;
    for (int64_t dim : dims) product *= dim;
    return product;
  }
};

// One call of an op; places count from 0 in the order of its registration.
class OpCall {
 public:
  virtual ~OpCall() = default;
  virtual Array input(int place) const = 0;
  // Where an output of this shape is to be written.
  virtual absl::Status Allocate(int place, absl::Span<const int64_t> dims, void** data) = 0;
  // Makes an input an output, without a copy where the framework can share it.
  virtual absl::Status Forward(int input, int output) = 0;
};

template <typename T>
const T* InputData(const OpCall& call, int place) {
  return call.input(place).As<T>();
}

}  // namespace mesh_renderer
