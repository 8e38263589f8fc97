// SoftRas: how much of a pixel a face covers, and at which depth and barycentrics a pixel sees a
// face that it may not even lie on. Each function is followed by its derivative.
//
// Source: Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D
// Reasoning", ICCV 2019, equation 1; the rules that the paper leaves open are those of the released
// program. The nearest point of the boundary is found by cc/core/boundary.h, the mixing of faces by
// cc/core/softras_mix.h.
//
// S is the number type of a face, P that of a pixel: the same, or lanes of it.
#pragma once

#include <cfloat>

#include "cc/core/boundary.h"
#include "cc/core/select.h"
#include "cc/core/vec.h"

namespace mesh_renderer {

// What the distance of a pixel to a face is.
enum class SoftDistance {
  kEuclidean,    // squared NDC to the boundary
  kBarycentric,  // the square of the lowest barycentric weight
  kHard,         // none on the face, infinite elsewhere
};

template <typename P>
MR_HOST_DEVICE P Lowest(const P* three) {
  return Min(Min(three[0], three[1]), three[2]);
}

// A triangle on the image and its barycentric weights: weight k vanishes on the edge opposite to
// corner k, is 1 at the corner, and is linear on the image.
template <typename S>
struct SoftTriangle {
  Boundary<S> boundary;
  Vec2<S> slope[3];  // of weight k over the image
  S area;            // twice the signed area, positive for counter-clockwise corners
  bool has_weights;  // false: so thin that its weights are made up, and move with nothing
};

template <typename S>
MR_HOST_DEVICE SoftTriangle<S> MakeSoftTriangle(const Vec2<S>* corners) {
  const S smallest = S(1e-10);  // as in the released program
  SoftTriangle<S> triangle = {MakeBoundary(corners), {}, S(0), true};
  const Segment<S>* edges = triangle.boundary.edges;
  triangle.area = edges[0].along.y * edges[2].along.x - edges[0].along.x * edges[2].along.y;
  S divisor = triangle.area;
  if (!(divisor >= smallest || divisor <= -smallest)) {
    triangle.has_weights = false;
    divisor = divisor > S(0) ? smallest : -smallest;
  }
  const S scale = S(1) / divisor;
  for (int k = 0; k < 3; ++k) {
    const Vec2<S> opposite = edges[(k + 1) % 3].along;
    triangle.slope[k] = {-opposite.y * scale, opposite.x * scale};
  }
  return triangle;
}

// Each is measured from the edge where it vanishes: there its digits are needed most.
template <typename P, typename S>
MR_HOST_DEVICE void TriangleWeights(const Vec2<P>& pixel, const SoftTriangle<S>& triangle,
                                    P* weights) {
  for (int k = 0; k < 3; ++k) {
    const Vec2<S> start = triangle.boundary.edges[(k + 1) % 3].start;
    weights[k] =
        (pixel.x - start.x) * triangle.slope[k].x + (pixel.y - start.y) * triangle.slope[k].y;
  }
}

// Gradient to the place of the pixel. To move corner j changes the weights as to move the pixel by
// -w_j as much: the gradient to the corner is -w_j times that returned here.
template <typename P, typename S>
MR_HOST_DEVICE Vec2<P> TriangleWeightsBackward(const SoftTriangle<S>& triangle, const P* grad) {
  const Vec2<S>* slope = triangle.slope;
  return {grad[0] * slope[0].x + grad[1] * slope[1].x + grad[2] * slope[2].x,
          grad[0] * slope[0].y + grad[1] * slope[1].y + grad[2] * slope[2].y};
}

// Whether the pixel lies on the face.
template <typename S, typename P>
MR_HOST_DEVICE MaskOf<P> CoversPixel(const P* weights) {
  const P highest = Max(Max(weights[0], weights[1]), weights[2]);
  return (Lowest(weights) >= S(0)) & (highest <= S(1));
}

// The squared distance, positive inside the face and negative outside.
template <typename P, typename S>
MR_HOST_DEVICE P SignedSquare(SoftDistance distance, const Vec2<P>& pixel,
                              const SoftTriangle<S>& triangle, const P* weights) {
  const P lowest = Lowest(weights);
  const P square = distance == SoftDistance::kBarycentric
                       ? lowest * lowest
                       : SquaredDistance(pixel, triangle.boundary);
  return Select(lowest > S(0), square, -square);
}

// Of the barycentric distance, to the weights: 2 |w| to the lowest. Adds to `grad_weights`.
template <typename S, typename P>
MR_HOST_DEVICE void LowestSquareBackward(const P* weights, const P& grad_square, P* grad_weights) {
  const auto first = weights[0] <= weights[1];
  const P lower = Select(first, weights[0], weights[1]);
  const auto third = lower > weights[2];
  const P lowest = Select(third, weights[2], lower);
  const P grad = grad_square * S(2) * Max(lowest, -lowest);
  grad_weights[0] = grad_weights[0] + Select(third, S(0), Select(first, grad, S(0)));
  grad_weights[1] = grad_weights[1] + Select(third, S(0), Select(first, S(0), grad));
  grad_weights[2] = grad_weights[2] + Select(third, grad, S(0));
}

// How much of the pixel the face covers, D = 1 / (1 + exp(-signed square / sigma)), and how much it
// leaves, 1 - D: both exact where they are small.
template <typename P>
struct SoftCoverage {
  P hit, miss;
};

template <typename P, typename S>
MR_HOST_DEVICE SoftCoverage<P> CoverPixel(const P& signed_square, S sigma_inv) {
  const P square = Max(signed_square, -signed_square);
  const P small = Exp(square * -sigma_inv);
  const P large_share = S(1) / (small + S(1));
  const P small_share = small * large_share;
  const auto inside = signed_square > S(0);
  return {Select(inside, large_share, small_share), Select(inside, small_share, large_share)};
}

// Gradient to the signed square.
template <typename P, typename S>
MR_HOST_DEVICE P CoverPixelBackward(const SoftCoverage<P>& coverage, S sigma_inv, const P& grad) {
  return grad * coverage.hit * coverage.miss * sigma_inv;
}

// Barycentric weights of the point where a pixel sees the face: its own, clipped to [0, 1] and
// divided by their sum.
template <typename P>
struct SeenWeights {
  P clipped[3];
  P inverse_sum;
  P weight[3];
};

template <typename S, typename P>
MR_HOST_DEVICE SeenWeights<P> SeeWeights(const P* weights) {
  SeenWeights<P> seen;
  for (int k = 0; k < 3; ++k) seen.clipped[k] = Min(Max(weights[k], S(0)), S(1));
  // The sum is 1 at least, but for made-up weights.
  const P sum = seen.clipped[0] + seen.clipped[1] + seen.clipped[2];
  seen.inverse_sum = S(1) / Max(sum, S(1e-5));
  for (int k = 0; k < 3; ++k) seen.weight[k] = seen.clipped[k] * seen.inverse_sum;
  return seen;
}

// Gradient to the weights. At an end of [0, 1] it is that of the inside.
template <typename S, typename P>
MR_HOST_DEVICE void SeeWeightsBackward(const P* weights, const SeenWeights<P>& seen,
                                       const P* grad_seen, P* grad_weights) {
  const P through_sum =
      grad_seen[0] * seen.weight[0] + grad_seen[1] * seen.weight[1] + grad_seen[2] * seen.weight[2];
  for (int k = 0; k < 3; ++k) {
    grad_weights[k] = Select(seen.clipped[k] == weights[k],
                             (grad_seen[k] - through_sum) * seen.inverse_sum, S(0));
  }
}

// Depth over a face. Under perspective its inverse is linear on the image; corners then hold
// nearest / depth, which neither overflows nor, but for absurd ranges, vanishes.
template <typename S>
struct FaceDepth {
  S corner[3];
  S nearest;     // depth of the nearest corner
  bool inverse;  // what `corner` holds: nearest / depth, or depth
};

// Beyond every far plane, and finite in float.
template <typename S>
MR_HOST_DEVICE S FarthestDepth() {
  return S(1e37);
}

template <typename S>
MR_HOST_DEVICE FaceDepth<S> MakeFaceDepth(const S* depth, bool inverse) {
  if (!inverse) {
    FaceDepth<S> linear = {{}, S(0), false};
    for (int k = 0; k < 3; ++k) {  // z / w may overflow
      linear.corner[k] = Min(Max(depth[k], -FarthestDepth<S>()), FarthestDepth<S>());
    }
    return linear;
  }
  const S nearest = Lowest(depth);
  return {{nearest / depth[0], nearest / depth[1], nearest / depth[2]}, nearest, true};
}

// Gradient to the depth of corner k from that to face.corner[k].
template <typename S>
MR_HOST_DEVICE S FaceDepthBackward(const FaceDepth<S>& face, int k, S grad) {
  return face.inverse ? -(grad * face.corner[k]) * (face.corner[k] / face.nearest) : grad;
}

// The same, kept finite where a tiny depth overflows. What was not finite before stays so.
template <typename S>
MR_HOST_DEVICE S FiniteFaceDepthBackward(const FaceDepth<S>& face, int k, S grad) {
  const S limit = S(sizeof(S) == sizeof(float) ? FLT_MAX : DBL_MAX) * S(1e-6);
  const S grad_depth = FaceDepthBackward(face, k, grad);
  return grad - grad == S(0) ? Min(Max(grad_depth, -limit), limit) : grad_depth;
}

// What a pixel sees of a face: its depth, and the weights of the corners' colours.
template <typename P>
struct SeenPoint {
  P scale;  // 1 / the mean of face.corner; only used under perspective
  P depth;
  P weight[3];
};

// `perspective`: whether the weights are those on the face in space, not on the image.
template <typename S, typename P>
MR_HOST_DEVICE SeenPoint<P> SeePoint(const FaceDepth<S>& face, const P* seen, bool perspective) {
  const P mean = seen[0] * face.corner[0] + seen[1] * face.corner[1] + seen[2] * face.corner[2];
  SeenPoint<P> point;
  point.scale = S(1) / Max(mean, S(1e-30));  // made-up weights can be 0
  point.depth = face.inverse ? Min(point.scale * face.nearest, FarthestDepth<S>()) : mean;
  for (int k = 0; k < 3; ++k) {
    point.weight[k] =
        face.inverse && perspective ? seen[k] * face.corner[k] * point.scale : seen[k];
  }
  return point;
}

// Gradients to seen weights and face.corner. Both are multiples of one number per corner.
template <typename P>
struct SeenPointGradient {
  P seen[3], corner[3];
};

template <typename S, typename P>
MR_HOST_DEVICE SeenPointGradient<P> SeePointBackward(const FaceDepth<S>& face, const P* seen,
                                                     const SeenPoint<P>& point, bool perspective,
                                                     const P& grad_depth, const P* grad_weight) {
  const bool mixed = face.inverse && perspective;
  // In this order no factor overflows: where depth is huge its gradient is 0.
  const P grad_mean = face.inverse ? -(point.scale * (point.depth * grad_depth)) : grad_depth;
  const P mean_grad = point.weight[0] * grad_weight[0] + point.weight[1] * grad_weight[1] +
                      point.weight[2] * grad_weight[2];
  SeenPointGradient<P> gradient;
  for (int k = 0; k < 3; ++k) {
    const P grad = mixed ? grad_mean + point.scale * (grad_weight[k] - mean_grad) : grad_mean;
    gradient.corner[k] = grad * seen[k];
    gradient.seen[k] = mixed ? grad * face.corner[k] : grad * face.corner[k] + grad_weight[k];
  }
  return gradient;
}

}  // namespace mesh_renderer
