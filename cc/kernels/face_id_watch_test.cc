// Loops that watch the face ids they read: a bad one is an empty pixel, and is told of.
#include "cc/kernels/face_id_watch.h"

#include <gtest/gtest.h>

#include <vector>

#include "cc/kernels/interpolate_case_for_test.h"
#include "cc/kernels/rasterize_scene_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

constexpr int32_t kHighest = std::numeric_limits<int32_t>::max();
constexpr int32_t kLowest = std::numeric_limits<int32_t>::min();

// What the watch says of a face id, and whether it then tells of it.
void ExpectWatch(int64_t num_faces, int32_t face_id, bool empty, bool bad) {
  std::atomic<bool> met_bad{false};
  EXPECT_EQ(FaceIdWatch(num_faces, &met_bad).IsEmpty(face_id), empty) << face_id;
  EXPECT_EQ(met_bad, bad) << face_id;
  EXPECT_EQ(FaceIdWatch(num_faces, nullptr).IsEmpty(face_id), empty) << face_id;
  EXPECT_EQ(IsBadFaceId(face_id, num_faces), bad) << face_id;
}

TEST(FaceIdWatchTest, TellsFacesFromEmptyPixelsAndBadIds) {
  for (const int64_t num_faces : {int64_t{1}, int64_t{90}, int64_t{kHighest}}) {
    ExpectWatch(num_faces, 0, false, false);
    ExpectWatch(num_faces, static_cast<int32_t>(num_faces - 1), false, false);
    ExpectWatch(num_faces, static_cast<int32_t>(num_faces), true, true);
    ExpectWatch(num_faces, -1, true, false);
    ExpectWatch(num_faces, -2, true, true);
    ExpectWatch(num_faces, kLowest, true, true);
  }
  ExpectWatch(0, 0, true, true);
  ExpectWatch(0, -1, true, false);
  EXPECT_FALSE(FaceIdWatch(int64_t{kHighest} + 7, nullptr).IsEmpty(kHighest));
}

// Calls check(begin, end, bad) for spans of pixels, alone and in runs, to which bad ids are given.
template <typename Check>
void ForBadSpans(int64_t pixels, const Check& check) {
  for (const int64_t length : {1, 16, 48}) {
    for (const int64_t begin : {int64_t{0}, int64_t{16}, pixels / 2, pixels - length}) {
      for (const int32_t bad : {kFaces, kHighest, -2, kLowest}) check(begin, begin + length, bad);
    }
  }
}

TEST(FaceIdWatchTest, InterpolateTakesBadIdsForEmptyPixels) {
  for (const int64_t channels : {int64_t{3}, int64_t{5}}) {
    const Size size = {{2, 24, 20}, channels, false};
    ForBadSpans(960, [&](int64_t begin, int64_t end, int32_t bad) {
      std::atomic<bool> met[2] = {};
      Case<float> cases[2] = {Case<float>(size), Case<float>(size)};
      for (const int i : {0, 1}) {
        // Empty pixels around, so that a run of them meets the bad ones.
        std::fill(cases[i].face_id.begin() + std::max<int64_t>(0, begin - 32),
                  cases[i].face_id.begin() + std::min<int64_t>(960, end + 32), kEmpty);
        std::fill(cases[i].face_id.begin() + begin, cases[i].face_id.begin() + end,
                  i == 0 ? kEmpty : bad);
        InterpolateParams<float> forward = cases[i].ForwardParams();
        forward.met_bad_face_id = &met[i];
        InterpolateCpu(forward, ThreadsForTest(2));
        EXPECT_EQ(met[i].exchange(false), i == 1);
        InterpolateGradParams<float> backward = cases[i].BackwardParams();
        backward.met_bad_face_id = &met[i];
        InterpolateGradCpu(backward, ThreadsForTest(2));
        EXPECT_EQ(met[i], i == 1);
      }
      EXPECT_EQ(cases[0].output, cases[1].output);
      EXPECT_EQ(cases[0].grad_attributes, cases[1].grad_attributes);
      EXPECT_EQ(cases[0].grad_barycentrics, cases[1].grad_barycentrics);
    });
  }
}

TEST(FaceIdWatchTest, GradientOfRasterizeTakesBadIdsForEmptyPixels) {
  const Scene<float> scene = Soup<float>(3, {2, 24, 20}, kFaces, 0.8, false);
  const RasterizeSettings settings = {Cull::kNone, DepthFrom::kW, 0.1, 50.0};
  const Result<float> drawn = Render(scene, settings);
  const Upstream<float> upstream(drawn);
  for (const int threads : {1, 4}) {
    ForBadSpans(960, [&](int64_t begin, int64_t end, int32_t bad) {
      std::vector<float> gradients[2];
      for (const int i : {0, 1}) {
        Result<float> result = drawn;
        std::fill(result.face_id.begin() + begin, result.face_id.begin() + end,
                  i == 0 ? kEmpty : bad);
        std::atomic<bool> met_bad{false};
        gradients[i] =
            GradientBy(scene, settings, result, upstream, [&](RasterizeGradParams<float> params) {
              params.met_bad_face_id = &met_bad;
              RasterizeGradCpu(params, ThreadsForTest(threads));
            });
        EXPECT_EQ(met_bad, i == 1);
      }
      EXPECT_EQ(gradients[0], gradients[1]);
    });
  }
}

}  // namespace
}  // namespace mesh_renderer
