// Lists of the faces near each square of pixels ("bin") of a batch of images, made on a Device.
#pragma once

#include "cc/kernels/device.h"
#include "cc/kernels/device_search.h"
#include "cc/kernels/mesh_view.h"

namespace mesh_renderer {

// A pixel of a batch.
struct PixelPlace {
  int64_t image;
  int row, column;
  bool inside;  // bins at the border reach beyond the image

  MR_HOST_DEVICE int64_t index(const ImageShape& shape) const {
    return (image * shape.height + row) * shape.width + column;
  }
};

// Pixels [column_begin, column_end) x [row_begin, row_end).
struct PixelBox {
  uint16_t column_begin, column_end, row_begin, row_end;

  MR_HOST_DEVICE bool empty() const { return column_begin >= column_end || row_begin >= row_end; }
  MR_HOST_DEVICE bool Contains(const PixelPlace& place) const {
    return place.column >= column_begin && place.column < column_end && place.row >= row_begin &&
           place.row < row_end;
  }
};

// How images are cut into bins: rows of bins of all images, one after the other.
struct BinGrid {
  ImageShape image;
  int side_log2;
  int columns, rows;  // bins of one image

  MR_HOST_DEVICE int64_t bins_per_image() const { return int64_t{columns} * rows; }
  MR_HOST_DEVICE int64_t count() const { return image.batch * bins_per_image(); }

  // Pixels are counted bin by bin; some lie beyond the border of the image.
  MR_HOST_DEVICE int64_t num_pixels() const { return count() << (2 * side_log2); }
  MR_HOST_DEVICE int64_t BinOf(int64_t pixel) const { return pixel >> (2 * side_log2); }
};

inline BinGrid MakeBinGrid(const ImageShape& image, int side_log2) {
  const int last = (1 << side_log2) - 1;
  return {image, side_log2, (image.width + last) >> side_log2, (image.height + last) >> side_log2};
}

// The bins that a box touches.
struct BinSpan {
  int column, row, columns, rows;  // the first, and how many

  MR_HOST_DEVICE BinSpan(const PixelBox& box, int side_log2)
      : column(0), row(0), columns(0), rows(0) {
    if (box.empty()) return;
    column = box.column_begin >> side_log2;
    row = box.row_begin >> side_log2;
    columns = ((box.column_end - 1) >> side_log2) - column + 1;
    rows = ((box.row_end - 1) >> side_log2) - row + 1;
  }
  MR_HOST_DEVICE int64_t count() const { return int64_t{columns} * rows; }
};

// Pixel i of grid.num_pixels(). In a bin they are counted in blocks of 8x4: neighbouring threads
// then look at the same list and at neighbouring memory.
MR_HOST_DEVICE PixelPlace PlaceInBins(const BinGrid& grid, int64_t i) {
  const int64_t bin = grid.BinOf(i);
  const int within = static_cast<int>(i & ((int64_t{1} << (2 * grid.side_log2)) - 1));
  const int block = within >> 5, blocks_log2 = grid.side_log2 - 3;
  const int64_t in_image = bin % grid.bins_per_image();
  const int row = (static_cast<int>(in_image / grid.columns) << grid.side_log2) +
                  (block >> blocks_log2) * 4 + ((within >> 3) & 3);
  const int column = (static_cast<int>(in_image % grid.columns) << grid.side_log2) +
                     (block & ((1 << blocks_log2) - 1)) * 8 + (within & 7);
  return {bin / grid.bins_per_image(), row, column,
          row < grid.image.height && column < grid.image.width};
}

// One (face, bin) pair for each bin that a face's box touches, ordered by image and face.
struct FacePairs {
  BinGrid grid;
  int64_t num_faces;      // per image
  const PixelBox* boxes;  // [B, F]
  const int64_t* begin;   // [B * F + 1] first pair of each face
  int64_t count;          // of all pairs
};

// What one pair says.
struct FacePair {
  int64_t box;      // b * F + face
  int column, row;  // the bin's place among those of its image
  int64_t bin;      // its place among those of all images
};

MR_HOST_DEVICE FacePair PairAt(const FacePairs& pairs, int64_t i) {
  const int64_t box = ListOf(pairs.begin, pairs.grid.image.batch * pairs.num_faces, i);
  const BinSpan span(pairs.boxes[box], pairs.grid.side_log2);
  const int64_t offset = i - pairs.begin[box];
  const int column = span.column + static_cast<int>(offset % span.columns);
  const int row = span.row + static_cast<int>(offset / span.columns);
  const int64_t first_bin = box / pairs.num_faces * pairs.grid.bins_per_image();
  return {box, column, row, first_bin + int64_t{row} * pairs.grid.columns + column};
}

// The part of a pair's box that lies in its bin.
MR_HOST_DEVICE PixelBox PartInBin(const FacePairs& pairs, const FacePair& pair) {
  const PixelBox box = pairs.boxes[pair.box];
  const int side_log2 = pairs.grid.side_log2;
  const auto later = [](int a, int b) { return static_cast<uint16_t>(a > b ? a : b); };
  const auto earlier = [](int a, int b) { return static_cast<uint16_t>(a < b ? a : b); };
  return {later(box.column_begin, pair.column << side_log2),
          earlier(box.column_end, (pair.column + 1) << side_log2),
          later(box.row_begin, pair.row << side_log2),
          earlier(box.row_end, (pair.row + 1) << side_log2)};
}

// Writes the first pair of every face for one size of bins, and returns the number of all.
template <typename Device>
int64_t CountPairs(Device& device, int64_t num_boxes, const PixelBox* boxes, int side_log2,
                   int64_t* begin) {
  device.For(num_boxes + 1, [=] MR_DEVICE(int64_t i) {
    begin[i] = i < num_boxes ? BinSpan(boxes[i], side_log2).count() : 0;
  });
  device.ExclusiveSum(begin, num_boxes + 1);
  return device.Read(begin + num_boxes);
}

// Bins are as small as keeps the number of pairs near that of faces, so that memory stays
// O(faces + bins) whatever their size on the screen.
template <typename Device>
FacePairs PairFacesWithBins(Device& device, const ImageShape& image, int64_t num_faces,
                            const PixelBox* boxes) {
  constexpr int kSmallestSideLog2 = 3, kLargestSideLog2 = 15;
  constexpr int64_t kPairsPerFace = 8, kMorePairs = 1 << 22;
  const int64_t num_boxes = image.batch * num_faces;
  int64_t* begin = device.template Scratch<int64_t>(num_boxes + 1);
  int side_log2 = kSmallestSideLog2;
  int64_t count = CountPairs(device, num_boxes, boxes, side_log2, begin);
  const int64_t wanted = kPairsPerFace * num_boxes + kMorePairs;
  const int64_t most = wanted < INT32_MAX ? wanted : INT32_MAX;  // pairs are counted in int32
  while (count > most && side_log2 < kLargestSideLog2) {
    count = CountPairs(device, num_boxes, boxes, ++side_log2, begin);
  }
  return {MakeBinGrid(image, side_log2), num_faces, boxes, begin, count};
}

// The faces of each bin, ascending.
struct BinLists {
  BinGrid grid;
  const int64_t* begin;  // [bins + 1]
  const int32_t* pairs;  // of all bins, one after the other: which pair each entry is
  const int32_t* faces;  // likewise: its face
};

template <typename Device>
BinLists ListFacesOfBins(Device& device, const FacePairs& pairs) {
  const int64_t num_bins = pairs.grid.count(), count = pairs.count;
  uint32_t* bins = device.template Scratch<uint32_t>(count);
  int32_t* order = device.template Scratch<int32_t>(count);
  int32_t* faces = device.template Scratch<int32_t>(count);
  int64_t* begin = device.template Scratch<int64_t>(num_bins + 1);
  device.For(count, [=] MR_DEVICE(int64_t i) {
    bins[i] = static_cast<uint32_t>(PairAt(pairs, i).bin);
    order[i] = static_cast<int32_t>(i);
  });
  int key_bits = 1;
  while (key_bits < 32 && num_bins >> key_bits != 0) ++key_bits;
  device.SortByKey(bins, order, count, key_bits);
  device.For(num_bins + 1, [=] MR_DEVICE(int64_t bin) {
    begin[bin] = PartitionPoint(count, [=](int64_t entry) { return int64_t{bins[entry]} < bin; });
  });
  device.For(count, [=] MR_DEVICE(int64_t i) {
    faces[i] = static_cast<int32_t>(PairAt(pairs, order[i]).box % pairs.num_faces);
  });
  return {pairs.grid, begin, order, faces};
}

}  // namespace mesh_renderer
