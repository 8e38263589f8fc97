// Sums and bins on a Device, in all orders.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "cc/kernels/device_bins.h"
#include "cc/kernels/device_sums.h"
#include "cc/kernels/random_values_for_test.h"
#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

struct AddToThirds {
  const float* values;
  template <typename Add>
  MR_HOST_DEVICE void operator()(int64_t i, const Add& add) const {
    add(i % 3, values[i]);
    add(3, values[i]);
  }
};

TEST(ScatterSums, GivesTheSumsInEveryOrder) {
  constexpr int kItems = 100;
  std::vector<float> values(kItems);
  for (int i = 0; i < kItems; ++i) values[i] = static_cast<float>(i) / 7 - 3;
  double expected[4] = {};
  for (int i = 0; i < kItems; ++i) {
    expected[i % 3] += values[i];
    expected[3] += values[i];
  }
  for (const Order order : kOrders) {
    SerialDevice device(order);
    float sums[5];
    ScatterSums(device, kItems, kItems, AddToThirds{values.data()}, 5, sums);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(sums[i], static_cast<float>(expected[i]));
    EXPECT_EQ(sums[4], 0.0f);
  }
}

// Every (image, bin, face) whose bin the face's box touches.
using Touching = std::set<std::tuple<int64_t, int64_t, int32_t>>;

Touching TouchingOf(const BinGrid& grid, int64_t num_faces, const std::vector<PixelBox>& boxes) {
  Touching touching;
  for (size_t box = 0; box < boxes.size(); ++box) {
    for (int row = boxes[box].row_begin; row < boxes[box].row_end; ++row) {
      for (int column = boxes[box].column_begin; column < boxes[box].column_end; ++column) {
        const int bin = (row >> grid.side_log2) * grid.columns + (column >> grid.side_log2);
        touching.insert({box / num_faces, bin, static_cast<int32_t>(box % num_faces)});
      }
    }
  }
  return touching;
}

const ImageShape kShape = {2, 21, 37};
constexpr int64_t kFaces = 6;

std::vector<PixelBox> Boxes() {
  return {{0, 37, 0, 21},   {5, 6, 7, 8},   {0, 0, 3, 9},    {8, 16, 8, 16},
          {36, 37, 20, 21}, {7, 9, 15, 17}, {0, 1, 0, 1},    {0, 37, 10, 11},
          {20, 21, 0, 21},  {3, 3, 3, 3},   {15, 33, 2, 19}, {1, 2, 19, 21}};
}

TEST(DeviceBins, ListTheFacesOfEveryBin) {
  const std::vector<PixelBox> boxes = Boxes();
  for (const Order order : kOrders) {
    SerialDevice device(order);
    const FacePairs pairs = PairFacesWithBins(device, kShape, kFaces, boxes.data());
    const BinLists lists = ListFacesOfBins(device, pairs);
    const Touching expected = TouchingOf(pairs.grid, kFaces, boxes);
    ASSERT_EQ(pairs.count, static_cast<int64_t>(expected.size()));
    Touching found;
    for (int64_t bin = 0; bin < pairs.grid.count(); ++bin) {
      for (int64_t i = lists.begin[bin]; i < lists.begin[bin + 1]; ++i) {
        if (i > lists.begin[bin]) {
          EXPECT_LT(lists.faces[i - 1], lists.faces[i]);
        }
        EXPECT_EQ(PairAt(pairs, lists.pairs[i]).bin, bin);
        const int64_t per_image = pairs.grid.bins_per_image();
        found.insert({bin / per_image, bin % per_image, lists.faces[i]});
      }
    }
    EXPECT_EQ(found, expected);
  }
}

TEST(DeviceBins, PartsOfAPairsBoxCoverItOnce) {
  const std::vector<PixelBox> boxes = Boxes();
  SerialDevice device;
  const FacePairs pairs = PairFacesWithBins(device, kShape, kFaces, boxes.data());
  std::map<int64_t, int> pixels;
  for (int64_t i = 0; i < pairs.count; ++i) {
    const FacePair pair = PairAt(pairs, i);
    const PixelBox part = PartInBin(pairs, pair);
    pixels[pair.box] += (part.column_end - part.column_begin) * (part.row_end - part.row_begin);
    EXPECT_EQ(part.column_begin >> pairs.grid.side_log2, pair.column);
    EXPECT_EQ((part.row_end - 1) >> pairs.grid.side_log2, pair.row);
  }
  for (size_t box = 0; box < boxes.size(); ++box) {
    const PixelBox& b = boxes[box];
    EXPECT_EQ(pixels[box],
              b.empty() ? 0 : (b.column_end - b.column_begin) * (b.row_end - b.row_begin));
  }
}

TEST(DeviceBins, VisitEveryPixelOnce) {
  for (int side_log2 = 3; side_log2 < 8; ++side_log2) {
    const BinGrid grid = MakeBinGrid(kShape, side_log2);
    std::vector<int> visits(kShape.batch * kShape.pixels());
    for (int64_t i = 0; i < grid.num_pixels(); ++i) {
      const PixelPlace place = PlaceInBins(grid, i);
      if (!place.inside) continue;
      EXPECT_EQ((place.row >> side_log2) * grid.columns + (place.column >> side_log2),
                grid.BinOf(i) % grid.bins_per_image());
      ++visits[place.index(kShape)];
    }
    EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
  }
}

TEST(DeviceBins, GrowUntilTheirListsAreShort) {
  const ImageShape shape = {1, 4096, 4096};
  const std::vector<PixelBox> boxes(40, PixelBox{0, 4096, 0, 4096});
  SerialDevice device;
  const FacePairs pairs = PairFacesWithBins(device, shape, 40, boxes.data());
  EXPECT_EQ(pairs.grid.side_log2, 4);  // bins of 8x8 would need 10 million entries
  EXPECT_EQ(pairs.count, 40 * 256 * 256);
}

}  // namespace
}  // namespace mesh_renderer
