// The hot loops of Texture for the avx512 target.
#include "cc/kernels/texture_steps-inl.h"

namespace mesh_renderer {

template <typename T>
TextureSteps<T> Avx512TextureSteps() {
  return TextureStepsOfThisTarget<T>();
}

template TextureSteps<float> Avx512TextureSteps();
template TextureSteps<double> Avx512TextureSteps();

}  // namespace mesh_renderer
