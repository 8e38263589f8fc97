// Bodies of SoftrasSteps. Included once per instruction set by softras_{baseline,avx2,avx512}.cc;
// everything is internal to that file, so that no code of one target is linked into another.
#pragma once

#include "cc/kernels/softras_color_grad-inl.h"
#include "cc/kernels/softras_fragments-inl.h"
#include "cc/kernels/softras_silhouette-inl.h"

namespace mesh_renderer {
namespace {

template <typename T>
SoftrasSteps<T> SoftrasStepsOfThisTarget() {
  return {DrawAlphaBand<T>, AlphaBackwardOfFaces<T>, DrawColorBand<T>,      FillColorBlocks<T>,
          ColorBackward<T>, DrawFragmentsBand<T>,    FragmentsBackwardOf<T>};
}

}  // namespace
}  // namespace mesh_renderer
