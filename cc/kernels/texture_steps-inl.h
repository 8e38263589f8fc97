// Bodies of TextureSteps. Included once per instruction set by texture_{baseline,avx2,avx512}.cc;
// everything is internal to that file, so that no code of one target is linked into another.
#pragma once

#include "cc/kernels/texture_grad-inl.h"
#include "cc/kernels/texture_sample-inl.h"
#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
TextureSteps<T> TextureStepsOfThisTarget() {
  return {Sample<T>, Gradient<T>, GradientAndRows<T>, AddShare<T>};
}

}  // namespace
}  // namespace mesh_renderer
