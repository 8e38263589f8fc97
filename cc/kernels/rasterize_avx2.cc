// The hot loops of Rasterize for the avx2 target.
#include "cc/kernels/rasterize_steps-inl.h"

namespace mesh_renderer {

template <typename T>
RasterizeSteps<T> Avx2RasterizeSteps() {
  return StepsOfThisTarget<T>();
}

template RasterizeSteps<float> Avx2RasterizeSteps();
template RasterizeSteps<double> Avx2RasterizeSteps();

}  // namespace mesh_renderer
