// Faces as soft gradient models (DIB-R, SoftRas) see them, on a Device; soft_faces.h has them on
// the CPU.
//
// Forwards, every pixel goes through the faces that reach its bin, in their order. Backwards, every
// pair of a face and a bin goes through the pixels that they share (soft_sums_device.h). Nothing is
// stored per pair of a pixel and a face.
#pragma once

#include "cc/core/screen.h"
#include "cc/core/soft_reach.h"
#include "cc/kernels/device_bins.h"

namespace mesh_renderer {

// A face of a batch.
struct FacePlace {
  int64_t image, face;
};

// The inputs of all images.
struct SoftBatch {
  ImageShape image;
  int64_t num_vertices;
  FacesView faces;
  const float* vertices_clip;  // [B, V, 4]
  ScreenDepth<float> depth;
  float reach;  // NDC by which the bounding box of a face is enlarged

  MR_HOST_DEVICE int64_t num_boxes() const { return image.batch * faces.num_faces; }
  // Of face b * F + f.
  MR_HOST_DEVICE FacePlace PlaceOf(int64_t box) const {
    return {box / faces.num_faces, box % faces.num_faces};
  }
  // The three vertices of a face, counted from the first of the batch.
  MR_HOST_DEVICE int64_t Vertex(const FacePlace& at, int k) const {
    return at.image * num_vertices + faces.OfImage(at.image)[at.face * 3 + k];
  }
  MR_HOST_DEVICE bool IsPadding(const FacePlace& at) const {
    return faces.OfImage(at.image)[at.face * 3] < 0;
  }
};

// A triangle on the image.
struct FaceOnImage {
  Vec2<float> corner[3];  // NDC
  float depth[3];
};

// Finds a face on the image. Returns the pixels that may lie in its reach: none if it takes
// no part (padding, a corner not in front of the camera, off the image).
MR_HOST_DEVICE PixelBox PlaceFace(const SoftBatch& batch, const FacePlace& at, FaceOnImage* face) {
  if (batch.IsPadding(at)) return {0, 0, 0, 0};
  for (int k = 0; k < 3; ++k) {
    const ScreenVertex<float> vertex =
        ToScreen(batch.vertices_clip + batch.Vertex(at, k) * 4, batch.depth);
    if (!vertex.usable) return {0, 0, 0, 0};
    face->corner[k] = vertex.ndc;
    face->depth[k] = vertex.depth;
  }
  const PixelRanges pixels =
      PixelsInReach(face->corner, batch.reach, batch.image.height, batch.image.width);
  return {pixels.columns.begin, pixels.columns.end, pixels.rows.begin, pixels.rows.end};
}

// What a model keeps of every face, aligned so that a GPU reads it in few pieces.
template <typename Face>
struct alignas(16) FaceRecord {
  Face face;
};

template <typename Face>
struct PlacedFaces {
  SoftBatch batch;
  const FaceRecord<Face>* records;  // [B, F], not written where the box is empty
  FacePairs pairs;
};

// `make` makes a Face of a FaceOnImage.
template <typename Face, typename Device, typename Make>
PlacedFaces<Face> PlaceFaces(Device& device, const SoftBatch& batch, const Make& make) {
  const int64_t num_boxes = batch.num_boxes();
  PixelBox* boxes = device.template Scratch<PixelBox>(num_boxes);
  FaceRecord<Face>* records = device.template Scratch<FaceRecord<Face>>(num_boxes);
  device.For(num_boxes, [=] MR_DEVICE(int64_t box) {
    FaceOnImage face;
    boxes[box] = PlaceFace(batch, batch.PlaceOf(box), &face);
    if (!boxes[box].empty()) records[box].face = make(face);
  });
  return {batch, records, PairFacesWithBins(device, batch.image, batch.faces.num_faces, boxes)};
}

// What a pixel needs to find the faces that reach it.
template <typename Face>
struct FacesOfPixels {
  PlacedFaces<Face> placed;
  BinLists lists;
};

template <typename Face, typename Device, typename Make>
FacesOfPixels<Face> ListFacesOfPixels(Device& device, const SoftBatch& batch, const Make& make) {
  const PlacedFaces<Face> placed = PlaceFaces<Face>(device, batch, make);
  return {placed, ListFacesOfBins(device, placed.pairs)};
}

MR_HOST_DEVICE Vec2<float> CenterOf(const ImageShape& image, int row, int column) {
  return {ColumnToNdc(static_cast<float>(column), image.width),
          RowToNdc(static_cast<float>(row), image.height)};
}

// Calls visit(f, face) for the faces in whose boxes pixel i of the bins lies, in their order,
// until one returns false.
template <typename Face, typename Visit>
MR_DEVICE void ForEachFace(const FacesOfPixels<Face>& faces, int64_t i, const PixelPlace& place,
                           const Visit& visit) {
  const int64_t bin = faces.lists.grid.BinOf(i);
  const int64_t first = place.image * faces.placed.pairs.num_faces;
  const int64_t end = faces.lists.begin[bin + 1];
  for (int64_t entry = faces.lists.begin[bin]; entry < end; ++entry) {
    const int32_t f = faces.lists.faces[entry];
    const PixelBox box = faces.placed.pairs.boxes[first + f];
    if (!box.Contains(place)) continue;
    if (!visit(f, faces.placed.records[first + f].face)) return;
  }
}

}  // namespace mesh_renderer
