// A value on a face from those of its corners.
#pragma once

#include "cc/core/portability.h"

namespace mesh_renderer {

// b are barycentrics; A is the number type of the values, or lanes of several channels.
template <typename F, typename A>
MR_HOST_DEVICE A Blend(const F* b, const A& value0, const A& value1, const A& value2) {
  return b[0] * value0 + b[1] * value1 + b[2] * value2;
}

}  // namespace mesh_renderer
