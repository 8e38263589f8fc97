// The point of a triangle's boundary nearest to a point of the image, in NDC.
//
// The soft gradient models (DIB-R, SoftRas) know a face by its distance alone. The nearest point is
// looked for on each edge as a segment, so corners need no case of their own. By the envelope
// theorem the squared distance has the derivative it would have if the nearest point kept its place
// on its edge.
//
// S is the number type of a face, P that of a pixel: the same, or lanes of it.
#pragma once

#include "cc/core/select.h"
#include "cc/core/vec.h"

namespace mesh_renderer {

template <typename S>
struct Segment {
  Vec2<S> start, end, along;  // along = end - start
  S inverse_square;           // 1 / |along|^2; 0 if the ends coincide
};

template <typename S>
struct Boundary {
  Segment<S> edges[3];  // edge k runs from corner k to corner k + 1
};

template <typename S>
MR_HOST_DEVICE Boundary<S> MakeBoundary(const Vec2<S>* corners) {
  const S smallest = S(1e-36);  // its inverse is a float
  Boundary<S> boundary;
  for (int k = 0; k < 3; ++k) {
    const Vec2<S> a = corners[k], b = corners[(k + 1) % 3];
    const Vec2<S> along = {b.x - a.x, b.y - a.y};
    const S square = along.x * along.x + along.y * along.y;
    boundary.edges[k] = {a, b, along, square > smallest ? S(1) / square : S(0)};
  }
  return boundary;
}

// A point of one edge, seen from a pixel.
template <typename P>
struct EdgePoint {
  Vec2<P> offset;  // from the pixel to the point
  P square;        // squared distance
  P place;         // 0 at the start of the edge, 1 at its end
};

// The offset is not taken as the difference of two positions along the edge: on a long edge that
// would lose the digits of a short distance.
template <typename P, typename S>
MR_HOST_DEVICE EdgePoint<P> NearestOnSegment(const Vec2<P>& pixel, const Segment<S>& edge) {
  const P x = pixel.x - edge.start.x, y = pixel.y - edge.start.y;
  const P to_end_x = edge.end.x - pixel.x, to_end_y = edge.end.y - pixel.y;
  const P projected = (x * edge.along.x + y * edge.along.y) * edge.inverse_square;
  const P across = (x * to_end_y - y * to_end_x) * edge.inverse_square;
  const auto before = projected <= S(0), after = projected >= S(1);
  const Vec2<P> offset = {
      Select(before, -x, Select(after, to_end_x, across * -edge.along.y)),
      Select(before, -y, Select(after, to_end_y, across * edge.along.x)),
  };
  return {offset, offset.x * offset.x + offset.y * offset.y, Min(Max(projected, S(0)), S(1))};
}

template <typename P, typename S>
MR_HOST_DEVICE P SquaredDistance(const Vec2<P>& pixel, const Boundary<S>& boundary) {
  const P d0 = NearestOnSegment(pixel, boundary.edges[0]).square;
  const P d1 = NearestOnSegment(pixel, boundary.edges[1]).square;
  const P d2 = NearestOnSegment(pixel, boundary.edges[2]).square;
  return Min(Min(d0, d1), d2);
}

// The nearest point of the boundary: offset and squared distance from the pixel, and the weights of
// the three corners that give the point. Of equally near edges the first counts.
template <typename P>
struct BoundaryPoint {
  Vec2<P> offset;
  P square;
  P weight[3];
};

template <typename P, typename S>
MR_HOST_DEVICE BoundaryPoint<P> NearestOnBoundary(const Vec2<P>& pixel,
                                                  const Boundary<S>& boundary) {
  const EdgePoint<P> p0 = NearestOnSegment(pixel, boundary.edges[0]);
  const EdgePoint<P> p1 = NearestOnSegment(pixel, boundary.edges[1]);
  const EdgePoint<P> p2 = NearestOnSegment(pixel, boundary.edges[2]);
  const auto second = p1.square < p0.square;
  const P square = Select(second, p1.square, p0.square);
  const auto third = p2.square < square;
  BoundaryPoint<P> nearest;
  nearest.offset = {Select(third, p2.offset.x, Select(second, p1.offset.x, p0.offset.x)),
                    Select(third, p2.offset.y, Select(second, p1.offset.y, p0.offset.y))};
  nearest.square = Select(third, p2.square, square);
  nearest.weight[0] = Select(third, p2.place, Select(second, S(0), S(1) - p0.place));
  nearest.weight[1] = Select(third, S(0), Select(second, S(1) - p1.place, p0.place));
  nearest.weight[2] = Select(third, S(1) - p2.place, Select(second, p1.place, S(0)));
  return nearest;
}

// Gradient to corner k, given the gradient to the squared distance.
template <typename P>
MR_HOST_DEVICE Vec2<P> SquaredDistanceBackward(const BoundaryPoint<P>& nearest, int k, P grad) {
  const P share = (grad + grad) * nearest.weight[k];
  return {share * nearest.offset.x, share * nearest.offset.y};
}

// Gradients of the corners of one face, summed over pixels.
template <typename P>
struct CornerSums {
  static constexpr int kCount = 9;
  P sums[kCount];

  MR_HOST_DEVICE P& x(int k) { return sums[k]; }
  MR_HOST_DEVICE P& y(int k) { return sums[3 + k]; }
  MR_HOST_DEVICE P& depth(int k) { return sums[6 + k]; }  // or to what stands for it
};

template <typename P>
MR_HOST_DEVICE void AddSquaredDistanceGradient(const BoundaryPoint<P>& nearest, const P& grad,
                                               CornerSums<P>* sums) {
  for (int k = 0; k < 3; ++k) {
    const Vec2<P> corner = SquaredDistanceBackward(nearest, k, grad);
    sums->x(k) = sums->x(k) + corner.x;
    sums->y(k) = sums->y(k) + corner.y;
  }
}

}  // namespace mesh_renderer
