// Loops over the 4x4 blocks of pixels in the reach of a face. Included by files compiled once per
// instruction set.
#pragma once

#include "cc/kernels/lane_math.h"  // first: it explains and silences -Wpsabi
//
#include <algorithm>

#include "cc/core/boundary.h"
#include "cc/core/soft_reach.h"
#include "cc/kernels/soft_faces.h"

namespace mesh_renderer {
namespace {

// Calls body(block index, pixel centres) for the blocks of block rows [row_begin, row_end) that a
// face reaches. Blocks are numbered row by row over the whole image.
template <typename T, typename Body>
MR_HOST_DEVICE void ForEachBlock(const BlockCenters<T>& centers, const SoftFace<T>& face,
                                 int row_begin, int row_end, const Body& body) {
  const int first_row = std::max(row_begin, face.row_begin / kSoftBlockSide);
  const int last_row = std::min(row_end - 1, (face.row_end - 1) / kSoftBlockSide);
  const int first = face.column_begin / kSoftBlockSide;
  const int last = (face.column_end - 1) / kSoftBlockSide;
  for (int row = first_row; row <= last_row; ++row) {
    const Lanes<T> y = Load(centers.y(row));
    for (int column = first; column <= last; ++column) {
      body(int64_t{row} * centers.columns() + column, Vec2<Lanes<T>>{Load(centers.x(column)), y});
    }
  }
}

// Whether some block that a face reaches fulfils a condition on its index.
template <typename T, typename Condition>
MR_HOST_DEVICE bool AnyBlock(const BlockCenters<T>& centers, const SoftFace<T>& face, int row_begin,
                             int row_end, const Condition& condition) {
  const int first_row = std::max(row_begin, face.row_begin / kSoftBlockSide);
  const int last_row = std::min(row_end - 1, (face.row_end - 1) / kSoftBlockSide);
  const int first = face.column_begin / kSoftBlockSide;
  const int last = (face.column_end - 1) / kSoftBlockSide;
  for (int row = first_row; row <= last_row; ++row) {
    for (int column = first; column <= last; ++column) {
      if (condition(int64_t{row} * centers.columns() + column)) return true;
    }
  }
  return false;
}

}  // namespace
}  // namespace mesh_renderer
