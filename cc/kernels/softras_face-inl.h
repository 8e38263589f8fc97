// The faces of SoftRas as the loops over blocks see them, and the gradients of their corners.
// Included by files compiled once per instruction set.
#pragma once

#include "cc/kernels/soft_blocks-inl.h"  // first: it explains and silences -Wpsabi
//
#include "cc/core/softras_face.h"
#include "cc/kernels/lane_sums.h"
#include "cc/kernels/softras_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
MR_HOST_DEVICE BlurredFace<T> BlurredFaceOf(const SoftFaces<T>& faces, int64_t f) {
  return MakeBlurredFace(faces.face(f).corner, faces.scene().reach);
}

template <typename T>
MR_HOST_DEVICE ViewedFace<T> ViewedFaceOf(const SoftFaces<T>& faces, const ViewScale<T>& view,
                                          int64_t f) {
  const SoftFace<T>& face = faces.face(f);
  return MakeViewedFace(face.corner, face.depth, faces.scene().reach, view);
}

// The gradients of the corners, with that to face.corner turned into that to depth.
template <typename T>
MR_HOST_DEVICE void WriteCorners(const CornerSums<Lanes<T>>& sums, const FaceDepth<T>& depth,
                                 SoftCornerGradient<T>* corners) {
  T totals[CornerSums<T>::kCount];
  SumAll<CornerSums<T>::kCount>(sums.sums, totals);
  for (int k = 0; k < 3; ++k) {
    corners[k] = {{totals[k], totals[3 + k]}, FiniteFaceDepthBackward(depth, k, totals[6 + k])};
  }
}

}  // namespace
}  // namespace mesh_renderer
