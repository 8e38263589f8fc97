// N3MR's approximate gradient of a hard image: geometry of the pixel sweep.
//
// Moving a vertex changes a rasterized image in jumps, so its derivative is zero almost everywhere.
// N3MR asks instead how far a vertex must move until one of its edges reaches a pixel, and takes
// the change of the loss over that distance as the gradient. The image is swept along every row and
// column ("scanline") that an edge crosses, from the crossing outwards and inwards.
//
// Source: Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.2, equations 2-5,
// with the rules of the released code where the paper leaves a choice open (they are marked
// "Rule").
//
// Coordinates: pixel units, centres at integers, rows counted from the BOTTOM as in the released
// code, because its rounding rules are not symmetric. A scan point has x along the axis that is
// stepped (one scanline per integer) and y across it (along the scanline). Almost everything here
// is free of branches: for a mesh of small faces no processor can predict them.
#pragma once

#include <limits>

#include "cc/core/screen.h"
#include "cc/core/triangle.h"
#include "cc/core/vec.h"
#include "cc/core/viewport.h"

namespace mesh_renderer {

// Which coordinate numbers the scanlines. Edges move across: along y for columns, x for rows.
enum class N3mrAxis { kColumns, kRows };

// Pixels or scanlines first..last, both included; empty if first > last.
struct N3mrRange {
  int first, last;
};

MR_HOST_DEVICE N3mrRange N3mrIntersection(const N3mrRange& a, const N3mrRange& b) {
  return {a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
}

// floor(value) for |value| < 2^31; std::floor is a library call on processors without SSE 4.1.
template <typename F>
MR_HOST_DEVICE int N3mrFloor(F value) {
  const int truncated = static_cast<int>(value);
  return truncated - (F(truncated) > value);
}

// Written out because std::isfinite is not available on every device; NaN gives false.
template <typename F>
MR_HOST_DEVICE bool N3mrIsFinite(F value) {
  return value >= -std::numeric_limits<F>::max() && value <= std::numeric_limits<F>::max();
}

// A vertex on the image. No edge of a vertex that is not `usable` gives a gradient.
template <typename F>
struct N3mrVertex {
  Vec2<F> ndc;
  Vec2<F> pixel;  // x: column, y: row from the bottom
  bool usable;    // in front of the camera (w > 0) and finite
};

// Vertex q = (x, y, w) of clip space (w is q.z). Rows from the bottom are to y what columns are to
// x.
template <typename F>
MR_HOST_DEVICE N3mrVertex<F> N3mrProject(const Vec3<F>& q, int height, int width) {
  const Vec2<F> ndc = {q.x / q.z, q.y / q.z};
  const Vec2<F> pixel = {NdcToColumn(ndc.x, width), NdcToColumn(ndc.y, height)};
  return {ndc, pixel, q.z > F(0) && N3mrIsFinite(pixel.x) && N3mrIsFinite(pixel.y)};
}

// Whether the face shows its back, i.e. must be swept with its vertices in reverse order: outside
// is told from inside by the direction of an edge. The determinant (see triangle.h) decides only
// where the camera plane cuts the face: for small faces its rounding error is larger than its
// value.
template <typename F>
MR_HOST_DEVICE bool N3mrIsBackface(const Vec3<F>* q, const N3mrVertex<F>* vertices) {
  if (vertices[0].usable && vertices[1].usable && vertices[2].usable) {
    const Vec2<F> a = vertices[0].ndc, b = vertices[1].ndc, c = vertices[2].ndc;
    return (c.y - a.y) * (b.x - a.x) < (b.y - a.y) * (c.x - a.x);
  }
  return ComputeTriangleEdges(q[0], q[1], q[2]).det < F(0);
}

// Projects the vertices q of a face, counter-clockwise: those of a face that shows its back come in
// reverse order. Returns whether they do.
template <typename F>
MR_HOST_DEVICE bool N3mrProjectFace(const Vec3<F>* q, int height, int width,
                                    N3mrVertex<F>* vertices) {
  for (int k = 0; k < 3; ++k) vertices[k] = N3mrProject(q[k], height, width);
  const bool reversed = N3mrIsBackface(q, vertices);
  if (reversed) {
    const N3mrVertex<F> first = vertices[0];
    vertices[0] = vertices[2];
    vertices[2] = first;
  }
  return reversed;
}

// A straight line over the scanlines: y = slope * (step - x0) + y0. The slope of a line along a
// scanline is infinite or NaN, and so is its crossing.
template <typename F>
struct N3mrLine {
  F slope, x0, y0;

  MR_HOST_DEVICE F At(F step) const { return slope * (step - x0) + y0; }
};

// A counter-clockwise face as one axis sees it. Edge k runs from points[k] to points[k + 1].
template <typename F>
struct N3mrFace {
  Vec2<F> points[3];
  F slopes[3];
  bool usable[3];
};

template <typename F>
MR_HOST_DEVICE N3mrFace<F> N3mrMakeFace(N3mrAxis axis, const N3mrVertex<F>* vertices) {
  N3mrFace<F> face;
  for (int k = 0; k < 3; ++k) {
    const Vec2<F> p = vertices[k].pixel;
    face.points[k] = axis == N3mrAxis::kColumns ? p : Vec2<F>{p.y, p.x};
    face.usable[k] = vertices[k].usable;
  }
  for (int k = 0; k < 3; ++k) {
    const Vec2<F> a = face.points[k], b = face.points[(k + 1) % 3];
    face.slopes[k] = (b.y - a.y) / (b.x - a.x);
  }
  return face;
}

// One edge of a face, from a to b, with what its sweep needs.
template <typename F>
struct N3mrEdge {
  F a, b, c;             // x of the two ends and of the third vertex
  N3mrLine<F> line;      // the edge itself
  N3mrLine<F> exits[2];  // the other two edges, at c and at a
  int outward;           // +1 or -1: the direction across that leaves the face
};

template <typename F>
MR_HOST_DEVICE N3mrEdge<F> N3mrMakeEdge(N3mrAxis axis, const N3mrFace<F>& face, int index) {
  const int next = (index + 1) % 3;
  const int third = (index + 2) % 3;
  const Vec2<F> a = face.points[index];
  const Vec2<F> c = face.points[third];
  N3mrEdge<F> edge = {a.x, face.points[next].x, c.x, {face.slopes[index], a.x, a.y}, {}, 0};
  // The inside is left of the edge; exchanging x and y mirrors the plane.
  edge.outward = (a.x < edge.b) == (axis == N3mrAxis::kColumns) ? -1 : 1;
  edge.exits[0] = {face.slopes[next], c.x, c.y};
  edge.exits[1] = {face.slopes[third], a.x, a.y};
  if (!face.usable[third]) {  // where a scanline leaves the face is unknown: sweep to the border
    const F border = F(-edge.outward) * std::numeric_limits<F>::infinity();
    edge.exits[0] = edge.exits[1] = {F(0), F(0), border};
  }
  return edge;
}

// Scanlines that the edge crosses, of an image with `count` scanlines.
// Rule: the end is rounded toward zero, so an edge that ends less than one pixel before scanline 0
// still sweeps it, at the crossing of the prolonged edge.
template <typename F>
MR_HOST_DEVICE N3mrRange N3mrScanlines(const N3mrEdge<F>& edge, int count) {
  const F low = edge.a < edge.b ? edge.a : edge.b;
  const F high = edge.a < edge.b ? edge.b : edge.a;
  const F limit = F(count - 1);
  if (!(high > F(-1)) || !(low <= limit)) return {0, -1};
  const int first = -N3mrFloor(low > F(0) ? -low : F(0));
  return {first, static_cast<int>(high < limit ? high : limit)};
}

// Where the edge crosses a scanline, and the pixels on its two sides.
template <typename F>
struct N3mrCrossing {
  F at;           // real-valued position across
  int inside;     // nearest pixel inside, at distance 0 if `at` is an integer
  int outside;    // its neighbour on the other side of the edge
  bool on_image;  // both pixels exist
};

template <typename F>
MR_HOST_DEVICE N3mrCrossing<F> N3mrCross(const N3mrEdge<F>& edge, int step, int length) {
  N3mrCrossing<F> crossing = {edge.line.At(F(step)), 0, 0, false};
  // Bounds the conversion to int and excludes NaN, before pixels are looked at.
  if (!(crossing.at >= F(0) && crossing.at <= F(length - 1))) return crossing;
  crossing.inside = edge.outward * N3mrFloor(F(edge.outward) * crossing.at);
  crossing.outside = crossing.inside + edge.outward;
  crossing.on_image = crossing.outside >= 0 && crossing.outside < length;
  return crossing;
}

// Pixels swept outwards: to the border, over whatever is there (Rule: no occlusion test).
template <typename F>
MR_HOST_DEVICE N3mrRange N3mrOutsideRange(const N3mrEdge<F>& edge, const N3mrCrossing<F>& crossing,
                                          int length) {
  const bool up = edge.outward > 0;
  return {up ? crossing.outside : 0, up ? length - 1 : crossing.outside};
}

// Pixels swept inwards: to where the scanline leaves the face through one of the other two edges,
// or the image. The caller counts only pixels that show the face. Rule: an undefined exit is 0.
template <typename F>
MR_HOST_DEVICE N3mrRange N3mrInsideRange(const N3mrEdge<F>& edge, const N3mrCrossing<F>& crossing,
                                         int step, int length) {
  const bool between_a_and_c = (F(step) - edge.a) * (F(step) - edge.c) < F(0);
  F exit = edge.exits[between_a_and_c].At(F(step));
  exit = exit > F(0) ? exit : F(0);  // also NaN; bounds the conversion to int
  exit = exit < F(length - 1) ? exit : F(length - 1);
  // Rounded toward the edge where the sweep started.
  const int limit = -edge.outward * N3mrFloor(F(-edge.outward) * exit);
  return {crossing.inside < limit ? crossing.inside : limit,
          crossing.inside < limit ? limit : crossing.inside};
}

// How far each end must move across, in NDC, to move the crossing by one pixel: the edge turns
// about its other end. 0 means never (the scanline runs through that other end).
template <typename F>
struct N3mrLevers {
  F a, b;
};

template <typename F>
MR_HOST_DEVICE F N3mrFiniteOrZero(F value) {
  return N3mrIsFinite(value) ? value : F(0);
}

// A pixel across is `ndc_per_pixel` = 2 / length wide.
template <typename F>
MR_HOST_DEVICE N3mrLevers<F> N3mrMakeLevers(const N3mrEdge<F>& edge, int step, F ndc_per_pixel) {
  const F extent = (edge.b - edge.a) * ndc_per_pixel;
  return {N3mrFiniteOrZero(extent / (edge.b - F(step))),
          N3mrFiniteOrZero(extent / (F(step) - edge.a))};
}

// Displacement of an end that brings the edge to a pixel `distance` pixels from the crossing, moved
// away from zero by eps. Rule: a displacement of exactly 0 becomes -eps. The gradient is minus the
// loss that this move saves (equations 4 and 5, counted only if positive), over this displacement.
// V: a number or a vector of numbers.
template <typename V, typename F>
MR_HOST_DEVICE V N3mrDisplacement(F lever, const V& distance, F eps) {
  const V displacement = lever * distance;
  return displacement > F(0) ? displacement + eps : displacement - eps;
}

}  // namespace mesh_renderer
