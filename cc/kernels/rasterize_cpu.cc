// Rasterize on the CPU: draws the tiles of each image with the hot loops of an instruction set.
#include <memory>

#include "cc/kernels/rasterize_tiles.h"

namespace mesh_renderer {
namespace {

template <typename T>
void RasterizeImage(const RasterizeParams<T>& params, int64_t b, const RasterizeSteps<T>& steps,
                    const ParallelFor& parallel_for) {
  const DepthKeys keys = KeysOf(params.settings);
  const ImageOutput<T> output = OutputOfImage(params, b);
  const TiledFaces<T> faces(GeometryOfImage(params, b), params.faces.num_faces, steps,
                            parallel_for);
  parallel_for.Run(faces.num_tiles(), 1, [&](int64_t begin, int64_t end) {
    const std::unique_ptr<Tile<T>> tile(new Tile<T>);  // no make_unique: it would clear the tile
    for (int i = static_cast<int>(begin); i < end; ++i) {
      tile->origin = faces.OriginOf(i);
      if (faces.IsEmpty(i)) {
        WriteBackground(tile->origin, output);
        continue;
      }
      steps.clear_tile(keys.far_key, tile.get());
      faces.DrawTile(i, [&](const TileFace<T>* listed, int64_t count) {
        steps.draw_faces(listed, count, keys.near_key, tile.get());
      });
      steps.write_tile(*tile, output);
    }
  });
}

}  // namespace

template <typename T>
void RasterizeCpu(const RasterizeParams<T>& params, const ParallelFor& parallel_for,
                  CpuTarget target) {
  const RasterizeSteps<T> steps = ChooseRasterizeSteps<T>(target);
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    RasterizeImage(params, b, steps, inner);
  });
}

template void RasterizeCpu<float>(const RasterizeParams<float>&, const ParallelFor&, CpuTarget);
template void RasterizeCpu<double>(const RasterizeParams<double>&, const ParallelFor&, CpuTarget);

}  // namespace mesh_renderer
