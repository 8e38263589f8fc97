// The hot loops of SoftRas' ops for the avx512 target.
#include "cc/kernels/softras_steps-inl.h"

namespace mesh_renderer {

template <typename T>
SoftrasSteps<T> Avx512SoftrasSteps() {
  return SoftrasStepsOfThisTarget<T>();
}

template SoftrasSteps<float> Avx512SoftrasSteps();
template SoftrasSteps<double> Avx512SoftrasSteps();

}  // namespace mesh_renderer
