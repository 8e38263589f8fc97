// Steps of RasterizeSteps from the faces of a tile to the outputs. Included once per instruction
// set, see rasterize_steps-inl.h.
#pragma once

#include <algorithm>

#include "cc/kernels/lanes.h"
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

template <typename T>
MR_HOST_DEVICE void DrawFace(const TileFace<T>& face, const Lanes<T>& near_key, Tile<T>* tile) {
  Lanes<T> a[kPlanes], of_row[kPlanes], plane[kPlanes];
  for (int i = 0; i < kPlanes; ++i) a[i] = Broadcast(face.a[i]);
  for (int row = face.row_begin; row <= face.row_last; ++row) {
    const Lanes<T> rows = BlockRows<T>() + Broadcast(static_cast<T>(row * kBlockSide));
    for (int i = 0; i < kPlanes; ++i)
      of_row[i] = Broadcast(face.b[i]) * rows + Broadcast(face.c[i]);
    for (int column = face.column_begin; column <= face.column_last; ++column) {
      const Lanes<T> columns = BlockColumns<T>() + Broadcast(static_cast<T>(column * kBlockSide));
      for (int i = 0; i < kPlanes; ++i) plane[i] = a[i] * columns + of_row[i];
      Block<T>& block = tile->blocks[row * kBlocksPerTileSide + column];
      const PixelMask visible = VisibleMask(Min(Min(plane[0], plane[1]), plane[2]),
                                            plane[kKeyPlane], Load(block.key), near_key);
      if (visible == 0) continue;
      MaskedStore(visible, plane[kKeyPlane], block.key);
      for (int i = 0; i < 3; ++i) MaskedStore(visible, plane[i], block.edge[i]);
      MaskedFill(visible, face.face, block.face);
    }
  }
}

template <typename T>
void DrawFaces(const TileFace<T>* faces, int64_t count, double near_key, Tile<T>* tile) {
  const Lanes<T> limit = Broadcast(static_cast<T>(near_key));
  for (int64_t i = 0; i < count; ++i) DrawFace(faces[i], limit, tile);
}

template <typename T>
MR_HOST_DEVICE Lanes<T> DepthOfKey(const Lanes<T>& key, const RasterizeSettings& settings) {
  const Lanes<T> one = Broadcast(T(1));
  if (settings.depth_from == DepthFrom::kW) return one / key;
  const Lanes<T> half_range = Broadcast(static_cast<T>((settings.far - settings.near) * 0.5));
  return Broadcast(static_cast<T>(settings.near)) + (one - key) * half_range;
}

// A block as the outputs want it; zero and -1 where no face is.
template <typename T>
struct alignas(64) ResolvedBlock {
  T barycentrics[kBlockPixels * 3];
  T depth[kBlockPixels];
};

template <typename T>
MR_HOST_DEVICE void ResolveBlock(const Block<T>& block, const RasterizeSettings& settings,
                                 ResolvedBlock<T>* resolved) {
  const PixelMask covered = NonNegativeBits(block.face);
  if (covered == 0) {
    *resolved = {};
    return;
  }
  const Lanes<T> edge0 = Load(block.edge[0]), edge1 = Load(block.edge[1]),
                 edge2 = Load(block.edge[2]);
  const Lanes<T> scale = Broadcast(T(1)) / (edge0 + edge1 + edge2);
  Interleave(ZeroUnless(covered, edge0 * scale), ZeroUnless(covered, edge1 * scale),
             ZeroUnless(covered, edge2 * scale), resolved->barycentrics);
  Store(ZeroUnless(covered, DepthOfKey<T>(Load(block.key), settings)), resolved->depth);
}

// Writes `columns` pixels of one row of a block.
template <typename T>
MR_HOST_DEVICE void WriteBlockRow(const Block<T>& block, const ResolvedBlock<T>& resolved, int lane,
                                  int columns, int64_t pixel, const ImageOutput<T>& output) {
  std::memcpy(output.face_id + pixel, block.face + lane, columns * sizeof(int32_t));
  std::memcpy(output.depth + pixel, resolved.depth + lane, columns * sizeof(T));
  std::memcpy(output.barycentrics + pixel * 3, resolved.barycentrics + lane * 3,
              columns * 3 * sizeof(T));
}

template <typename T>
MR_HOST_DEVICE void WriteBlock(const Block<T>& block, int column, int row,
                               const ImageOutput<T>& output) {
  ResolvedBlock<T> resolved;
  ResolveBlock(block, output.settings, &resolved);
  const int columns = std::min(kBlockSide, output.width - column);
  const int rows = std::min(kBlockSide, output.height - row);
  const int64_t pixel = int64_t{row} * output.width + column;
  if (columns == kBlockSide && rows == kBlockSide) {  // constant sizes compile to vector moves
    for (int r = 0; r < kBlockSide; ++r) {
      WriteBlockRow(block, resolved, r * kBlockSide, kBlockSide, pixel + int64_t{r} * output.width,
                    output);
    }
    return;
  }
  for (int r = 0; r < rows; ++r) {
    WriteBlockRow(block, resolved, r * kBlockSide, columns, pixel + int64_t{r} * output.width,
                  output);
  }
}

template <typename T>
void WriteTile(const Tile<T>& tile, const ImageOutput<T>& output) {
  const int rows = std::min(kTileSide, output.height - tile.origin.row);
  const int columns = std::min(kTileSide, output.width - tile.origin.column);
  for (int row = 0; row * kBlockSide < rows; ++row) {
    for (int column = 0; column * kBlockSide < columns; ++column) {
      WriteBlock(tile.blocks[row * kBlocksPerTileSide + column],
                 tile.origin.column + column * kBlockSide, tile.origin.row + row * kBlockSide,
                 output);
    }
  }
}

}  // namespace
}  // namespace mesh_renderer
