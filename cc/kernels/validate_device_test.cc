#include "cc/kernels/validate_device.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "cc/kernels/serial_device_for_test.h"

namespace mesh_renderer {
namespace {

const SerialFor kSerial;

class ValidateDevice : public testing::TestWithParam<Order> {
 protected:
  SerialDevice device_{GetParam()};
};

TEST_P(ValidateDevice, FindsTheFirstBadCoordinate) {
  std::vector<float> values = {0.0f, -1e37f, 1.0f, 2e37f, std::nanf("")};
  EXPECT_EQ(FindBadCoordinateOnDevice(values.data(), 5, device_), 3);
  values[1] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(FindBadCoordinateOnDevice(values.data(), 5, device_), 1);
  EXPECT_EQ(FindBadCoordinateOnDevice(values.data(), 1, device_), kNoOffender);
  EXPECT_EQ(FindBadCoordinateOnDevice(nullptr, 0, device_), kNoOffender);
}

TEST_P(ValidateDevice, LooksAtCoordinatesOnlyWhereTheMaskSays) {
  const std::vector<float> values = {std::nanf(""), 1, 2, 3, 4, std::nanf("")};
  bool mask[] = {false, true, false};
  const MaskedCoordinates<float> masked = {values.data(), mask, 3, 2};
  EXPECT_EQ(FindBadCoordinateOnDevice(masked, device_), kNoOffender);
  mask[2] = true;
  EXPECT_EQ(FindBadCoordinateOnDevice(masked, device_), 5);
  EXPECT_EQ(FindBadCoordinateOnDevice({values.data(), nullptr, 3, 2}, device_), 0);
}

// Rows of faces among 5 vertices, good and bad ones.
const std::vector<std::vector<int32_t>> kRows = {{0, 1, 4},   {-1, -1, -1}, {0, 5, 1}, {-1, 2, 3},
                                                 {-1, -1, 2}, {2, 2, 2},    {7, 8, -9}};

TEST_P(ValidateDevice, ReportsFacesAsTheCpuDoes) {
  for (const auto& first : kRows) {
    for (const auto& second : kRows) {
      for (const auto& third : kRows) {
        std::vector<int32_t> faces;
        for (const auto* row : {&first, &second, &third}) {
          faces.insert(faces.end(), row->begin(), row->end());
        }
        const FacesReport expected = CheckFaces(faces.data(), 3, 5, kSerial);
        const FacesReport report = CheckFacesOnDevice(faces.data(), 3, 5, device_);
        EXPECT_EQ(report.bad_entry, expected.bad_entry);
        if (expected.bad_entry == kNoOffender) {
          EXPECT_EQ(report.has_padding, expected.has_padding);
        }
      }
    }
  }
  EXPECT_FALSE(CheckFacesOnDevice(nullptr, 0, 0, device_).has_padding);
}

TEST_P(ValidateDevice, FindsTheFirstBadFaceId) {
  const std::vector<int32_t> ids = {-1, 0, 2, 3, -2};
  EXPECT_EQ(FindBadFaceIdOnDevice(ids.data(), 5, 3, device_), 3);
  EXPECT_EQ(FindBadFaceIdOnDevice(ids.data(), 5, 4, device_), 4);
  EXPECT_EQ(FindBadFaceIdOnDevice(ids.data(), 4, 4, device_), kNoOffender);
  EXPECT_EQ(FindBadFaceIdOnDevice(ids.data(), 5, 0, device_), 1);
}

TEST_P(ValidateDevice, FindsThePixelThatShowsAPaddedFace) {
  const std::vector<int32_t> faces = {0, 1, 2, -1, -1, -1, 0, 1, 2, 0, 1, 2};
  const ImageShape image = {2, 1, 2};
  const std::vector<int32_t> ids = {0, -1, 1, 1};
  const FacesView batched = {faces.data(), 2, true}, shared = {faces.data(), 2, false};
  EXPECT_EQ(FindPaddedFaceIdOnDevice(batched, image, ids.data(), device_), kNoOffender);
  EXPECT_EQ(FindPaddedFaceIdOnDevice(shared, image, ids.data(), device_), 2);
}

TEST_P(ValidateDevice, FindsTheLargestCount) {
  const std::vector<int32_t> counts = {3, 0, 7, 7, 2};
  EXPECT_EQ(FindLargestOnDevice(counts.data(), 5, device_), 7);
  EXPECT_EQ(FindLargestOnDevice(counts.data(), 2, device_), 3);
  EXPECT_EQ(FindLargestOnDevice(nullptr, 0, device_), 0);
}

INSTANTIATE_TEST_SUITE_P(Orders, ValidateDevice, testing::ValuesIn(kOrders));

}  // namespace
}  // namespace mesh_renderer
