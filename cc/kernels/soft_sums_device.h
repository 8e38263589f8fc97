// Gradients of faces on a Device: what the pixels in the reach of a face give to its corners, and
// from there to the vertices.
//
// Every pair of a face and a bin sums its pixels in a register, a face its pairs in their order.
// Sums of faces over vertices are free of order (device_sums.h).
#pragma once

#include "cc/core/boundary.h"
#include "cc/kernels/device_pair_sums.h"
#include "cc/kernels/device_sums.h"
#include "cc/kernels/soft_faces_device.h"

namespace mesh_renderer {

// Calls visit(pixel of the batch, centre) for the pixels that a face shares with a bin.
template <typename Visit>
MR_DEVICE void ForEachPixel(const FacePairs& pairs, const FacePair& pair, int64_t image_of_batch,
                            const Visit& visit) {
  const PixelBox part = PartInBin(pairs, pair);
  const ImageShape& image = pairs.grid.image;
  const int64_t first_row = image_of_batch * image.height;
  for (int row = part.row_begin; row < part.row_end; ++row) {
    for (int column = part.column_begin; column < part.column_end; ++column) {
      visit((first_row + row) * image.width + column, CenterOf(image, row, column));
    }
  }
}

// Item of a loop over pairs: Sums has kCount floats that Write(to, stride) writes, and
// add_pixel(face, place, pixel, centre, &sums) adds to them.
template <typename Sums, typename Face, typename AddPixel>
struct SumOfPair {
  PlacedFaces<Face> faces;
  AddPixel add_pixel;
  float* of_pairs;

  MR_DEVICE void operator()(int64_t i) const {
    const FacePair pair = PairAt(faces.pairs, i);
    const Face face = faces.records[pair.box].face;
    const FacePlace at = faces.batch.PlaceOf(pair.box);
    Sums sums = {};
    ForEachPixel(faces.pairs, pair, at.image, [&](int64_t pixel, const Vec2<float>& center) {
      add_pixel(face, at, pixel, center, &sums);
    });
    sums.Write(of_pairs + i, faces.pairs.count);
  }
};

// Memory for the sums of pairs [kCount, pairs] and of faces [kCount, B, F].
struct FaceSums {
  float* of_pairs;
  float* of_faces;
};

template <typename Sums, typename Device, typename Face>
FaceSums MakeFaceSums(Device& device, const PlacedFaces<Face>& faces) {
  return {device.template Scratch<float>(Sums::kCount * faces.pairs.count),
          device.template Scratch<float>(Sums::kCount * faces.batch.num_boxes())};
}

// Writes the sums of every face over its pixels.
template <typename Sums, typename Device, typename Face, typename AddPixel>
void SumOverPixels(Device& device, const PlacedFaces<Face>& faces, const AddPixel& add_pixel,
                   const FaceSums& sums) {
  const int64_t num_boxes = faces.batch.num_boxes(), num_pairs = faces.pairs.count;
  const int64_t* begin = faces.pairs.begin;
  device.For(num_pairs, SumOfPair<Sums, Face, AddPixel>{faces, add_pixel, sums.of_pairs});
  AddPairsOfFaces(faces.pairs, Sums::kCount, sums.of_pairs, device);
  device.For(Sums::kCount * num_boxes, [=] MR_DEVICE(int64_t i) {
    const int64_t box = i % num_boxes, first = begin[box];
    const bool has_pairs = first < begin[box + 1];
    sums.of_faces[i] = has_pairs ? sums.of_pairs[i / num_boxes * num_pairs + first] : 0.0f;
  });
}

template <typename Sums, typename Device, typename Face, typename AddPixel>
float* SumOverPixels(Device& device, const PlacedFaces<Face>& faces, const AddPixel& add_pixel) {
  const FaceSums sums = MakeFaceSums<Sums>(device, faces);
  SumOverPixels<Sums>(device, faces, add_pixel, sums);
  return sums.of_faces;
}

// The gradients of corners: with depth, or (kCount = 6) of their places on the image alone.
template <int kNumSums>
struct SumsOfCorners : CornerSums<float> {
  static constexpr int kCount = kNumSums;
  MR_HOST_DEVICE void Write(float* to, int64_t stride) const {
    for (int q = 0; q < kCount; ++q) to[q * stride] = sums[q];
  }
};
using PlaceSums = SumsOfCorners<6>;
using PlaceAndDepthSums = SumsOfCorners<9>;

// Adds (x, y) or (x, y, depth) of the corners of face i to its vertices.
struct AddCorners {
  SoftBatch batch;
  const PixelBox* boxes;
  const float* corners;  // [quantity, corner, B, F]
  int num_quantities;

  template <typename Add>
  MR_DEVICE void operator()(int64_t box, const Add& add) const {
    if (boxes[box].empty()) return;
    const FacePlace at = batch.PlaceOf(box);
    for (int k = 0; k < 3; ++k) {
      const int64_t vertex = batch.Vertex(at, k);
      for (int q = 0; q < num_quantities; ++q) {
        add(vertex * 3 + q, corners[(q * 3 + k) * batch.num_boxes() + box]);
      }
    }
  }
};

// Gradients of the vertices [B, V, 4] from those of the corners [num_quantities, 3, B, F]: two for
// places on the image, three with depth.
template <typename Device, typename Face>
void CornersToVertices(Device& device, const PlacedFaces<Face>& faces, const float* corners,
                       int num_quantities, float* grad_vertices_clip) {
  const SoftBatch batch = faces.batch;
  const int64_t num_vertices = batch.image.batch * batch.num_vertices;
  float* sums = device.template Scratch<float>(num_vertices * 3);
  ScatterSums(device, batch.num_boxes(), batch.faces.num_faces * 3,
              AddCorners{batch, faces.pairs.boxes, corners, num_quantities}, num_vertices * 3,
              sums);
  device.For(num_vertices, [=] MR_DEVICE(int64_t v) {
    ToFiniteScreenBackward(batch.vertices_clip + v * 4, batch.depth,
                           Vec2<float>{sums[v * 3], sums[v * 3 + 1]}, sums[v * 3 + 2],
                           grad_vertices_clip + v * 4);
  });
}

}  // namespace mesh_renderer
