// Faces as soft gradient models (DIB-R, SoftRas) see them: triangles on the image with the pixels
// in their reach.
//
// The forward passes cut an image into bands of rows; a band reads the faces that reach it, in
// their order, so that every pixel adds up its faces in one order for any number of threads. The
// backward passes go face by face over the pixels in its reach. Neither stores anything per pair of
// pixel and face.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "cc/core/screen.h"
#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"

namespace mesh_renderer {

// Side of the square blocks of pixels that are handled together.
constexpr int kSoftBlockSide = 4;
constexpr int kSoftBlockPixels = kSoftBlockSide * kSoftBlockSide;
constexpr int kBandRows = 32;
constexpr int kBandBlockRows = kBandRows / kSoftBlockSide;

// A triangle on the image and the pixels that may lie in its reach: half-open ranges, empty for a
// face that takes no part (padding, a corner not in front of the camera, off the image).
template <typename T>
struct SoftFace {
  Vec2<T> corner[3];  // NDC
  T depth[3];
  uint16_t column_begin, column_end, row_begin, row_end;

  bool is_empty() const { return column_begin >= column_end || row_begin >= row_end; }
};

// One image of a batch.
template <typename T>
struct SoftScene {
  int height, width;
  int64_t num_vertices, num_faces;
  const T* vertices_clip;  // [V, 4]
  const int32_t* faces;    // [F, 3]
  ScreenDepth<T> depth;
  T reach;  // NDC by which the bounding box of a face is enlarged
};

template <typename T>
SoftScene<T> SceneOfImage(const ImageShape& image, int64_t num_vertices, const FacesView& faces,
                          const T* vertices_clip, int64_t b) {
  SoftScene<T> scene = {};
  scene.height = image.height;
  scene.width = image.width;
  scene.num_vertices = num_vertices;
  scene.num_faces = faces.num_faces;
  scene.vertices_clip = vertices_clip + b * num_vertices * 4;
  scene.faces = faces.OfImage(b);
  scene.depth.from_w = true;
  return scene;
}

// NDC of the pixel centres of an image, laid out in blocks: x of every column of blocks, y of every
// row of blocks, sixteen numbers each. Blocks at the border reach beyond the image.
template <typename T>
class BlockCenters {
 public:
  BlockCenters(int height, int width);

  int rows() const { return rows_; }
  int columns() const { return columns_; }
  const T* x(int block_column) const { return x_.get() + block_column * kSoftBlockPixels; }
  const T* y(int block_row) const { return y_.get() + block_row * kSoftBlockPixels; }

 private:
  const int rows_, columns_;
  const std::unique_ptr<T[]> x_, y_;
};

// The part of a row of an image that lies in one block: `count` pixels and as many lanes.
struct BlockRow {
  int64_t pixel, lane;
  int count;
};

// Calls body(BlockRow) for the rows of the blocks in block rows [row_begin, row_end).
template <typename Body>
MR_HOST_DEVICE void ForEachBlockRow(int height, int width, int row_begin, int row_end,
                                    const Body& body) {
  const int columns = (width + kSoftBlockSide - 1) / kSoftBlockSide;
  const int end = std::min(height, row_end * kSoftBlockSide);
  for (int row = row_begin * kSoftBlockSide; row < end; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int64_t block = int64_t{row / kSoftBlockSide} * columns + column;
      body(BlockRow{int64_t{row} * width + column * kSoftBlockSide,
                    block * kSoftBlockPixels + row % kSoftBlockSide * kSoftBlockSide,
                    std::min(kSoftBlockSide, width - column * kSoftBlockSide)});
    }
  }
}

// All faces of one image, and which of them reach each band.
template <typename T>
class SoftFaces {
 public:
  SoftFaces(const SoftScene<T>& scene, const ParallelFor& parallel_for);

  const SoftScene<T>& scene() const { return scene_; }
  const BlockCenters<T>& centers() const { return centers_; }
  const SoftFace<T>& face(int64_t f) const { return faces_[f]; }
  int num_bands() const { return num_bands_; }

  // Fills the lists that BandFaces returns; only forward passes need them.
  void CutIntoBands(const ParallelFor& parallel_for);
  const int32_t* BandFacesBegin(int band) const { return list_.get() + list_begin_[band]; }
  const int32_t* BandFacesEnd(int band) const { return list_.get() + list_begin_[band + 1]; }

 private:
  void SetFace(const ScreenVertex<T>* vertices, int64_t f);

  const SoftScene<T> scene_;
  const BlockCenters<T> centers_;
  const int num_bands_;
  const std::unique_ptr<SoftFace<T>[]> faces_;
  std::vector<int64_t> list_begin_;
  std::unique_ptr<int32_t[]> list_;
};

// Gradient to one corner of a face on the image.
template <typename T>
struct SoftCornerGradient {
  Vec2<T> ndc;
  T depth;
};

// Sums the gradients of corners [F, 3] into those of the clip-space vertices [V, 4], each vertex
// over its faces in their order. Faces that take no part are passed over.
template <typename T>
void SoftFacesBackward(const SoftFaces<T>& faces, const SoftCornerGradient<T>* corners,
                       const ParallelFor& parallel_for, T* grad_vertices_clip);

}  // namespace mesh_renderer
