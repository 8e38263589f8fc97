// RasterizeLayers on the CPU: draws each tile once and sorts the fragments of its pixels by
// insertion.
#include <algorithm>
#include <memory>

#include "cc/kernels/rasterize_layers.h"
#include "cc/kernels/rasterize_tiles.h"

namespace mesh_renderer {
namespace {

// Draws one image.
template <typename T>
class ImageLayers {
 public:
  ImageLayers(const RasterizeLayersParams<T>& params, int64_t b, const RasterizeSteps<T>& steps,
              const ParallelFor& parallel_for)
      : params_(params),
        image_(params.layers.image),
        b_(b),
        steps_(steps),
        parallel_for_(parallel_for),
        keys_(KeysOf(params.layers.settings)),
        count_(params.count + b * image_.pixels()),
        faces_(GeometryOfImage(params.layers, b), params.layers.faces.num_faces, steps,
               parallel_for) {}

  void Run() const {
    parallel_for_.Run(faces_.num_tiles(), 1, [&](int64_t begin, int64_t end) {
      // No layer is written before a fragment needs it, so the system provides those in use only.
      const std::unique_ptr<Tile<T>[]> layers(new Tile<T>[num_kept()]);
      const std::unique_ptr<LayeredTile<T>> tile(new LayeredTile<T>);
      tile->layers = layers.get();
      tile->num_layers = num_kept();
      for (int i = static_cast<int>(begin); i < end; ++i) DrawTile(i, tile.get());
    });
  }

 private:
  // No pixel has more fragments than there are faces.
  int num_kept() const {
    return static_cast<int>(std::min<int64_t>(params_.num_layers, params_.layers.faces.num_faces));
  }

  void DrawTile(int index, LayeredTile<T>* tile) const {
    tile->num_cleared = 0;
    std::fill_n(tile->block_depth, kBlocksPerTile, 0);
    std::fill_n(&tile->count[0][0], kBlocksPerTile * kBlockPixels, 0);
    faces_.DrawTile(index, [&](const TileFace<T>* listed, int64_t count) {
      steps_.draw_layers(listed, count, keys_, tile);
    });
    const TileOrigin origin = faces_.OriginOf(index);
    for (int layer = 0; layer < params_.num_layers; ++layer) {
      const ImageOutput<T> output = OutputOfImage(params_.layers, layer * image_.batch + b_);
      if (layer < tile->num_cleared) {
        tile->layers[layer].origin = origin;
        steps_.write_tile(tile->layers[layer], output);
      } else {
        WriteBackground(origin, output);
      }
    }
    WriteCount(*tile, origin);
  }

  void WriteCount(const LayeredTile<T>& tile, const TileOrigin& origin) const {
    const int rows = std::min(kTileSide, image_.height - origin.row);
    const int columns = std::min(kTileSide, image_.width - origin.column);
    for (int row = 0; row < rows; ++row) {
      int32_t* const to = count_ + int64_t{origin.row + row} * image_.width + origin.column;
      for (int column = 0; column < columns; ++column) {
        const int block = row / kBlockSide * kBlocksPerTileSide + column / kBlockSide;
        const int pixel = row % kBlockSide * kBlockSide + column % kBlockSide;
        to[column] = tile.count[block][pixel];
      }
    }
  }

  const RasterizeLayersParams<T>& params_;
  const ImageShape image_;
  const int64_t b_;
  const RasterizeSteps<T>& steps_;
  const ParallelFor& parallel_for_;
  const DepthKeys keys_;
  int32_t* const count_;
  const TiledFaces<T> faces_;
};

}  // namespace

template <typename T>
void RasterizeLayersCpu(const RasterizeLayersParams<T>& params, const ParallelFor& parallel_for,
                        CpuTarget target) {
  const RasterizeSteps<T> steps = ChooseRasterizeSteps<T>(target);
  ForEachImage(params.layers.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    ImageLayers<T>(params, b, steps, inner).Run();
  });
}

template void RasterizeLayersCpu<float>(const RasterizeLayersParams<float>&, const ParallelFor&,
                                        CpuTarget);
template void RasterizeLayersCpu<double>(const RasterizeLayersParams<double>&, const ParallelFor&,
                                         CpuTarget);

}  // namespace mesh_renderer
