// The hot loops of SoftRas' ops for the avx2 target.
#include "cc/kernels/softras_steps-inl.h"

namespace mesh_renderer {

template <typename T>
SoftrasSteps<T> Avx2SoftrasSteps() {
  return SoftrasStepsOfThisTarget<T>();
}

template SoftrasSteps<float> Avx2SoftrasSteps();
template SoftrasSteps<double> Avx2SoftrasSteps();

}  // namespace mesh_renderer
