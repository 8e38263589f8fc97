// What the drivers of SoftRas' ops share.
#pragma once

#include <algorithm>

#include "cc/kernels/soft_faces.h"
#include "cc/kernels/softras_settings.h"

namespace mesh_renderer {

// Few enough to share out the faces of a small mesh, enough to hide the cost of a task.
constexpr int64_t kFacesPerTask = 128;

// One image of a batch.
template <typename T, typename Params>
SoftScene<T> BlurredScene(const Params& params, int64_t b) {
  SoftScene<T> scene =
      SceneOfImage(params.image, params.num_vertices, params.faces, params.vertices_clip, b);
  scene.reach = ReachOf<T>(params.blur);
  return scene;
}

// The same with the depth that the view defines.
template <typename T, typename Params>
SoftScene<T> ViewedScene(const Params& params, int64_t b) {
  SoftScene<T> scene = BlurredScene<T>(params, b);
  scene.depth = ScreenDepthOf<T>(params.view);
  return scene;
}

// Faces of image b that are no padding, and 1 at least: what a sum over faces is divided by.
inline int64_t CountFaces(AlphaAggregation aggregation, const FacesView& faces, int64_t b) {
  if (aggregation != AlphaAggregation::kSum) return 1;
  const int32_t* const of_image = faces.OfImage(b);
  int64_t count = 0;
  for (int64_t f = 0; f < faces.num_faces; ++f) count += of_image[f * 3] >= 0;
  return std::max<int64_t>(count, 1);
}

}  // namespace mesh_renderer
