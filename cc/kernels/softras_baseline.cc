// The hot loops of SoftRas' ops for the baseline target.
#include "cc/kernels/softras_steps-inl.h"

namespace mesh_renderer {

template <typename T>
SoftrasSteps<T> BaselineSoftrasSteps() {
  return SoftrasStepsOfThisTarget<T>();
}

template SoftrasSteps<float> BaselineSoftrasSteps();
template SoftrasSteps<double> BaselineSoftrasSteps();

}  // namespace mesh_renderer
