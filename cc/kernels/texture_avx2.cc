// The hot loops of Texture for the avx2 target.
#include "cc/kernels/texture_steps-inl.h"

namespace mesh_renderer {

template <typename T>
TextureSteps<T> Avx2TextureSteps() {
  return TextureStepsOfThisTarget<T>();
}

template TextureSteps<float> Avx2TextureSteps();
template TextureSteps<double> Avx2TextureSteps();

}  // namespace mesh_renderer
