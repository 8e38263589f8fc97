// The hot loops of DibrMask for the avx2 target.
#include "cc/kernels/dibr_mask-inl.h"

namespace mesh_renderer {

template <typename T>
DibrMaskSteps<T> Avx2DibrMaskSteps() {
  return MaskStepsOfThisTarget<T>();
}

template DibrMaskSteps<float> Avx2DibrMaskSteps();
template DibrMaskSteps<double> Avx2DibrMaskSteps();

}  // namespace mesh_renderer
