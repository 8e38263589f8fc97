// Runs of neighbouring pixels that show the same face: what backward passes walk over, so that the
// work per face and row is done once per run and not once per pixel.
#pragma once

#include <cstdint>

namespace mesh_renderer {

// Calls body(face, begin, end) for every maximal run of a row-major image; runs end with their row.
// Pixels without a face are passed over.
template <typename Body>
inline void ForEachRun(const int32_t* face_id, int height, int width, const Body& body) {
  for (int row = 0; row < height; ++row) {
    const int64_t row_begin = int64_t{row} * width, row_end = row_begin + width;
    for (int64_t pixel = row_begin; pixel < row_end;) {
      const int32_t face = face_id[pixel];
      int64_t end = pixel + 1;
      while (end < row_end && face_id[end] == face) ++end;
      if (face >= 0) body(face, pixel, end);
      pixel = end;
    }
  }
}

}  // namespace mesh_renderer
