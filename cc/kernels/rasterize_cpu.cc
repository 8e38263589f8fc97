// Rasterize on the CPU: cuts images into tiles, hands the hot loops to the active instruction set.
#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <vector>

#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {
namespace {

// A face that touches more tiles is kept in one list that all tiles read, so that lists stay O(F).
constexpr int kMaxTilesPerListedFace = 8;
// Faces are set up in chunks: enough of them to occupy threads, few enough to keep counts small.
constexpr int64_t kMinChunk = 4096;
constexpr int64_t kMaxChunks = 64;
constexpr int64_t kVerticesPerTask = 1 << 14;

struct TileGrid {
  int columns, rows;
  int count() const { return columns * rows; }
};

TileGrid GridOf(int height, int width) {
  return {(width + kTileSide - 1) / kTileSide, (height + kTileSide - 1) / kTileSide};
}

// Tiles that the pixel bounds of a face touch, last ones included.
struct TileSpan {
  int column_begin, column_last, row_begin, row_last;

  explicit TileSpan(const Candidate& candidate)
      : column_begin(candidate.column_begin / kTileSide),
        column_last((candidate.column_end - 1) / kTileSide),
        row_begin(candidate.row_begin / kTileSide),
        row_last((candidate.row_end - 1) / kTileSide) {}

  bool is_large() const {
    return (column_last - column_begin + 1) * (row_last - row_begin + 1) > kMaxTilesPerListedFace;
  }
  bool contains(int column, int row) const {
    return column >= column_begin && column <= column_last && row >= row_begin && row <= row_last;
  }
};

// Depth keys of the far and near limit: a fragment is drawn iff far_key < key < near_key.
struct DepthKeys {
  double far_key, near_key;
};

DepthKeys KeysOf(const RasterizeSettings& settings) {
  if (settings.depth_from == DepthFrom::kZ) return {-1.0, 1.0};
  const double infinity = std::numeric_limits<double>::infinity();
  // Nothing at or behind the camera is drawn, so a limit there is as good as one at 0.
  return {settings.far > 0 ? 1.0 / settings.far : infinity,
          settings.near > 0 ? 1.0 / settings.near : infinity};
}

// Writes a tile that no face touches.
template <typename T>
void WriteBackground(const TileOrigin& origin, const ImageOutput<T>& output) {
  const int64_t columns = std::min(kTileSide, output.width - origin.column);
  const int row_end = std::min(origin.row + kTileSide, output.height);
  for (int row = origin.row; row < row_end; ++row) {
    const int64_t pixel = int64_t{row} * output.width + origin.column;
    std::fill_n(output.face_id + pixel, columns, -1);
    std::fill_n(output.barycentrics + pixel * 3, columns * 3, T(0));
    std::fill_n(output.depth + pixel, columns, T(0));
  }
}

// Draws one image. Every list keeps faces in their order, whatever runs in parallel.
template <typename T>
class ImageRasterizer {
 public:
  ImageRasterizer(const ImageGeometry<T>& geometry, int64_t num_faces, const ImageOutput<T>& output,
                  const ParallelFor& parallel_for, CpuTarget target)
      : geometry_(geometry),
        num_faces_(num_faces),
        output_(output),
        parallel_for_(parallel_for),
        steps_(ChooseRasterizeSteps<T>(target)),
        keys_(KeysOf(geometry.settings)),
        grid_(GridOf(geometry.height, geometry.width)),
        chunk_(std::max(kMinChunk, (num_faces + kMaxChunks - 1) / kMaxChunks)),
        num_chunks_((num_faces + chunk_ - 1) / chunk_) {}

  void Run() {
    FindCandidates();
    CutIntoTiles();
    parallel_for_.Run(grid_.count(), 1, [this](int64_t begin, int64_t end) {
      const std::unique_ptr<Tile<T>> tile(new Tile<T>);  // no make_unique: it would clear the tile
      for (int64_t i = begin; i < end; ++i) DrawTile(static_cast<int>(i), tile.get());
    });
  }

 private:
  template <typename Body>
  void ForEachChunk(const Body& body) const {
    parallel_for_.Run(num_chunks_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t chunk = begin; chunk < end; ++chunk) body(chunk);
    });
  }

  // Candidates of chunk c start at c * chunk_; large ones are moved to large_.
  void FindCandidates() {
    const std::unique_ptr<PixelPosition[]> positions(new PixelPosition[geometry_.num_vertices]);
    parallel_for_.Run(geometry_.num_vertices, kVerticesPerTask, [&](int64_t begin, int64_t end) {
      steps_.project_vertices(geometry_, begin, end, positions.get());
    });
    candidates_.reset(new Candidate[num_faces_]);
    counts_.resize(num_chunks_);
    std::vector<std::vector<Candidate>> large(num_chunks_);
    ForEachChunk([&](int64_t chunk) {
      const int64_t begin = chunk * chunk_, end = std::min(num_faces_, begin + chunk_);
      Candidate* candidates = candidates_.get() + begin;
      counts_[chunk] = steps_.find_candidates(geometry_, positions.get(), begin, end, candidates);
      if (grid_.count() > kMaxTilesPerListedFace) MoveLarge(chunk, &large[chunk]);
    });
    for (const auto& of_chunk : large)
      large_.insert(large_.end(), of_chunk.begin(), of_chunk.end());
  }

  void MoveLarge(int64_t chunk, std::vector<Candidate>* large) {
    Candidate* begin = candidates_.get() + chunk * chunk_;
    const auto is_large = [](const Candidate& candidate) { return TileSpan(candidate).is_large(); };
    Candidate* end = begin + counts_[chunk];
    std::copy_if(begin, end, std::back_inserter(*large), is_large);
    counts_[chunk] = std::remove_if(begin, end, is_large) - begin;
  }

  // Counting sort of (tile, face) pairs, stable in faces: count per chunk, prefix sum, fill.
  void CutIntoTiles() {
    const int64_t tiles = grid_.count();
    std::vector<int32_t> cursor(num_chunks_ * tiles, 0);  // [chunk][tile]
    ForEachChunk([&](int64_t chunk) { CountTiles(chunk, &cursor[chunk * tiles]); });
    list_begin_.assign(tiles + 1, 0);
    int32_t total = 0;
    for (int64_t tile = 0; tile < tiles; ++tile) {
      for (int64_t chunk = 0; chunk < num_chunks_; ++chunk) {
        const int32_t count = cursor[chunk * tiles + tile];
        cursor[chunk * tiles + tile] = total;
        total += count;
      }
      list_begin_[tile + 1] = total;
    }
    tile_faces_.reset(new TileFace<T>[total]);
    ForEachChunk([&](int64_t chunk) {
      const TileLists<T> lists = {grid_.columns, &cursor[chunk * tiles], tile_faces_.get()};
      steps_.cut_into_tiles(geometry_, candidates_.get() + chunk * chunk_, counts_[chunk], lists);
    });
  }

  void CountTiles(int64_t chunk, int32_t* counts) const {
    if (grid_.count() == 1) {
      counts[0] = static_cast<int32_t>(counts_[chunk]);
      return;
    }
    const Candidate* candidates = candidates_.get() + chunk * chunk_;
    for (int64_t i = 0; i < counts_[chunk]; ++i) {
      const TileSpan span(candidates[i]);
      for (int row = span.row_begin; row <= span.row_last; ++row) {
        for (int column = span.column_begin; column <= span.column_last; ++column) {
          ++counts[row * grid_.columns + column];
        }
      }
    }
  }

  void DrawTile(int index, Tile<T>* tile) const {
    const int column = index % grid_.columns, row = index / grid_.columns;
    tile->origin = {column * kTileSide, row * kTileSide};
    if (large_.empty() && list_begin_[index] == list_begin_[index + 1]) {
      WriteBackground(tile->origin, output_);
      return;
    }
    steps_.clear_tile(keys_.far_key, tile);
    const TileFace<T>* next = tile_faces_.get() + list_begin_[index];
    const TileFace<T>* end = tile_faces_.get() + list_begin_[index + 1];
    for (const Candidate& large : large_) {
      if (!TileSpan(large).contains(column, row)) continue;
      const TileFace<T>* after = std::partition_point(
          next, end, [&](const TileFace<T>& listed) { return listed.face < large.face; });
      steps_.draw_faces(next, after - next, keys_.near_key, tile);
      const TileFace<T> face = steps_.cut_for_tile(geometry_, large, tile->origin);
      steps_.draw_faces(&face, 1, keys_.near_key, tile);
      next = after;
    }
    steps_.draw_faces(next, end - next, keys_.near_key, tile);
    steps_.write_tile(*tile, output_);
  }

  const ImageGeometry<T> geometry_;
  const int64_t num_faces_;
  const ImageOutput<T> output_;
  const ParallelFor& parallel_for_;
  const RasterizeSteps<T> steps_;
  const DepthKeys keys_;
  const TileGrid grid_;
  const int64_t chunk_, num_chunks_;
  std::unique_ptr<Candidate[]> candidates_;
  std::vector<int64_t> counts_;                // candidates per chunk
  std::vector<int32_t> list_begin_;            // per tile, into tile_faces_
  std::unique_ptr<TileFace<T>[]> tile_faces_;  // lists of all tiles, one after the other
  std::vector<Candidate> large_;               // faces that touch many tiles, in order
};

}  // namespace

template <typename T>
void RasterizeCpu(const RasterizeParams<T>& params, const ParallelFor& parallel_for,
                  CpuTarget target) {
  const ImageShape& image = params.image;
  ForEachImage(image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    const ImageGeometry<T> geometry = {image.height,
                                       image.width,
                                       params.settings,
                                       params.num_vertices,
                                       params.vertices_clip + b * params.num_vertices * 4,
                                       params.faces.OfImage(b)};
    const int64_t pixel = b * image.pixels();
    const ImageOutput<T> output = {image.height,
                                   image.width,
                                   params.settings,
                                   params.face_id + pixel,
                                   params.barycentrics + pixel * 3,
                                   params.depth + pixel};
    ImageRasterizer<T>(geometry, params.faces.num_faces, output, inner, target).Run();
  });
}

template void RasterizeCpu<float>(const RasterizeParams<float>&, const ParallelFor&, CpuTarget);
template void RasterizeCpu<double>(const RasterizeParams<double>&, const ParallelFor&, CpuTarget);

}  // namespace mesh_renderer
