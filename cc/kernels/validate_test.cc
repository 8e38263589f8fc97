#include "cc/kernels/validate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMany = 300000;  // several tasks and a ragged end

template <typename T>
class CoordinateTest : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(CoordinateTest, Scalars);

TYPED_TEST(CoordinateTest, FindsTheFirstNonFiniteValueForAnyThreads) {
  for (double bad : {kInf, -kInf, kNan}) {
    for (int64_t position : {int64_t{0}, int64_t{1023}, int64_t{131071}, kMany - 1}) {
      std::vector<TypeParam> values(kMany, TypeParam(-1.5));
      values[position] = static_cast<TypeParam>(bad);
      values[kMany - 1] = static_cast<TypeParam>(bad);
      EXPECT_EQ(FindBadCoordinate(values.data(), kMany, SerialFor()), position);
      EXPECT_EQ(FindBadCoordinate(values.data(), kMany, ThreadsForTest(4)), position);
    }
  }
}

TYPED_TEST(CoordinateTest, AcceptsEveryOrdinaryValue) {
  const TypeParam largest = kLargestCoordinate<TypeParam>;
  const std::vector<TypeParam> values = {0, -0.0, largest, -largest,
                                         std::numeric_limits<TypeParam>::denorm_min()};
  EXPECT_EQ(FindBadCoordinate(values.data(), values.size(), SerialFor()), kNoOffender);
  EXPECT_EQ(FindBadCoordinate<TypeParam>(nullptr, 0, SerialFor()), kNoOffender);
}

TEST(MaskedCoordinateTest, LooksOnlyWhereTheMaskSays) {
  for (const int64_t pixels : {int64_t{1}, int64_t{7}, int64_t{8}, int64_t{70001}}) {
    const std::unique_ptr<bool[]> mask(new bool[pixels]());
    std::vector<float> values(pixels * 2, std::nanf(""));
    const MaskedCoordinates<float> masked = {values.data(), mask.get(), pixels, 2};
    EXPECT_EQ(FindBadCoordinate(masked, SerialFor()), kNoOffender);
    for (const int64_t pixel : {pixels - 1, pixels / 2, int64_t{0}}) {
      values[pixel * 2] = 1.0f;
      mask[pixel] = true;
      EXPECT_EQ(FindBadCoordinate(masked, SerialFor()), pixel * 2 + 1);
      EXPECT_EQ(FindBadCoordinate(masked, ThreadsForTest(4)), pixel * 2 + 1);
    }
  }
}

TEST(MaskedCoordinateTest, LooksEverywhereWithoutAMask) {
  const std::vector<float> values = {1, 2, 3, std::nanf("")};
  EXPECT_EQ(FindBadCoordinate(MaskedCoordinates<float>{values.data(), nullptr, 2, 2}, SerialFor()),
            3);
}

TEST(CoordinateLimitTest, RefusesDoublesWhoseProductsOverflow) {
  const std::vector<double> values = {1e100, -1.1e100};
  EXPECT_EQ(FindBadCoordinate(values.data(), 2, SerialFor()), 1);
}

TEST(CoordinateLimitTest, RefusesFloatsWhoseInverseIsFlushedToZero) {
  const std::vector<float> values = {-1e37f, 9e37f};
  EXPECT_EQ(FindBadCoordinate(values.data(), 2, SerialFor()), 1);
}

TEST(FacesTest, AcceptsIndicesAndPadding) {
  const std::vector<int32_t> faces = {0, 1, 2, -1, -1, -1, 2, 2, 2};
  const FacesReport report = CheckFaces(faces.data(), 3, 3, SerialFor());
  EXPECT_EQ(report.bad_entry, kNoOffender);
  EXPECT_TRUE(report.has_padding);
  EXPECT_FALSE(CheckFaces(faces.data(), 1, 3, SerialFor()).has_padding);
}

TEST(FacesTest, FindsTheOffendingEntry) {
  const std::vector<std::vector<int32_t>> rows = {{3, 1, 2},
                                                  {0, 3, 2},
                                                  {0, 1, 3},
                                                  {-1, 1, 2},
                                                  {-1, -1, 0},
                                                  {-1, -2, -1},
                                                  {0, 1, std::numeric_limits<int32_t>::min()}};
  const std::vector<int64_t> expected = {0, 1, 2, 0, 0, 0, 2};
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(CheckFaces(rows[i].data(), 1, 3, SerialFor()).bad_entry, expected[i]) << i;
  }
}

TEST(FacesTest, FindsTheFirstOffenderAmongPaddingForAnyThreads) {
  std::vector<int32_t> faces(3 * kMany, 7);
  for (int64_t row = 0; row < kMany; row += 5) {
    std::fill_n(faces.begin() + 3 * row, 3, kEmpty);
  }
  faces[3 * 200001 + 1] = 8;
  faces[3 * 200002] = 9;
  EXPECT_EQ(CheckFaces(faces.data(), kMany, 8, SerialFor()).bad_entry, 3 * 200001 + 1);
  EXPECT_EQ(CheckFaces(faces.data(), kMany, 8, ThreadsForTest(4)).bad_entry, 3 * 200001 + 1);
  EXPECT_EQ(CheckFaces(faces.data(), kMany, 10, ThreadsForTest(4)).bad_entry, kNoOffender);
}

TEST(FacesTest, WithoutVerticesOnlyPaddingIsLegal) {
  const std::vector<int32_t> faces = {-1, -1, -1, 0, 0, 0};
  EXPECT_EQ(CheckFaces(faces.data(), 1, 0, SerialFor()).bad_entry, kNoOffender);
  EXPECT_EQ(CheckFaces(faces.data(), 2, 0, SerialFor()).bad_entry, 3);
  EXPECT_EQ(CheckFaces(nullptr, 0, 0, SerialFor()).bad_entry, kNoOffender);
}

TEST(FaceIdTest, MustLieBetweenEmptyAndTheLastFace) {
  const std::vector<int32_t> face_id = {-1, 0, 4, 5, -2};
  EXPECT_EQ(FindBadFaceId(face_id.data(), 3, 5, SerialFor()), kNoOffender);
  EXPECT_EQ(FindBadFaceId(face_id.data(), 5, 5, SerialFor()), 3);
  EXPECT_EQ(FindBadFaceId(face_id.data(), 5, 6, SerialFor()), 4);
  EXPECT_EQ(FindBadFaceId(face_id.data(), 2, 0, SerialFor()), 1);
  const int64_t most = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(FindBadFaceId(face_id.data(), 5, most, SerialFor()), 4);
}

TEST(PaddedFaceIdTest, LooksIntoTheFacesOfTheRightImage) {
  const std::vector<int32_t> faces = {0, 1, 2, -1, -1, -1, -1, -1, -1, 0, 1, 2};
  const ImageShape image{2, 1, 2};
  const FacesView batched{faces.data(), 2, true};
  const FacesView shared{faces.data(), 2, false};
  EXPECT_EQ(
      FindPaddedFaceId(batched, image, std::vector<int32_t>{0, -1, -1, 1}.data(), SerialFor()),
      kNoOffender);
  EXPECT_EQ(FindPaddedFaceId(batched, image, std::vector<int32_t>{0, -1, 1, 0}.data(), SerialFor()),
            3);
  EXPECT_EQ(FindPaddedFaceId(shared, image, std::vector<int32_t>{0, -1, -1, 1}.data(), SerialFor()),
            3);
}

TEST(LargestTest, IsTheSameForAnyThreads) {
  std::vector<int32_t> counts(kMany, 5);
  counts[kMany - 2] = 9;
  EXPECT_EQ(FindLargest(counts.data(), kMany, SerialFor()), 9);
  EXPECT_EQ(FindLargest(counts.data(), kMany, ThreadsForTest(4)), 9);
  EXPECT_EQ(FindLargest(counts.data(), kMany - 2, ThreadsForTest(4)), 5);
  EXPECT_EQ(FindLargest(nullptr, 0, SerialFor()), 0);
}

}  // namespace
}  // namespace mesh_renderer
