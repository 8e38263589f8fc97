// Steps of RasterizeSteps from the faces of a tile to the outputs. Included once per instruction
// set, see rasterize_steps-inl.h.
#pragma once

#include <algorithm>

#include "cc/kernels/lane_math.h"
#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
void ClearTile(double far_key, Tile<T>* tile) {
  for (Block<T>& block : tile->blocks) {
    std::fill(block.key, block.key + kLanes, static_cast<T>(far_key));
    std::fill(block.face, block.face + kLanes, -1);
  }
}

// Column and row of the pixels of a block.
template <typename T>
MR_HOST_DEVICE Lanes<T> BlockColumns() {
  const T columns[kLanes] = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
  return Load(columns);
}

template <typename T>
MR_HOST_DEVICE Lanes<T> BlockRows() {
  const T rows[kLanes] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
  return Load(rows);
}

// Keeps the nearest fragment of every pixel.
template <typename T>
struct NearestFragments {
  Lanes<T> near_key;
  Tile<T>* tile;

  MR_HOST_DEVICE void Draw(const TileFace<T>& face, const Lanes<T> plane[kPlanes],
                           int index) const {
    Block<T>& block = tile->blocks[index];
    const Lanes<T> stored = Load(block.key);
    const PixelMask visible =
        VisibleMask(Min(Min(plane[0], plane[1]), plane[2]), plane[kKeyPlane], stored, near_key);
    if (visible == 0) return;
    // A whole store: the next face often loads the same key, and processors forward no masked one.
    Store(Select(visible, plane[kKeyPlane], stored), block.key);
    for (int i = 0; i < 3; ++i) MaskedStore(visible, plane[i], block.edge[i]);
    MaskedFill(visible, face.face, block.face);
  }
};

// Hands the planes of a face at the pixels of each block it may cover to `fragments`.
template <typename T, typename Fragments>
MR_HOST_DEVICE void DrawFace(const TileFace<T>& face, const Fragments& fragments) {
  Lanes<T> a[kPlanes], of_row[kPlanes], plane[kPlanes];
  for (int i = 0; i < kPlanes; ++i) a[i] = Broadcast(face.a[i]);
  for (int row = face.row_begin; row <= face.row_last; ++row) {
    const Lanes<T> rows = BlockRows<T>() + Broadcast(static_cast<T>(row * kBlockSide));
    for (int i = 0; i < kPlanes; ++i)
      of_row[i] = Broadcast(face.b[i]) * rows + Broadcast(face.c[i]);
    for (int column = face.column_begin; column <= face.column_last; ++column) {
      const Lanes<T> columns = BlockColumns<T>() + Broadcast(static_cast<T>(column * kBlockSide));
      for (int i = 0; i < kPlanes; ++i) plane[i] = a[i] * columns + of_row[i];
      fragments.Draw(face, plane, row * kBlocksPerTileSide + column);
    }
  }
}

template <typename T>
void DrawFaces(const TileFace<T>* faces, int64_t count, double near_key, Tile<T>* tile) {
  const NearestFragments<T> nearest = {Broadcast(static_cast<T>(near_key)), tile};
  for (int64_t i = 0; i < count; ++i) DrawFace(faces[i], nearest);
}

// Where the pixels of a block go; rows are `stride` pixels apart.
template <typename T>
struct BlockOutput {
  int32_t* face_id;
  T* barycentrics;
  T* depth;
  int64_t stride;
};

// Writes a whole block; zero and -1 where no face is.
template <typename T>
MR_HOST_DEVICE void WriteBlock(const Block<T>& block, const RasterizeSettings& settings,
                               const BlockOutput<T>& output) {
  const PixelMask covered = NonNegativeBits(block.face);
  const Lanes<T> zero = Broadcast(T(0));
  Lanes<T> b[3] = {zero, zero, zero}, depth = zero;
  if (covered != 0) {
    const Lanes<T> edge[3] = {Load(block.edge[0]), Load(block.edge[1]), Load(block.edge[2])};
    BarycentricsOfEdges<T>(edge, b);
    for (int k = 0; k < 3; ++k) b[k] = Select(covered, b[k], zero);
    depth = Select(covered, DepthOfKey<T>(Load(block.key), settings), zero);
  }
  for (int row = 0; row < kBlockSide; ++row) {
    std::memcpy(output.face_id + row * output.stride, block.face + row * kBlockSide,
                kBlockSide * sizeof(int32_t));
  }
  StoreInterleavedRows(b[0], b[1], b[2], output.barycentrics, output.stride * 3);
  StoreRows(depth, output.depth, output.stride);
}

// Writes the part of a block that lies in the image.
template <typename T>
MR_HOST_DEVICE void WriteBorderBlock(const Block<T>& block, int columns, int rows,
                                     const RasterizeSettings& settings,
                                     const BlockOutput<T>& output) {
  int32_t face_id[kBlockPixels];
  T barycentrics[kBlockPixels * 3], depth[kBlockPixels];
  WriteBlock(block, settings, {face_id, barycentrics, depth, kBlockSide});
  for (int row = 0; row < rows; ++row) {
    const int from = row * kBlockSide;
    const int64_t to = row * output.stride;
    std::copy_n(face_id + from, columns, output.face_id + to);
    std::copy_n(barycentrics + from * 3, columns * 3, output.barycentrics + to * 3);
    std::copy_n(depth + from, columns, output.depth + to);
  }
}

// Of the rows of blocks that come next; `rows` are left in the tile.
template <typename T>
MR_HOST_DEVICE void PrefetchRows(const ImageOutput<T>& output, int64_t pixel, int rows) {
  for (int row = 0; row < std::min(rows, kBlockSide); ++row) {
    PrefetchPixels(output, pixel + row * int64_t{output.width});
  }
}

template <typename T>
void WriteTile(const Tile<T>& tile, const ImageOutput<T>& output) {
  const int tile_rows = std::min(kTileSide, output.height - tile.origin.row);
  const int tile_columns = std::min(kTileSide, output.width - tile.origin.column);
  for (int row = 0; row < tile_rows; row += kBlockSide) {
    const Block<T>* blocks = tile.blocks + row / kBlockSide * kBlocksPerTileSide;
    const int rows = std::min(kBlockSide, tile_rows - row);
    for (int column = 0; column < tile_columns; column += kBlockSide) {
      const int columns = std::min(kBlockSide, tile_columns - column);
      const int64_t pixel =
          int64_t{tile.origin.row + row} * output.width + tile.origin.column + column;
      const BlockOutput<T> to = {output.face_id + pixel, output.barycentrics + pixel * 3,
                                 output.depth + pixel, output.width};
      const Block<T>& block = blocks[column / kBlockSide];
      if (column % kPrefetchedPixels == 0) {
        PrefetchRows(output, pixel + kBlockSide * int64_t{output.width},
                     tile_rows - row - kBlockSide);
      }
      if (rows == kBlockSide && columns == kBlockSide) {
        WriteBlock(block, output.settings, to);
      } else {
        WriteBorderBlock(block, columns, rows, output.settings, to);
      }
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
