// The map between normalized device coordinates and pixels, and the library's only row flip.
//
// Row 0 is the TOP of the image. The centre of pixel (row r, column c) of an H x W image lies at
// x = (2c + 1 - W) / W, y = (H - 2r - 1) / H; x points right, y up, the image spans [-1, 1].
#pragma once

#include "cc/core/portability.h"

namespace mesh_renderer {

// Step of NDC x from one column to the next.
MR_HOST_DEVICE double NdcPerColumn(int width) { return 2.0 / width; }

// Step of NDC y from one row to the next: rows go down, y goes up.
MR_HOST_DEVICE double NdcPerRow(int height) { return -2.0 / height; }

// NDC x of the centre of `column`.
template <typename F>
MR_HOST_DEVICE F ColumnToNdc(F column, int width) {
  return (F(2) * column + F(1) - F(width)) / F(width);
}

// NDC y of the centre of `row` (row 0 on top).
template <typename F>
MR_HOST_DEVICE F RowToNdc(F row, int height) {
  return (F(height) - F(2) * row - F(1)) / F(height);
}

// Inverse of ColumnToNdc: a real-valued column; pixel centres are integers.
template <typename F>
MR_HOST_DEVICE F NdcToColumn(F x, int width) {
  return (x * F(width) + F(width) - F(1)) * F(0.5);
}

// Inverse of RowToNdc.
template <typename F>
MR_HOST_DEVICE F NdcToRow(F y, int height) {
  return (F(height) - F(1) - y * F(height)) * F(0.5);
}

// N3MR and Google's rasterizer count rows from the bottom; the two are their own inverse.
MR_HOST_DEVICE int FlipRow(int row, int height) { return height - 1 - row; }

}  // namespace mesh_renderer
