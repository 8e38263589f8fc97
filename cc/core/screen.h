// Vertices on the image: from clip space (x, y, z, w) to NDC and camera depth, and back.
#pragma once

#include <cfloat>

#include "cc/core/select.h"
#include "cc/core/vec.h"

namespace mesh_renderer {

// Where depth comes from: w itself, or near + (z / w + 1) / 2 * (far - near).
template <typename F>
struct ScreenDepth {
  bool from_w;
  F near, half_range;  // half_range = (far - near) / 2; both only matter from z
};

template <typename F>
struct ScreenVertex {
  Vec2<F> ndc;
  F depth;
  bool usable;  // in front of the camera and not absurdly far off the image
};

// Farther out, an edge that crosses the image could not be told from its neighbours any more: a
// float position at 1e4 is a pixel's width apart from the next.
template <typename F>
MR_HOST_DEVICE F LargestNdc() {
  return F(sizeof(F) == sizeof(float) ? 1e4 : 1e6);
}

template <typename F>
MR_HOST_DEVICE ScreenVertex<F> ToScreen(const F* clip, const ScreenDepth<F>& depth) {
  const F w = clip[3];
  const Vec2<F> ndc = {clip[0] / w, clip[1] / w};
  const F place = depth.from_w ? w : depth.near + (clip[2] / w + F(1)) * depth.half_range;
  const F limit = LargestNdc<F>();
  const bool usable = w > F(0) && ndc.x >= -limit && ndc.x <= limit && ndc.y >= -limit &&
                      ndc.y <= limit && place - place == F(0);  // no infinite depth
  return {ndc, place, usable};
}

// Gradient to (x, y, w) of clip space from that to (x / w, y / w); q = (x, y, w). No gradient stays
// none even where the divide overflows. The divide by w comes last: two infinite terms could make a
// NaN, one infinite sum cannot.
template <typename F>
MR_HOST_DEVICE Vec3<F> NdcBackward(const Vec3<F>& q, const Vec2<F>& grad_ndc) {
  if (grad_ndc.x == F(0) && grad_ndc.y == F(0)) return {F(0), F(0), F(0)};
  const F sum = grad_ndc.x * (q.x / q.z) + grad_ndc.y * (q.y / q.z);
  return {grad_ndc.x / q.z, grad_ndc.y / q.z, -(sum / q.z)};
}

// Gradient to clip space from that to NDC and depth.
template <typename F>
MR_HOST_DEVICE void ToScreenBackward(const F* clip, const ScreenDepth<F>& depth,
                                     const Vec2<F>& grad_ndc, F grad_depth, F* grad_clip) {
  const Vec3<F> grad = NdcBackward(Vec3<F>{clip[0], clip[1], clip[3]}, grad_ndc);
  grad_clip[0] = grad.x;
  grad_clip[1] = grad.y;
  grad_clip[2] = F(0);
  grad_clip[3] = grad.z;
  if (grad_depth == F(0)) return;
  if (depth.from_w) {
    grad_clip[3] += grad_depth;
    return;
  }
  const F w = clip[3], grad_z = grad_depth * depth.half_range;
  const F sum = grad_ndc.x * (clip[0] / w) + grad_ndc.y * (clip[1] / w) + grad_z * (clip[2] / w);
  grad_clip[2] = grad_z / w;
  grad_clip[3] = -(sum / w);
}

// The same, kept finite where a tiny w overflows, with room for a sum of many. What was not finite
// upstream stays so: loss scaling waits for it.
template <typename F>
MR_HOST_DEVICE void ToFiniteScreenBackward(const F* clip, const ScreenDepth<F>& depth,
                                           const Vec2<F>& grad_ndc, F grad_depth, F* grad_clip) {
  const F limit = F(sizeof(F) == sizeof(float) ? FLT_MAX : DBL_MAX) * F(1e-3);
  ToScreenBackward(clip, depth, grad_ndc, grad_depth, grad_clip);
  const bool finite = grad_ndc.x - grad_ndc.x == F(0) && grad_ndc.y - grad_ndc.y == F(0) &&
                      grad_depth - grad_depth == F(0);
  if (!finite) return;
  for (int i = 0; i < 4; ++i) grad_clip[i] = Min(limit, Max(-limit, grad_clip[i]));
}

}  // namespace mesh_renderer
