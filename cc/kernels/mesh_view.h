// Views on the arrays that every kernel reads: faces of a batch, size of the images.
#pragma once

#include "cc/core/portability.h"

namespace mesh_renderer {

// Vertex indices of faces: [F, 3] shared by the batch or [B, F, 3]. A row that starts with -1 is
// padding.
struct FacesView {
  const int32_t* data;
  int64_t num_faces;
  bool batched;

  // The [F, 3] indices of image b.
  MR_HOST_DEVICE const int32_t* OfImage(int64_t b) const {
    return batched ? data + b * num_faces * 3 : data;
  }
};

// Shape [batch, height, width] of the images of a call.
struct ImageShape {
  int64_t batch;
  int height;
  int width;

  MR_HOST_DEVICE int64_t pixels() const { return int64_t{height} * width; }
};

}  // namespace mesh_renderer
