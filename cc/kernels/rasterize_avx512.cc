// The hot loops of Rasterize for the avx512 target.
#include "cc/kernels/rasterize_steps-inl.h"

namespace mesh_renderer {

template <typename T>
RasterizeSteps<T> Avx512RasterizeSteps() {
  return StepsOfThisTarget<T>();
}

template RasterizeSteps<float> Avx512RasterizeSteps();
template RasterizeSteps<double> Avx512RasterizeSteps();

}  // namespace mesh_renderer
