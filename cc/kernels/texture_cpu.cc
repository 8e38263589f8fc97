#include "cc/kernels/pixel_spans.h"
#include "cc/kernels/texture.h"
#include "cc/kernels/texture_pyramid.h"
#include "cc/kernels/texture_steps.h"

namespace mesh_renderer {

template <typename T>
void TextureCpu(const TextureParams<T>& params, const ParallelFor& parallel_for, CpuTarget target) {
  const TextureSteps<T> steps = ChooseTextureSteps<T>(target);
  const TexturePyramid<const T> pyramid(params.shape, params.settings.filter,
                                        params.shape.items(params.image.batch), params.texture);
  BuildPyramid(pyramid, parallel_for);
  ForEachSpan(params.image, parallel_for, [&](int64_t b, int64_t begin, int64_t end) {
    const int width = params.image.width;
    steps.sample(params, pyramid.OfItem(params.shape.shared ? 0 : b), begin / width, end / width);
  });
}

template void TextureCpu(const TextureParams<float>&, const ParallelFor&, CpuTarget);
template void TextureCpu(const TextureParams<double>&, const ParallelFor&, CpuTarget);

}  // namespace mesh_renderer
