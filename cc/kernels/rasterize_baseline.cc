// The hot loops of Rasterize for the baseline target.
#include "cc/kernels/rasterize_steps-inl.h"

namespace mesh_renderer {

template <typename T>
RasterizeSteps<T> BaselineRasterizeSteps() {
  return StepsOfThisTarget<T>();
}

template RasterizeSteps<float> BaselineRasterizeSteps();
template RasterizeSteps<double> BaselineRasterizeSteps();

}  // namespace mesh_renderer
