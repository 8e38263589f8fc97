// The hot loops of Texture for the baseline target.
#include "cc/kernels/texture_steps-inl.h"

namespace mesh_renderer {

template <typename T>
TextureSteps<T> BaselineTextureSteps() {
  return TextureStepsOfThisTarget<T>();
}

template TextureSteps<float> BaselineTextureSteps();
template TextureSteps<double> BaselineTextureSteps();

}  // namespace mesh_renderer
