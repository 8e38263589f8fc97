// The hot loops of Rasterize, compiled once per instruction set
// (rasterize_{baseline,avx2,avx512}.cc).
//
// An image is drawn in steps. Every vertex gets a pixel position; faces that may cover a pixel
// centre become candidates; each is cut into one TileFace per tile of 64x64 pixels it touches; a
// tile draws its faces into 4x4 blocks, which fit one AVX-512 register per quantity, and is then
// written out.
#pragma once

#include <cstdint>

#include "cc/core/face_bounds.h"
#include "cc/core/face_planes.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

constexpr int kBlockPixels = kBlockSide * kBlockSide;
constexpr int kBlocksPerTileSide = kTileSide / kBlockSide;
constexpr int kBlocksPerTile = kBlocksPerTileSide * kBlocksPerTileSide;

// A face that may be visible, and the pixels whose centres it may cover: half-open ranges.
struct Candidate {
  int32_t face;
  uint16_t column_begin, column_end, row_begin, row_end;
};

// A face as one tile sees it: planes as a * column + b * row + c, relative to the tile.
template <typename T>
struct TileFace {
  T a[kPlanes], b[kPlanes], c[kPlanes];
  int32_t face;
  uint8_t column_begin, column_last, row_begin, row_last;  // blocks
};

template <typename T>
struct ImageGeometry {
  int height, width;
  RasterizeSettings settings;
  int64_t num_vertices;
  const T* vertices_clip;  // [V, 4]
  const int32_t* faces;    // [F, 3]
};

// Edge functions are kept, not barycentrics: the one division per pixel waits until the tile is
// done.
template <typename T>
struct alignas(64) Block {
  T key[kBlockPixels];
  T edge[3][kBlockPixels];
  int32_t face[kBlockPixels];
};

template <typename T>
struct Tile {
  TileOrigin origin;
  Block<T> blocks[kBlocksPerTile];
};

// A tile with several fragments per pixel, sorted: layer k holds the fragment that k others cover.
// Fragments at one depth keep the order in which they are drawn, which is that of the faces.
template <typename T>
struct LayeredTile {
  Tile<T>* layers;                              // [num_layers], nearest first
  int num_layers;                               // fragments kept per pixel
  int num_cleared;                              // layers that hold something; the rest is undefined
  int block_depth[kBlocksPerTile];              // layers of the block that hold a fragment
  int32_t count[kBlocksPerTile][kBlockPixels];  // fragments of the pixel, kept or not
};

// Output rows of one image.
template <typename T>
struct ImageOutput {
  int height, width;
  RasterizeSettings settings;
  int32_t* face_id;
  T* barycentrics;
  T* depth;
};

// Pixels that fill a cache line of the narrowest output.
constexpr int kPrefetchedPixels = 16;

// Asks for the memory of kPrefetchedPixels pixels that are soon written. Rows of a tile lie far
// apart, so that processors do not foresee where the next one begins.
template <typename T>
MR_HOST_DEVICE void PrefetchPixels(const ImageOutput<T>& output, int64_t pixel) {
  constexpr int kPerLine = 64 / sizeof(T);
  __builtin_prefetch(output.face_id + pixel, 1);
  for (int i = 0; i < kPrefetchedPixels; i += kPerLine) {
    __builtin_prefetch(output.depth + pixel + i, 1);
  }
  for (int i = 0; i < kPrefetchedPixels * 3; i += kPerLine) {
    __builtin_prefetch(output.barycentrics + pixel * 3 + i, 1);
  }
}

// Where the tile faces of a group of candidates go: the next free place of each tile's list.
template <typename T>
struct TileLists {
  int columns;  // tiles per row of tiles
  int32_t* cursor;
  TileFace<T>* faces;
};

template <typename T>
struct RasterizeSteps {
  void (*project_vertices)(const ImageGeometry<T>&, int64_t begin, int64_t end, PixelPosition*);
  // Writes the candidates among faces [begin, end); returns how many.
  int64_t (*find_candidates)(const ImageGeometry<T>&, const PixelPosition*, int64_t begin,
                             int64_t end, Candidate*);
  // Appends candidates to the lists of the tiles they touch.
  void (*cut_into_tiles)(const ImageGeometry<T>&, const Candidate*, int64_t count,
                         const TileLists<T>&);
  // The part of one candidate that lies in one tile.
  TileFace<T> (*cut_for_tile)(const ImageGeometry<T>&, const Candidate&, const TileOrigin&);
  void (*clear_tile)(double far_key, Tile<T>*);
  void (*draw_faces)(const TileFace<T>*, int64_t count, double near_key, Tile<T>*);
  void (*write_tile)(const Tile<T>&, const ImageOutput<T>&);
  // RasterizeLayers draws with this in place of draw_faces.
  void (*draw_layers)(const TileFace<T>*, int64_t count, const DepthKeys&, LayeredTile<T>*);
};

template <typename T>
RasterizeSteps<T> BaselineRasterizeSteps();
template <typename T>
RasterizeSteps<T> Avx2RasterizeSteps();
template <typename T>
RasterizeSteps<T> Avx512RasterizeSteps();

template <typename T>
RasterizeSteps<T> ChooseRasterizeSteps(CpuTarget target) {
  switch (target) {
    case CpuTarget::kAvx512:
      return Avx512RasterizeSteps<T>();
    case CpuTarget::kAvx2:
      return Avx2RasterizeSteps<T>();
    case CpuTarget::kBaseline:
      break;
  }
  return BaselineRasterizeSteps<T>();
}

}  // namespace mesh_renderer
