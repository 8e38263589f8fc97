// Runs of neighbouring pixels that show the same face, or none.
#pragma once

#include "cc/kernels/pixel_spans.h"

namespace mesh_renderer {

// Pixels that are compared at once to find runs of one face, or of none.
constexpr int64_t kRunPixels = 16;

MR_HOST_DEVICE bool IsRun(const int32_t* face_id) {
  int32_t all = face_id[0], any = face_id[0];
  for (int64_t i = 1; i < kRunPixels; ++i) {
    all &= face_id[i];
    any |= face_id[i];
  }
  return all == any;
}

// As ForEachPixel, but calls run(face, begin, end) for kRunPixels pixels that show one face, and
// for as many pixels as possible, a multiple of kRunPixels, that have one negative id. How pixels
// are grouped depends on `begin` alone. (Shorter runs are not looked for: on usual meshes the
// mispredicted branch at the end of each would cost more than it saves.)
template <typename Run, typename Body>
MR_HOST_DEVICE void ForEachRunOrPixel(const int32_t* face_id, int64_t begin, int64_t end,
                                      const Run& run, const Body& body) {
  int64_t pixel = begin;
  while (pixel + kRunPixels < end) {
    const int64_t first = pixel;
    const int32_t face = face_id[first];
    pixel += kRunPixels;
    if (!IsRun(face_id + first)) {
      for (int64_t i = first; i < pixel; ++i) body(ReachConstant<Reach::kRegister>(), i);
      continue;
    }
    while (face < 0 && pixel + kRunPixels < end && face_id[pixel] == face &&
           IsRun(face_id + pixel)) {
      pixel += kRunPixels;
    }
    run(face, first, pixel);
  }
  if (pixel < end) ForEachPixel(pixel, end, body);
}

}  // namespace mesh_renderer
