// The faces of each bin of pixels, ready to be drawn: the first half of every rasterizer on a
// Device. Coverage is decided by the numbers of the CPU: the same planes, rounded at the corners of
// the same tiles, at the pixels of the same blocks.
#pragma once

#include "cc/core/face_bounds.h"
#include "cc/core/face_planes.h"
#include "cc/core/select.h"
#include "cc/kernels/device_bins.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

// Edge functions and depth key of a face at a pixel.
struct PlaneValues {
  float edge[3];
  float key;
};

// Whether the face is seen at the pixel, in front of what has the key `stored`.
MR_HOST_DEVICE bool IsInFront(const PlaneValues& at, float stored, float near_key) {
  return Min(Min(at.edge[0], at.edge[1]), at.edge[2]) >= 0.0f && at.key > stored &&
         at.key < near_key;
}

// Planes relative to the tile of a pixel, at that pixel.
MR_HOST_DEVICE PlaneValues Evaluate(const float* a, const float* b, const float* c,
                                    const PixelPlace& place) {
  const float column = static_cast<float>(place.column % kTileSide);
  const float row = static_cast<float>(place.row % kTileSide);
  float plane[kPlanes];
  for (int i = 0; i < kPlanes; ++i) plane[i] = a[i] * column + (b[i] * row + c[i]);
  return {{plane[0], plane[1], plane[2]}, plane[kKeyPlane]};
}

MR_HOST_DEVICE TileOrigin TileOf(int column, int row) {
  return {column / kTileSide * kTileSide, row / kTileSide * kTileSide};
}

// Corners (x, y, w) and z of face `box` = b * F + f.
struct CornersInClip {
  Vec3<double> q[3];
  double z[3];
};

MR_HOST_DEVICE CornersInClip CornersOf(const RasterizeParams<float>& params, int64_t box) {
  const int64_t b = box / params.faces.num_faces, face = box % params.faces.num_faces;
  const int32_t* corner = params.faces.OfImage(b) + face * 3;
  CornersInClip corners;
  for (int k = 0; k < 3; ++k) {
    const float* q = params.vertices_clip + (b * params.num_vertices + corner[k]) * 4;
    corners.q[k] = {q[0], q[1], q[3]};
    corners.z[k] = q[2];
  }
  return corners;
}

MR_HOST_DEVICE FacePlanes<double> PlanesOf(const RasterizeParams<float>& params, int64_t box) {
  const CornersInClip corners = CornersOf(params, box);
  return ComputeFacePlanes(corners.q, corners.z, params.settings.depth_from, params.image.height,
                           params.image.width);
}

// A face as one bin within a tile sees it. A pixel reads it in four loads.
struct alignas(16) BinFace {
  float a[kPlanes], b[kPlanes], c[kPlanes];
  int32_t face;
  PixelBox blocks;
};

// Faces of bins that do not reach beyond a tile.
struct FacesOfBins {
  BinGrid grid;
  const int64_t* begin;  // [bins + 1]
  const BinFace* faces;  // of all bins, one after the other

  MR_HOST_DEVICE bool Reaches(int64_t i, const PixelPlace& place) const {
    return faces[i].blocks.Contains(place);
  }
  MR_HOST_DEVICE PlaneValues At(int64_t i, const PixelPlace& place) const {
    return Evaluate(faces[i].a, faces[i].b, faces[i].c, place);
  }
  MR_HOST_DEVICE int32_t FaceAt(int64_t i) const { return faces[i].face; }
};

// Faces of bins that span several tiles: as many large faces as make bins grow. Planes are rounded
// for the tile of every pixel anew.
struct FacesOfWideBins {
  BinGrid grid;
  const int64_t* begin;
  const int32_t* faces;
  int64_t num_faces;
  const FacePlanes<double>* planes;  // [B, F]
  const PixelBox* blocks;            // [B, F]

  MR_HOST_DEVICE bool Reaches(int64_t i, const PixelPlace& place) const {
    return blocks[place.image * num_faces + faces[i]].Contains(place);
  }
  MR_HOST_DEVICE PlaneValues At(int64_t i, const PixelPlace& place) const {
    const FacePlanes<double>& plane = planes[place.image * num_faces + faces[i]];
    const TileOrigin origin = TileOf(place.column, place.row);
    float a[kPlanes], b[kPlanes], c[kPlanes];
    for (int k = 0; k < kPlanes; ++k) {
      a[k] = static_cast<float>(plane.a[k]);
      b[k] = static_cast<float>(plane.b[k]);
      c[k] = ConstantInTile<float>(plane.a[k], plane.b[k], plane.c[k], origin);
    }
    return Evaluate(a, b, c, place);
  }
  MR_HOST_DEVICE int32_t FaceAt(int64_t i) const { return faces[i]; }
};

// The blocks that the bounds of a face touch.
MR_HOST_DEVICE PixelBox BlocksOf(const FaceBounds& bounds) {
  const auto down = [](int pixel) {
    return static_cast<uint16_t>(pixel / kBlockSide * kBlockSide);
  };
  const int last = kBlockSide - 1;
  return {down(bounds.column_begin), down(bounds.column_end + last), down(bounds.row_begin),
          down(bounds.row_end + last)};
}

// [B, F] the pixels at which each face is tried; none for a face that is not drawn.
template <typename Device>
const PixelBox* FindBlocks(const RasterizeParams<float>& params, Device& device) {
  const ImageShape image = params.image;
  const int64_t num_vertices = params.num_vertices, num_faces = params.faces.num_faces;
  PixelPosition* positions = device.template Scratch<PixelPosition>(image.batch * num_vertices);
  device.For(image.batch * num_vertices, [=] MR_DEVICE(int64_t i) {
    positions[i] = ToPixelPosition(params.vertices_clip + i * 4, image.height, image.width);
  });
  PixelBox* blocks = device.template Scratch<PixelBox>(image.batch * num_faces);
  device.For(image.batch * num_faces, [=] MR_DEVICE(int64_t i) {
    blocks[i] = {0, 0, 0, 0};
    const int64_t b = i / num_faces;
    const int32_t* corner = params.faces.OfImage(b) + i % num_faces * 3;
    if (corner[0] < 0) return;  // padding
    const PixelPosition* of_image = positions + b * num_vertices;
    const PixelPosition p[3] = {of_image[corner[0]], of_image[corner[1]], of_image[corner[2]]};
    const Cull cull = params.settings.cull;
    const FaceBounds bounds = BoundFace(p, image.height, image.width, cull);
    if (!bounds.may_cover) return;
    const CornersInClip corners = CornersOf(params, i);
    const double det = ComputeTriangleEdges(corners.q[0], corners.q[1], corners.q[2]).det;
    if (IsDrawn(det, cull)) blocks[i] = BlocksOf(bounds);
  });
  return blocks;
}

template <typename Device>
FacesOfBins SetUpFaces(const RasterizeParams<float>& params, const FacePairs& pairs,
                       const BinLists& lists, Device& device) {
  const int side_log2 = pairs.grid.side_log2;
  BinFace* faces = device.template Scratch<BinFace>(pairs.count);
  device.For(pairs.count, [=] MR_DEVICE(int64_t i) {
    const FacePair pair = PairAt(pairs, lists.pairs[i]);
    const TileOrigin origin = TileOf(pair.column << side_log2, pair.row << side_log2);
    const FacePlanes<double> planes = PlanesOf(params, pair.box);
    BinFace face;
    for (int k = 0; k < kPlanes; ++k) {
      face.a[k] = static_cast<float>(planes.a[k]);
      face.b[k] = static_cast<float>(planes.b[k]);
      face.c[k] = ConstantInTile<float>(planes.a[k], planes.b[k], planes.c[k], origin);
    }
    face.face = lists.faces[i];
    face.blocks = pairs.boxes[pair.box];
    faces[i] = face;
  });
  return {pairs.grid, lists.begin, faces};
}

template <typename Device>
FacesOfWideBins SetUpWideFaces(const RasterizeParams<float>& params, const FacePairs& pairs,
                               const BinLists& lists, Device& device) {
  const int64_t num_boxes = params.image.batch * pairs.num_faces;
  const PixelBox* blocks = pairs.boxes;
  FacePlanes<double>* planes = device.template Scratch<FacePlanes<double>>(num_boxes);
  device.For(num_boxes, [=] MR_DEVICE(int64_t i) {
    if (!blocks[i].empty()) planes[i] = PlanesOf(params, i);
  });
  return {pairs.grid, lists.begin, lists.faces, pairs.num_faces, planes, blocks};
}

// Calls draw(faces) with the faces of all bins.
template <typename Device, typename Draw>
void DrawInBins(const RasterizeParams<float>& params, const FacePairs& pairs, Device& device,
                const Draw& draw) {
  const BinLists lists = ListFacesOfBins(device, pairs);
  if (pairs.grid.side_log2 <= kTileSideLog2) {
    draw(SetUpFaces(params, pairs, lists, device));
  } else {
    draw(SetUpWideFaces(params, pairs, lists, device));
  }
}

// Writes a fragment to the outputs at a pixel; face -1 stands for none.
MR_HOST_DEVICE void WriteFragment(const RasterizeParams<float>& params, int64_t pixel, int32_t face,
                                  const PlaneValues& at) {
  float b[3] = {0.0f, 0.0f, 0.0f}, depth = 0.0f;
  if (face >= 0) {
    BarycentricsOfEdges<float>(at.edge, b);
    depth = DepthOfKey<float>(at.key, params.settings);
  }
  params.face_id[pixel] = face;
  for (int k = 0; k < 3; ++k) params.barycentrics[pixel * 3 + k] = b[k];
  params.depth[pixel] = depth;
}

}  // namespace mesh_renderer
