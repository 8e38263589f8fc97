// A triangle in homogeneous screen coordinates q = (x, y, w): edge functions and gradients.
//
// Rasterizing in homogeneous coordinates needs no clipping: a triangle that crosses the camera
// plane (some w <= 0) is treated like any other. Source: Olano & Greer, "Triangle Scan Conversion
// using 2D Homogeneous Coordinates", Graphics Hardware 1997, equations 3-4.
//
// With Q the matrix whose columns are q_0, q_1, q_2 and p = (x_ndc, y_ndc, 1) a point of the image,
// N = inverse(Q) p holds b_k / w: perspective-correct barycentrics over interpolated depth.
// Everything below follows: b_k = N_k / sum(N), w = 1 / sum(N), and a point is covered iff all N_k
// >= 0.
#pragma once

#include <algorithm>
#include <limits>

#include "cc/core/vec.h"
#include "cc/core/viewport.h"

namespace mesh_renderer {

// Rows of the adjugate of Q (inverse(Q) times det), one edge function each, and the determinant.
// det > 0: the face is counter-clockwise on screen, a front face.
template <typename F>
struct TriangleEdges {
  Vec3<F> e0, e1, e2;
  F det;
};

// det is deliberately not divided out: the two triangles at a shared edge then get exactly opposite
// numbers, so no pixel centre falls between them. This needs products without contraction.
template <typename F>
MR_HOST_DEVICE TriangleEdges<F> ComputeTriangleEdges(const Vec3<F>& q0, const Vec3<F>& q1,
                                                     const Vec3<F>& q2) {
  TriangleEdges<F> edges;
  edges.e0 = Cross(q1, q2);
  edges.e1 = Cross(q2, q0);
  edges.e2 = Cross(q0, q1);
  edges.det = Dot(q0, edges.e0);
  return edges;
}

// a * column + b * row + c, for real-valued pixel coordinates (row 0 on top).
template <typename F>
struct PixelPlane {
  F a, b, c;
};

// Rewrites e . (x_ndc, y_ndc, 1) as a function of pixel coordinates.
template <typename F>
MR_HOST_DEVICE PixelPlane<F> ToPixelPlane(const Vec3<F>& e, int width, int height) {
  const F a = e.x * NdcPerColumn(width);
  const F b = e.y * NdcPerRow(height);
  const F c = e.x * ColumnToNdc(0.0, width) + e.y * RowToNdc(0.0, height) + e.z;
  return {a, b, c};
}

// What a pixel adds to its face's gradient: moment[k][j] = sum over pixels of b_k * response_j.
template <typename F>
struct BarycentricResponse {
  F response[3];    // share of each row of inverse(Q)
  F grad_z_over_b;  // gradient to z_k divided by b_k (depth from z only)
};

// Derivative of barycentrics and depth = w for fixed coverage. From dN = -inverse(Q) dQ N follows
// grad q_k = -b_k * sum_j response_j * row_j of inverse(Q), without pixel coordinates.
template <typename F>
MR_HOST_DEVICE BarycentricResponse<F> DepthFromWBackward(const F* b, const F* grad_b, F grad_depth,
                                                         F depth) {
  const F mean = grad_b[0] * b[0] + grad_b[1] * b[1] + grad_b[2] * b[2] + grad_depth * depth;
  return {{grad_b[0] - mean, grad_b[1] - mean, grad_b[2] - mean}, F(0)};
}

// The same for z_ndc = sum_k z_k N_k; grad_z_ndc is the gradient to it, z and w belong to the
// vertices.
template <typename F>
MR_HOST_DEVICE BarycentricResponse<F> DepthFromZBackward(const F* b, const F* grad_b, F grad_z_ndc,
                                                         const F* z, const F* w) {
  const F mean = grad_b[0] * b[0] + grad_b[1] * b[1] + grad_b[2] * b[2];
  const F per_w = grad_z_ndc / (b[0] * w[0] + b[1] * w[1] + b[2] * w[2]);
  return {{grad_b[0] - mean + per_w * z[0], grad_b[1] - mean + per_w * z[1],
           grad_b[2] - mean + per_w * z[2]},
          per_w};
}

// Gradient to q_k from the accumulated moments of corner k.
template <typename F>
MR_HOST_DEVICE Vec3<F> CornerGradient(const TriangleEdges<F>& edges, F moment0, F moment1,
                                      F moment2) {
  const F scale = F(-1) / edges.det;
  return scale * (moment0 * edges.e0 + moment1 * edges.e1 + moment2 * edges.e2);
}

// What the gradient of a corner becomes in F: thin triangles have gradients beyond its range.
template <typename F>
MR_HOST_DEVICE F ClampToFinite(double value) {
  // A sum over the faces around a vertex must stay finite too.
  constexpr double kLimit = std::numeric_limits<F>::max() * 1e-3;
  return std::isnan(value) ? F(0) : static_cast<F>(std::min(std::max(value, -kLimit), kLimit));
}

}  // namespace mesh_renderer
