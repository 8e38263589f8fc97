// The hot loops of DibrMask for the avx512 target.
#include "cc/kernels/dibr_mask-inl.h"

namespace mesh_renderer {

template <typename T>
DibrMaskSteps<T> Avx512DibrMaskSteps() {
  return MaskStepsOfThisTarget<T>();
}

template DibrMaskSteps<float> Avx512DibrMaskSteps();
template DibrMaskSteps<double> Avx512DibrMaskSteps();

}  // namespace mesh_renderer
