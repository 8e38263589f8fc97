// The hot loops of DibrMask for the baseline target.
#include "cc/kernels/dibr_mask-inl.h"

namespace mesh_renderer {

template <typename T>
DibrMaskSteps<T> BaselineDibrMaskSteps() {
  return MaskStepsOfThisTarget<T>();
}

template DibrMaskSteps<float> BaselineDibrMaskSteps();
template DibrMaskSteps<double> BaselineDibrMaskSteps();

}  // namespace mesh_renderer
