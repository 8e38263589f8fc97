// One face of SoftRas at the pixels of one block, and the gradient of its corners. Included by
// files compiled once per instruction set.
#pragma once

#include "cc/kernels/soft_blocks-inl.h"  // first: it explains and silences -Wpsabi
//
#include <limits>

#include "cc/core/softras_mix.h"
#include "cc/kernels/lane_sums.h"
#include "cc/kernels/softras_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
struct BlurredFace {
  SoftTriangle<T> triangle;
  ReachBox<T> box;

  MR_HOST_DEVICE BlurredFace(const SoftFaces<T>& faces, int64_t f)
      : triangle(MakeSoftTriangle(faces.face(f).corner)),
        box(BoxOf(faces.face(f), faces.scene().reach)) {}
};

template <typename T>
struct FaceAtPixels {
  Lanes<T> weights[3];
  Lanes<T> signed_square;
  LaneMask<T> reached;
};

template <typename T>
MR_HOST_DEVICE FaceAtPixels<T> LookAt(const BlurredFace<T>& face, const BlurScale<T>& blur,
                                      const Vec2<Lanes<T>>& pixel) {
  FaceAtPixels<T> at;
  TriangleWeights(pixel, face.triangle, at.weights);
  at.signed_square = SignedSquare(blur.distance, pixel, face.triangle, at.weights);
  at.reached = at.signed_square > -blur.threshold;
  if (blur.distance != SoftDistance::kEuclidean) {
    if (blur.distance == SoftDistance::kHard) at.reached = CoversPixel<T>(at.weights);
    at.reached = at.reached & (pixel.x >= face.box.left) & (pixel.x <= face.box.right) &
                 (pixel.y >= face.box.bottom) & (pixel.y <= face.box.top);
  }
  return at;
}

template <typename T>
MR_HOST_DEVICE SoftCoverage<Lanes<T>> CoverageAt(const FaceAtPixels<T>& at,
                                                 const BlurScale<T>& blur) {
  if (blur.distance == SoftDistance::kHard) return {Broadcast(T(1)), Broadcast(T(0))};
  return CoverPixel(at.signed_square, blur.sigma_inv);
}

// A face that may give colour.
template <typename T>
struct ViewedFace {
  BlurredFace<T> blurred;
  FaceDepth<T> depth;
  bool is_shown;  // not culled

  MR_HOST_DEVICE ViewedFace(const SoftFaces<T>& faces, const ViewScale<T>& view, int64_t f)
      : blurred(faces, f),
        depth(MakeFaceDepth(faces.face(f).depth, view.depth_is_w)),
        is_shown(view.cull == Cull::kNone ||
                 (view.cull == Cull::kBack ? blurred.triangle.area > T(0)
                                           : blurred.triangle.area < T(0))) {}
};

// Where pixels see a face.
template <typename T>
struct PointsAtPixels {
  SeenWeights<Lanes<T>> seen;
  SeenPoint<Lanes<T>> point;
  LaneMask<T> in_range;  // reached, and at a legal depth
};

template <typename T>
MR_HOST_DEVICE PointsAtPixels<T> PointsAt(const ViewedFace<T>& face, const ViewScale<T>& view,
                                          const FaceAtPixels<T>& at) {
  PointsAtPixels<T> points;
  points.seen = SeeWeights<T>(at.weights);
  points.point = SeePoint(face.depth, points.seen.weight, view.perspective);
  points.in_range =
      at.reached & (points.point.depth >= view.near) & (points.point.depth <= view.far);
  return points;
}

// Gradients of the corners of one face, per lane until all its blocks are added.
template <typename T>
struct CornerSums {
  static constexpr int kCount = 9;
  Lanes<T> sums[kCount];

  MR_HOST_DEVICE Lanes<T>& x(int k) { return sums[k]; }
  MR_HOST_DEVICE Lanes<T>& y(int k) { return sums[3 + k]; }
  MR_HOST_DEVICE Lanes<T>& depth(int k) { return sums[6 + k]; }

  MR_HOST_DEVICE void Clear() {
    for (auto& sum : sums) sum = Broadcast(T(0));
  }
};

// From signed square / sigma.
template <typename T>
MR_HOST_DEVICE void AddSquareGradient(const BlurredFace<T>& face, const BlurScale<T>& blur,
                                      const Vec2<Lanes<T>>& pixel, const FaceAtPixels<T>& at,
                                      const Lanes<T>& grad_logit, CornerSums<T>* sums) {
  const BoundaryPoint<Lanes<T>> nearest = NearestOnBoundary(pixel, face.triangle.boundary);
  const Lanes<T> grad = grad_logit * blur.sigma_inv;
  const Lanes<T> grad_square = Select(at.signed_square > T(0), grad, -grad);
  for (int k = 0; k < 3; ++k) {
    const Vec2<Lanes<T>> corner = SquaredDistanceBackward(nearest, k, grad_square);
    sums->x(k) = sums->x(k) + corner.x;
    sums->y(k) = sums->y(k) + corner.y;
  }
}

// From the barycentric weights, unless they are made up.
template <typename T>
MR_HOST_DEVICE void AddWeightsGradient(const BlurredFace<T>& face, const FaceAtPixels<T>& at,
                                       const Lanes<T>* grad_weights, CornerSums<T>* sums) {
  if (!face.triangle.has_weights) return;
  const Vec2<Lanes<T>> along = TriangleWeightsBackward(face.triangle, grad_weights);
  for (int k = 0; k < 3; ++k) {
    sums->x(k) = sums->x(k) - at.weights[k] * along.x;
    sums->y(k) = sums->y(k) - at.weights[k] * along.y;
  }
}

// From both; `grad_weights` is overwritten.
template <typename T>
MR_HOST_DEVICE void AddDistanceGradient(const BlurredFace<T>& face, const BlurScale<T>& blur,
                                        const Vec2<Lanes<T>>& pixel, const FaceAtPixels<T>& at,
                                        const Lanes<T>& grad_logit, Lanes<T>* grad_weights,
                                        CornerSums<T>* sums) {
  if (blur.distance == SoftDistance::kEuclidean) {
    AddSquareGradient(face, blur, pixel, at, grad_logit, sums);
  } else if (blur.distance == SoftDistance::kBarycentric) {
    LowestSquareBackward<T>(at.weights, grad_logit * blur.sigma_inv, grad_weights);
  }
  AddWeightsGradient(face, at, grad_weights, sums);
}

// The gradients of the corners, with that to face.corner turned into that to depth.
template <typename T>
MR_HOST_DEVICE void WriteCorners(const CornerSums<T>& sums, const FaceDepth<T>& depth,
                                 SoftCornerGradient<T>* corners) {
  constexpr T kLimit = std::numeric_limits<T>::max() * T(1e-6);
  T totals[CornerSums<T>::kCount];
  SumAll<CornerSums<T>::kCount>(sums.sums, totals);
  for (int k = 0; k < 3; ++k) {
    const T total = totals[6 + k];
    const T grad = FaceDepthBackward(depth, k, total);
    // A tiny depth can overflow; what was not finite before must stay so.
    const bool finite = total - total == T(0);
    corners[k] = {{totals[k], totals[3 + k]}, finite ? Min(Max(grad, -kLimit), kLimit) : grad};
  }
}

}  // namespace
}  // namespace mesh_renderer
