// What every rasterizer does on the CPU: finds the faces of each tile of an image and hands them to
// the hot loops of the active instruction set.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {

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

inline TileGrid GridOf(int height, int width) {
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

template <typename T>
ImageGeometry<T> GeometryOfImage(const RasterizeParams<T>& params, int64_t b) {
  return {params.image.height,
          params.image.width,
          params.settings,
          params.num_vertices,
          params.vertices_clip + b * params.num_vertices * 4,
          params.faces.OfImage(b)};
}

template <typename T>
ImageOutput<T> OutputOfImage(const RasterizeParams<T>& params, int64_t b) {
  const int64_t pixel = b * params.image.pixels();
  return {params.image.height,
          params.image.width,
          params.settings,
          params.face_id + pixel,
          params.barycentrics + pixel * 3,
          params.depth + pixel};
}

// Writes a tile that no face touches.
template <typename T>
void WriteBackground(const TileOrigin& origin, const ImageOutput<T>& output) {
  const int64_t columns = std::min(kTileSide, output.width - origin.column);
  const int row_end = std::min(origin.row + kTileSide, output.height);
  constexpr int kRowsAhead = 2;
  for (int row = origin.row; row < row_end; ++row) {
    const int64_t pixel = int64_t{row} * output.width + origin.column;
    for (int i = 0; row + kRowsAhead < row_end && i < columns; i += kPrefetchedPixels) {
      PrefetchPixels(output, pixel + kRowsAhead * output.width + i);
    }
    std::fill_n(output.face_id + pixel, columns, -1);
    std::fill_n(output.barycentrics + pixel * 3, columns * 3, T(0));
    std::fill_n(output.depth + pixel, columns, T(0));
  }
}

// Cuts the faces of one image into tiles. Every list keeps faces in their order, whatever runs in
// parallel.
template <typename T>
class TiledFaces {
 public:
  TiledFaces(const ImageGeometry<T>& geometry, int64_t num_faces, const RasterizeSteps<T>& steps,
             const ParallelFor& parallel_for)
      : geometry_(geometry),
        num_faces_(num_faces),
        steps_(steps),
        parallel_for_(parallel_for),
        grid_(GridOf(geometry.height, geometry.width)),
        chunk_(std::max(kMinChunk, (num_faces + kMaxChunks - 1) / kMaxChunks)),
        num_chunks_((num_faces + chunk_ - 1) / chunk_) {
    FindCandidates();
    CutIntoTiles();
  }

  int num_tiles() const { return grid_.count(); }

  TileOrigin OriginOf(int tile) const {
    return {tile % grid_.columns * kTileSide, tile / grid_.columns * kTileSide};
  }

  bool IsEmpty(int tile) const {
    return large_.empty() && list_begin_[tile] == list_begin_[tile + 1];
  }

  // Calls draw(faces, count) until all faces of a tile are drawn, in the order of their ids.
  template <typename Draw>
  void DrawTile(int tile, const Draw& draw) const {
    const int column = tile % grid_.columns, row = tile / grid_.columns;
    const TileFace<T>* next = tile_faces_.get() + list_begin_[tile];
    const TileFace<T>* end = tile_faces_.get() + list_begin_[tile + 1];
    for (const Candidate& large : large_) {
      if (!TileSpan(large).contains(column, row)) continue;
      const TileFace<T>* after = std::partition_point(
          next, end, [&](const TileFace<T>& listed) { return listed.face < large.face; });
      draw(next, after - next);
      const TileFace<T> face = steps_.cut_for_tile(geometry_, large, OriginOf(tile));
      draw(&face, 1);
      next = after;
    }
    draw(next, end - next);
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

  const ImageGeometry<T> geometry_;
  const int64_t num_faces_;
  const RasterizeSteps<T>& steps_;
  const ParallelFor& parallel_for_;
  const TileGrid grid_;
  const int64_t chunk_, num_chunks_;
  std::unique_ptr<Candidate[]> candidates_;
  std::vector<int64_t> counts_;                // candidates per chunk
  std::vector<int32_t> list_begin_;            // per tile, into tile_faces_
  std::unique_ptr<TileFace<T>[]> tile_faces_;  // lists of all tiles, one after the other
  std::vector<Candidate> large_;               // faces that touch many tiles, in order
};

}  // namespace mesh_renderer
