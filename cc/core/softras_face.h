// One face of SoftRas at one pixel: what the pixel sees of it, and how the gradients of that come
// to its corners. Built of the formulas of cc/core/softras.h.
//
// S is the number type of a face, P that of a pixel: the same, or lanes of it.
#pragma once

#include "cc/core/soft_reach.h"
#include "cc/core/softras.h"

namespace mesh_renderer {

// How faces blur.
template <typename S>
struct BlurScale {
  SoftDistance distance;
  S sigma_inv;
  S threshold;  // of the squared distance
};

template <typename S>
struct BlurredFace {
  SoftTriangle<S> triangle;
  ReachBox<S> box;
};

template <typename S>
MR_HOST_DEVICE BlurredFace<S> MakeBlurredFace(const Vec2<S>* corner, S reach) {
  return {MakeSoftTriangle(corner), BoxOf(corner, reach)};
}

template <typename P>
struct FaceAtPixel {
  P weights[3];
  P signed_square;
  MaskOf<P> reached;
};

template <typename S, typename P>
MR_HOST_DEVICE FaceAtPixel<P> LookAt(const BlurredFace<S>& face, const BlurScale<S>& blur,
                                     const Vec2<P>& pixel) {
  FaceAtPixel<P> at;
  TriangleWeights(pixel, face.triangle, at.weights);
  at.signed_square = SignedSquare(blur.distance, pixel, face.triangle, at.weights);
  at.reached = at.signed_square > -blur.threshold;
  if (blur.distance != SoftDistance::kEuclidean) {
    if (blur.distance == SoftDistance::kHard) at.reached = CoversPixel<S>(at.weights);
    at.reached = at.reached & InClosedBox(pixel, face.box);
  }
  return at;
}

template <typename S, typename P>
MR_HOST_DEVICE SoftCoverage<P> CoverageAt(const FaceAtPixel<P>& at, const BlurScale<S>& blur) {
  if (blur.distance == SoftDistance::kHard) return {P{} + S(1), P{}};
  return CoverPixel(at.signed_square, blur.sigma_inv);
}

// Which faces give colour, and where a pixel sees it.
template <typename S>
struct ViewScale {
  bool shows_front, shows_back;
  bool depth_is_w;
  bool perspective;
  S near, far;  // both legal
};

// A face that may give colour.
template <typename S>
struct ViewedFace {
  BlurredFace<S> blurred;
  FaceDepth<S> depth;
  bool is_shown;  // not culled
};

template <typename S>
MR_HOST_DEVICE ViewedFace<S> MakeViewedFace(const Vec2<S>* corner, const S* depth, S reach,
                                            const ViewScale<S>& view) {
  const BlurredFace<S> blurred = MakeBlurredFace(corner, reach);
  const S area = blurred.triangle.area;
  const bool faces_us = view.shows_front ? area > S(0) : area < S(0);
  const bool is_shown = faces_us || (view.shows_front && view.shows_back);
  return {blurred, MakeFaceDepth(depth, view.depth_is_w), is_shown};
}

// Where a pixel sees a face.
template <typename P>
struct PointAtPixel {
  SeenWeights<P> seen;
  SeenPoint<P> point;
  MaskOf<P> in_range;  // reached, and at a legal depth
};

template <typename S, typename P>
MR_HOST_DEVICE PointAtPixel<P> PointAt(const ViewedFace<S>& face, const ViewScale<S>& view,
                                       const FaceAtPixel<P>& at) {
  PointAtPixel<P> seen;
  seen.seen = SeeWeights<S>(at.weights);
  seen.point = SeePoint(face.depth, seen.seen.weight, view.perspective);
  seen.in_range = at.reached & (seen.point.depth >= view.near) & (seen.point.depth <= view.far);
  return seen;
}

// From signed square / sigma.
template <typename S, typename P>
MR_HOST_DEVICE void AddSquareGradient(const BlurredFace<S>& face, const BlurScale<S>& blur,
                                      const Vec2<P>& pixel, const FaceAtPixel<P>& at,
                                      const P& grad_logit, CornerSums<P>* sums) {
  const BoundaryPoint<P> nearest = NearestOnBoundary(pixel, face.triangle.boundary);
  const P grad = grad_logit * blur.sigma_inv;
  const P grad_square = Select(at.signed_square > S(0), grad, -grad);
  AddSquaredDistanceGradient(nearest, grad_square, sums);
}

// From the barycentric weights, unless they are made up.
template <typename S, typename P>
MR_HOST_DEVICE void AddWeightsGradient(const BlurredFace<S>& face, const FaceAtPixel<P>& at,
                                       const P* grad_weights, CornerSums<P>* sums) {
  if (!face.triangle.has_weights) return;
  const Vec2<P> along = TriangleWeightsBackward(face.triangle, grad_weights);
  for (int k = 0; k < 3; ++k) {
    sums->x(k) = sums->x(k) - at.weights[k] * along.x;
    sums->y(k) = sums->y(k) - at.weights[k] * along.y;
  }
}

// From both; `grad_weights` is overwritten.
template <typename S, typename P>
MR_HOST_DEVICE void AddDistanceGradient(const BlurredFace<S>& face, const BlurScale<S>& blur,
                                        const Vec2<P>& pixel, const FaceAtPixel<P>& at,
                                        const P& grad_logit, P* grad_weights, CornerSums<P>* sums) {
  if (blur.distance == SoftDistance::kEuclidean) {
    AddSquareGradient(face, blur, pixel, at, grad_logit, sums);
  } else if (blur.distance == SoftDistance::kBarycentric) {
    LowestSquareBackward<S>(at.weights, grad_logit * blur.sigma_inv, grad_weights);
  }
  AddWeightsGradient(face, at, grad_weights, sums);
}

// From the depth and the weights of the corners' colours: adds to the depths of the corners, writes
// the gradient of the barycentric weights.
template <typename S, typename P>
MR_HOST_DEVICE void AddPointGradient(const ViewedFace<S>& face, bool perspective,
                                     const FaceAtPixel<P>& at, const PointAtPixel<P>& seen,
                                     const P& grad_depth, const P* grad_weight, P* grad_weights,
                                     CornerSums<P>* sums) {
  const SeenPointGradient<P> gradient = SeePointBackward(face.depth, seen.seen.weight, seen.point,
                                                         perspective, grad_depth, grad_weight);
  for (int k = 0; k < 3; ++k) sums->depth(k) = sums->depth(k) + gradient.corner[k];
  SeeWeightsBackward<S>(at.weights, seen.seen, gradient.seen, grad_weights);
}

}  // namespace mesh_renderer
