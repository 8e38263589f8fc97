// Steps of RasterizeSteps from vertices to the faces of tiles. Included once per instruction set,
// see rasterize_steps-inl.h.
#pragma once

#include "cc/kernels/lanes.h"  // first: it explains and silences -Wpsabi
//
#include <algorithm>
#include <limits>

#include "cc/core/triangle.h"
#include "cc/core/viewport.h"
#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {
namespace {

// Pixel positions are rounded to float and only bound a face; edges decide. The margin covers the
// rounding of positions within the largest image (2^15 pixels).
constexpr float kPositionMargin = 1.0f / 64;

// Beyond the image the rounding of positions grows with the extent of the face: a few times 2^-24.
constexpr float kExtentMargin = 1.0f / (1 << 22);

// Faces per group of the setup: one AVX-512 register of doubles.
constexpr int kGroup = 8;
typedef double Group __attribute__((vector_size(kGroup * sizeof(double))));

template <typename T>
void ProjectVertices(const ImageGeometry<T>& image, int64_t begin, int64_t end,
                     PixelPosition* positions) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int64_t v = begin; v < end; ++v) {
    const T* q = image.vertices_clip + v * 4;
    const double w = static_cast<double>(q[3]);
    const double scale = w >= std::numeric_limits<double>::min() ? 1.0 / w : nan;
    positions[v].x = static_cast<float>(NdcToColumn(q[0] * scale, image.width));
    positions[v].y = static_cast<float>(NdcToRow(q[1] * scale, image.height));
  }
}

// First integer >= x - margin, within [0, limit].
MR_HOST_DEVICE int FirstPixel(float x, int limit) {
  const float clamped = std::min(std::max(x - kPositionMargin, 0.0f), static_cast<float>(limit));
  const int truncated = static_cast<int>(clamped);
  return truncated + (static_cast<float>(truncated) < clamped);
}

// One past the last integer <= x + margin, within [0, limit].
MR_HOST_DEVICE int EndPixel(float x, int limit) {
  const float clamped =
      std::min(std::max(x + kPositionMargin, -1.0f), static_cast<float>(limit - 1));
  return static_cast<int>(clamped + 1.0f);
}

// Whether the screen triangle winds the culled way beyond doubt; the determinant decides close
// calls.
MR_HOST_DEVICE bool SurelyCulled(const PixelPosition p[3], Cull cull) {
  const float ax = p[1].x - p[0].x, ay = p[1].y - p[0].y;
  const float bx = p[2].x - p[0].x, by = p[2].y - p[0].y;
  const float doubled_area = ay * bx - ax * by;  // > 0: counter-clockwise with y up (rows go down)
  const float extent = std::abs(ax) + std::abs(ay) + std::abs(bx) + std::abs(by);
  const float doubt = extent * (kPositionMargin + extent * kExtentMargin);
  if (cull == Cull::kBack) return doubled_area < -doubt;
  if (cull == Cull::kFront) return doubled_area > doubt;
  return false;
}

// Fills the pixel bounds of a face; false if it cannot cover any pixel centre.
template <typename T>
MR_HOST_DEVICE bool BoundFace(const ImageGeometry<T>& image, const PixelPosition* positions,
                              int64_t face, Candidate* candidate) {
  const int32_t* corner = image.faces + face * 3;
  if (corner[0] < 0) return false;  // padding
  const PixelPosition p[3] = {positions[corner[0]], positions[corner[1]], positions[corner[2]]};
  const int behind = (p[0].x != p[0].x) + (p[1].x != p[1].x) + (p[2].x != p[2].x);
  int column_begin = 0, column_end = image.width, row_begin = 0, row_end = image.height;
  if (behind == 0) {
    column_begin = FirstPixel(std::min(std::min(p[0].x, p[1].x), p[2].x), image.width);
    column_end = EndPixel(std::max(std::max(p[0].x, p[1].x), p[2].x), image.width);
    row_begin = FirstPixel(std::min(std::min(p[0].y, p[1].y), p[2].y), image.height);
    row_end = EndPixel(std::max(std::max(p[0].y, p[1].y), p[2].y), image.height);
  }
  *candidate = {static_cast<int32_t>(face), static_cast<uint16_t>(column_begin),
                static_cast<uint16_t>(column_end), static_cast<uint16_t>(row_begin),
                static_cast<uint16_t>(row_end)};
  const bool empty = (column_begin >= column_end) | (row_begin >= row_end) | (behind == 3);
  return !empty && !(behind == 0 && SurelyCulled(p, image.settings.cull));
}

// The corners of up to kGroup faces, transposed so that a lane is a face.
struct CornerGroup {
  double x[3][kGroup], y[3][kGroup], z[3][kGroup], w[3][kGroup];
};

template <typename T>
MR_HOST_DEVICE void GatherCorners(const ImageGeometry<T>& image, const Candidate* candidates,
                                  int count, CornerGroup* corners) {
  for (int lane = 0; lane < kGroup; ++lane) {
    const int32_t* corner = image.faces + int64_t{candidates[std::min(lane, count - 1)].face} * 3;
    for (int k = 0; k < 3; ++k) {
      const T* q = image.vertices_clip + int64_t{corner[k]} * 4;
      corners->x[k][lane] = q[0];
      corners->y[k][lane] = q[1];
      corners->z[k][lane] = q[2];
      corners->w[k][lane] = q[3];
    }
  }
}

MR_HOST_DEVICE Group LoadGroup(const double* from) {
  Group group;
  std::memcpy(&group, from, sizeof(group));
  return group;
}

MR_HOST_DEVICE Vec3<Group> Corner(const CornerGroup& corners, int k) {
  return {LoadGroup(corners.x[k]), LoadGroup(corners.y[k]), LoadGroup(corners.w[k])};
}

// 2^-exponent(det), signed like det: brings edge functions near 1 / depth without rounding them, so
// that float holds them at any scale and neighbours still agree bit for bit on their shared edge.
MR_HOST_DEVICE Group PowerOfTwoScale(const Group& det) {
  typedef int64_t Bits __attribute__((vector_size(kGroup * sizeof(int64_t))));
  constexpr int64_t kExponentMask = int64_t{0x7FF} << 52;
  constexpr int64_t kTwiceBias = int64_t{2046} << 52;
  const Bits bits = (Bits)det;
  const Bits sign = bits & std::numeric_limits<int64_t>::min();
  return (Group)((kTwiceBias - (bits & kExponentMask)) | sign);
}

// Planes of a group: [plane][lane] for the coefficients a, b and c.
struct PlaneGroup {
  Group a[kPlanes], b[kPlanes], c[kPlanes];
  Group det;
};

MR_HOST_DEVICE void SetPlane(const Vec3<Group>& e, int width, int height, int plane,
                             PlaneGroup* planes) {
  const PixelPlane<Group> pixel_plane = ToPixelPlane(e, width, height);
  planes->a[plane] = pixel_plane.a;
  planes->b[plane] = pixel_plane.b;
  planes->c[plane] = pixel_plane.c;
}

template <typename T>
MR_HOST_DEVICE PlaneGroup ComputePlanes(const ImageGeometry<T>& image, const CornerGroup& corners) {
  const TriangleEdges<Group> edges =
      ComputeTriangleEdges(Corner(corners, 0), Corner(corners, 1), Corner(corners, 2));
  // Larger is nearer: 1 / w = sum(E) / det, or -z_ndc = -sum(z E) / det.
  Vec3<Group> key = edges.e0 + edges.e1 + edges.e2;
  Group key_scale = 1.0 / edges.det;
  if (image.settings.depth_from == DepthFrom::kZ) {
    key = LoadGroup(corners.z[0]) * edges.e0 + LoadGroup(corners.z[1]) * edges.e1 +
          LoadGroup(corners.z[2]) * edges.e2;
    key_scale = -key_scale;
  }
  const Group edge_scale = PowerOfTwoScale(edges.det);
  PlaneGroup planes;
  planes.det = edges.det;
  SetPlane(edge_scale * edges.e0, image.width, image.height, 0, &planes);
  SetPlane(edge_scale * edges.e1, image.width, image.height, 1, &planes);
  SetPlane(edge_scale * edges.e2, image.width, image.height, 2, &planes);
  SetPlane(key_scale * key, image.width, image.height, kKeyPlane, &planes);
  return planes;
}

// Zero-area faces draw nothing; a determinant below the smallest normal number counts as zero.
MR_HOST_DEVICE bool IsDrawn(double det, Cull cull) {
  constexpr double kSmallestDet = std::numeric_limits<double>::min();
  if (!(std::abs(det) >= kSmallestDet)) return false;
  return cull == Cull::kNone || (cull == Cull::kBack) == (det > 0);
}

// One candidate of a group in the tile at `origin`; empty if the face is not drawn after all.
template <typename T>
MR_HOST_DEVICE TileFace<T> ToTileFace(const PlaneGroup& planes, int lane,
                                      const Candidate& candidate, const TileOrigin& origin,
                                      Cull cull) {
  TileFace<T> tile_face;
  for (int plane = 0; plane < kPlanes; ++plane) {
    const double a = planes.a[plane][lane], b = planes.b[plane][lane];
    tile_face.a[plane] = static_cast<T>(a);
    tile_face.b[plane] = static_cast<T>(b);
    tile_face.c[plane] =
        static_cast<T>(b * origin.row + (a * origin.column + planes.c[plane][lane]));
  }
  const int column_begin = std::max(candidate.column_begin - origin.column, 0);
  const int row_begin = std::max(candidate.row_begin - origin.row, 0);
  const int column_last = std::min(candidate.column_end - 1 - origin.column, kTileSide - 1);
  const int row_last = std::min(candidate.row_end - 1 - origin.row, kTileSide - 1);
  tile_face.face = candidate.face;
  tile_face.column_begin = static_cast<uint8_t>(column_begin / kBlockSide);
  tile_face.row_begin = static_cast<uint8_t>(row_begin / kBlockSide);
  tile_face.column_last = static_cast<uint8_t>(column_last / kBlockSide);
  tile_face.row_last = static_cast<uint8_t>(row_last / kBlockSide);
  if (!IsDrawn(planes.det[lane], cull)) {
    tile_face.row_begin = 1;
    tile_face.row_last = 0;
  }
  return tile_face;
}

template <typename T>
void CutGroup(const ImageGeometry<T>& image, const Candidate* candidates, int count,
              const TileLists<T>& lists) {
  CornerGroup corners;
  GatherCorners(image, candidates, count, &corners);
  const PlaneGroup planes = ComputePlanes(image, corners);
  for (int lane = 0; lane < count; ++lane) {
    const Candidate& candidate = candidates[lane];
    for (int row = candidate.row_begin / kTileSide; row * kTileSide < candidate.row_end; ++row) {
      for (int column = candidate.column_begin / kTileSide;
           column * kTileSide < candidate.column_end; ++column) {
        const TileOrigin origin = {column * kTileSide, row * kTileSide};
        lists.faces[lists.cursor[row * lists.columns + column]++] =
            ToTileFace<T>(planes, lane, candidate, origin, image.settings.cull);
      }
    }
  }
}

template <typename T>
void CutIntoTiles(const ImageGeometry<T>& image, const Candidate* candidates, int64_t count,
                  const TileLists<T>& lists) {
  for (int64_t i = 0; i < count; i += kGroup) {
    CutGroup(image, candidates + i, static_cast<int>(std::min<int64_t>(kGroup, count - i)), lists);
  }
}

template <typename T>
TileFace<T> CutForTile(const ImageGeometry<T>& image, const Candidate& candidate,
                       const TileOrigin& origin) {
  CornerGroup corners;
  GatherCorners(image, &candidate, 1, &corners);
  return ToTileFace<T>(ComputePlanes(image, corners), 0, candidate, origin, image.settings.cull);
}

template <typename T>
int64_t FindCandidates(const ImageGeometry<T>& image, const PixelPosition* positions, int64_t begin,
                       int64_t end, Candidate* candidates) {
  int64_t count = 0;
  for (int64_t face = begin; face < end; ++face) {
    count += BoundFace(image, positions, face, &candidates[count]);
  }
  return count;
}

}  // namespace
}  // namespace mesh_renderer
