// Random inputs for tests of kernels.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace mesh_renderer {

// `count` values, uniform in [-1, 1).
template <typename T>
std::vector<T> RandomValues(int64_t count, std::mt19937* random) {
  std::uniform_real_distribution<T> uniform(T(-1), T(1));
  std::vector<T> values(count);
  for (T& value : values) value = uniform(*random);
  return values;
}

}  // namespace mesh_renderer
