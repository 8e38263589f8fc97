// A face as functions that are linear on the image: three edge functions, >= 0 inside, and the
// depth key. They decide coverage and depth of every pixel, on the CPU and on a GPU alike.
//
// S is the number type of a face: double, or a vector of doubles, one face each.
#pragma once

#include <cstring>
#include <limits>

#include "cc/core/triangle.h"
#include "cc/core/visibility.h"

namespace mesh_renderer {

// Images are cut into tiles. Planes are rounded from double relative to the tile's corner, so
// precision does not suffer from a large image, and two faces that share an edge agree on it bit
// for bit because the corner is the same for both.
constexpr int kTileSideLog2 = 6;
constexpr int kTileSide = 1 << kTileSideLog2;

// Faces are drawn into whole blocks of pixels: those that their bounds touch.
constexpr int kBlockSide = 4;

// The first pixel of a tile.
struct TileOrigin {
  int column, row;
};

// Planes of a face: edge functions 0-2 (>= 0 inside) and the depth key (larger is nearer).
constexpr int kPlanes = 4;
constexpr int kKeyPlane = 3;

// Planes as a * column + b * row + c, in pixel coordinates of the image.
template <typename S>
struct FacePlanes {
  S a[kPlanes], b[kPlanes], c[kPlanes];
  S det;
};

// Integers as wide as the numbers.
template <typename S>
struct BitsOf {
  using Type = decltype(S{} < S{});
};

template <>
struct BitsOf<double> {
  using Type = int64_t;
};

// 2^-exponent(det), signed like det: brings edge functions near 1 / depth without rounding them, so
// that float holds them at any scale and neighbours still agree bit for bit on their shared edge.
template <typename S>
MR_HOST_DEVICE S PowerOfTwoScale(const S& det) {
  constexpr int64_t kExponentMask = int64_t{0x7FF} << 52;
  constexpr int64_t kTwiceBias = int64_t{2046} << 52;
  typename BitsOf<S>::Type bits;
  std::memcpy(&bits, &det, sizeof(bits));
  const auto sign = bits & std::numeric_limits<int64_t>::min();
  bits = (kTwiceBias - (bits & kExponentMask)) | sign;
  S scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  return scale;
}

template <typename S>
MR_HOST_DEVICE void SetPlane(const Vec3<S>& e, int height, int width, int plane,
                             FacePlanes<S>* planes) {
  const PixelPlane<S> pixel_plane = ToPixelPlane(e, width, height);
  planes->a[plane] = pixel_plane.a;
  planes->b[plane] = pixel_plane.b;
  planes->c[plane] = pixel_plane.c;
}

// q = (x, y, w) and z of the corners in clip space.
template <typename S>
MR_HOST_DEVICE FacePlanes<S> ComputeFacePlanes(const Vec3<S>* q, const S* z, DepthFrom depth_from,
                                               int height, int width) {
  const TriangleEdges<S> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
  // Larger is nearer: 1 / w = sum(E) / det, or -z_ndc = -sum(z E) / det.
  Vec3<S> key = edges.e0 + edges.e1 + edges.e2;
  S key_scale = 1.0 / edges.det;
  if (depth_from == DepthFrom::kZ) {
    key = z[0] * edges.e0 + z[1] * edges.e1 + z[2] * edges.e2;
    key_scale = -key_scale;
  }
  const S edge_scale = PowerOfTwoScale(edges.det);
  FacePlanes<S> planes;
  planes.det = edges.det;
  SetPlane(edge_scale * edges.e0, height, width, 0, &planes);
  SetPlane(edge_scale * edges.e1, height, width, 1, &planes);
  SetPlane(edge_scale * edges.e2, height, width, 2, &planes);
  SetPlane(key_scale * key, height, width, kKeyPlane, &planes);
  return planes;
}

// The constant of a plane in coordinates relative to a tile.
template <typename T>
MR_HOST_DEVICE T ConstantInTile(double a, double b, double c, const TileOrigin& origin) {
  return static_cast<T>(b * origin.row + (a * origin.column + c));
}

// Barycentrics from the edge functions at a pixel.
template <typename T, typename P>
MR_HOST_DEVICE void BarycentricsOfEdges(const P* edge, P* b) {
  const P scale = T(1) / (edge[0] + edge[1] + edge[2]);
  for (int k = 0; k < 3; ++k) b[k] = edge[k] * scale;
}

}  // namespace mesh_renderer
