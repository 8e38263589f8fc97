// Steps of RasterizeSteps from vertices to the faces of tiles. Included once per instruction set,
// see rasterize_steps-inl.h.
#pragma once

#include "cc/kernels/lanes.h"  // first: it explains and silences -Wpsabi
//
#include <algorithm>

#include "cc/core/face_bounds.h"
#include "cc/core/face_planes.h"
#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {
namespace {

// Faces per group of the setup: one AVX-512 register of doubles.
constexpr int kGroup = 8;
typedef double Group __attribute__((vector_size(kGroup * sizeof(double))));

template <typename T>
void ProjectVertices(const ImageGeometry<T>& image, int64_t begin, int64_t end,
                     PixelPosition* positions) {
  for (int64_t v = begin; v < end; ++v) {
    positions[v] = ToPixelPosition(image.vertices_clip + v * 4, image.height, image.width);
  }
}

// Fills the pixel bounds of a face; false if it cannot cover any pixel centre.
template <typename T>
MR_HOST_DEVICE bool FindCandidate(const ImageGeometry<T>& image, const PixelPosition* positions,
                                  int64_t face, Candidate* candidate) {
  const int32_t* corner = image.faces + face * 3;
  if (corner[0] < 0) return false;  // padding
  const PixelPosition p[3] = {positions[corner[0]], positions[corner[1]], positions[corner[2]]};
  const FaceBounds bounds = BoundFace(p, image.height, image.width, image.settings.cull);
  *candidate = {static_cast<int32_t>(face), static_cast<uint16_t>(bounds.column_begin),
                static_cast<uint16_t>(bounds.column_end), static_cast<uint16_t>(bounds.row_begin),
                static_cast<uint16_t>(bounds.row_end)};
  return bounds.may_cover;
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

template <typename T>
MR_HOST_DEVICE FacePlanes<Group> ComputePlanes(const ImageGeometry<T>& image,
                                               const CornerGroup& corners) {
  const Vec3<Group> q[3] = {Corner(corners, 0), Corner(corners, 1), Corner(corners, 2)};
  const Group z[3] = {LoadGroup(corners.z[0]), LoadGroup(corners.z[1]), LoadGroup(corners.z[2])};
  return ComputeFacePlanes(q, z, image.settings.depth_from, image.height, image.width);
}

// One candidate of a group in the tile at `origin`; empty if the face is not drawn after all.
template <typename T>
MR_HOST_DEVICE TileFace<T> ToTileFace(const FacePlanes<Group>& planes, int lane,
                                      const Candidate& candidate, const TileOrigin& origin,
                                      Cull cull) {
  TileFace<T> tile_face;
  for (int plane = 0; plane < kPlanes; ++plane) {
    const double a = planes.a[plane][lane], b = planes.b[plane][lane];
    tile_face.a[plane] = static_cast<T>(a);
    tile_face.b[plane] = static_cast<T>(b);
    tile_face.c[plane] = ConstantInTile<T>(a, b, planes.c[plane][lane], origin);
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
  const FacePlanes<Group> planes = ComputePlanes(image, corners);
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
    count += FindCandidate(image, positions, face, &candidates[count]);
  }
  return count;
}

}  // namespace
}  // namespace mesh_renderer
