// SoftrasFragments against its definition, its gradient against differences, and its promises:
// order, count, same bits for any number of threads and any instruction set.
#include "cc/kernels/softras_fragments.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cc/kernels/softras_color_scenes_for_test.h"
#include "cc/kernels/softras_fragments_calls_for_test.h"
#include "cc/kernels/threads_for_test.h"

namespace mesh_renderer {
namespace {

void ExpectLikeDefinition(const SoftrasScene<double>& s, int num_fragments, CpuTarget target) {
  const Fragments<double> drawn = DrawFragments(s, num_fragments, SerialFor(), target);
  for (int64_t pixel = 0; pixel < s.pixels(); ++pixel) {
    std::vector<FaceSeen> faces;
    for (const FaceSeen& face : FacesAt(s, pixel)) {
      if (face.gives_color) faces.push_back(face);
    }
    std::stable_sort(faces.begin(), faces.end(), [](const FaceSeen& a, const FaceSeen& b) {
      return a.point.depth < b.point.depth;
    });
    ASSERT_EQ(drawn.count[pixel], static_cast<int32_t>(faces.size())) << pixel;
    faces.resize(num_fragments, {-1, false, {}, {}, {}});
    for (int k = 0; k < num_fragments; ++k) {
      const int64_t i = pixel * num_fragments + k;
      ASSERT_EQ(drawn.face_id[i], faces[k].face) << pixel;
      ASSERT_NEAR(drawn.depth[i], faces[k].point.depth, 1e-11) << pixel;
      ASSERT_NEAR(drawn.coverage[i], faces[k].coverage.hit, 1e-11) << pixel;
      for (int corner = 0; corner < 3; ++corner) {
        ASSERT_NEAR(drawn.barycentrics[i * 3 + corner], faces[k].point.weight[corner], 1e-11);
      }
    }
  }
}

TEST(SoftrasFragmentsTest, AllModesMatchTheDefinition) {
  for (const CpuTarget target : AllTargets()) {
    for (const auto& s : ColorScenesOfAllModes(RandomScene<double>(2, {2, 37, 50}, 60, 0.3))) {
      ExpectLikeDefinition(s, 4, target);
    }
  }
}

TEST(SoftrasFragmentsTest, AnyNumberMatchesTheDefinition) {
  const SoftrasScene<double> scene = RandomScene<double>(3, {1, 33, 18}, 60, 0.4);
  for (const int num_fragments : {1, 2, 3, 17, 64}) {
    ExpectLikeDefinition(scene, num_fragments, ActiveCpuTarget());
  }
}

TEST(SoftrasFragmentsTest, AllSizesOfImagesMatchTheDefinition) {
  for (const int height : {1, 2, 31, 33, 65}) {
    for (const int width : {1, 3, 4, 5, 18}) {
      ExpectLikeDefinition(RandomScene<double>(4, {1, height, width}, 9, 0.4), 3,
                           ActiveCpuTarget());
    }
  }
}

TEST(SoftrasFragmentsTest, EqualDepthsStandInTheOrderOfFaces) {
  SoftrasScene<float> scene = RandomScene<float>(5, {1, 9, 9}, 1, 2.0);
  for (int copy = 0; copy < 3; ++copy) {
    for (int k = 0; k < 3; ++k) scene.scene.faces.push_back(k);
  }
  const Fragments<float> drawn = DrawFragments(scene, 3);
  for (int64_t pixel = 0; pixel < 81; ++pixel) {
    if (drawn.count[pixel] == 0) continue;
    EXPECT_EQ(drawn.count[pixel], 4);
    for (int k = 0; k < 3; ++k) EXPECT_EQ(drawn.face_id[pixel * 3 + k], k);
  }
}

TEST(SoftrasFragmentsTest, EqualDepthsKeepTheirOrderBehindANearerFace) {
  SoftrasScene<float> scene = RandomScene<float>(5, {1, 9, 9}, 1, 2.0);
  for (int i = 0; i < 12; ++i) scene.scene.vertices.push_back(scene.scene.vertices[i] * 0.5f);
  scene.scene.num_vertices = 6;
  scene.scene.faces = {0, 1, 2, 0, 1, 2, 3, 4, 5};
  scene.view.visibility.near = 0.1;
  const Fragments<float> drawn = DrawFragments(scene, 3);
  EXPECT_EQ(*std::max_element(drawn.count.begin(), drawn.count.end()), 3);
  for (int64_t pixel = 0; pixel < 81; ++pixel) {
    if (drawn.count[pixel] == 0) continue;
    EXPECT_EQ(drawn.face_id[pixel * 3], 2);
    EXPECT_EQ(drawn.face_id[pixel * 3 + 1], 0);
    EXPECT_EQ(drawn.face_id[pixel * 3 + 2], 1);
  }
}

// The softmax of SoftrasColor, from fragments.
TEST(SoftrasFragmentsTest, FragmentsMixToTheColoursOfSoftrasColor) {
  const SoftrasScene<double> scene = RandomScene<double>(6, {1, 30, 41}, 60, 0.4);
  const int num_fragments = 60;
  const Fragments<double> drawn = DrawFragments(scene, num_fragments);
  const Picture<double> picture = DrawColor(scene);
  const RasterizeSettings& range = scene.view.visibility;
  for (int64_t pixel = 0; pixel < scene.pixels(); ++pixel) {
    double sum = std::exp(2 * scene.mixing.eps / scene.mixing.gamma);
    double color = sum * scene.background[0];
    for (int64_t i = pixel * num_fragments; drawn.face_id[i] >= 0; ++i) {
      const double nearness = (range.far - drawn.depth[i]) / (range.far - range.near);
      const double weight = drawn.coverage[i] * std::exp(nearness / scene.mixing.gamma);
      sum += weight;
      for (int k = 0; k < 3; ++k) {
        const int64_t v = scene.scene.faces[drawn.face_id[i] * 3 + k];
        color += weight * drawn.barycentrics[i * 3 + k] * scene.colors[v * 3];
      }
    }
    ASSERT_NEAR(picture.image[pixel * 4], color / sum, 1e-11) << pixel;
  }
}

TEST(SoftrasFragmentsTest, GradientIsTheDerivative) {
  constexpr double kStep = 1e-7;
  constexpr int kFragments = 3;
  for (auto scene : ColorScenesOfAllModes(RandomScene<double>(7, {1, 19, 22}, 7, 0.5))) {
    scene.view.visibility.near = 0.25;
    scene.view.visibility.far = 6;
    scene.blur.dist_eps = 1e-3;
    const FragmentsUpstream<double> upstream(scene, kFragments);
    const std::vector<double> grad = FragmentsGradient(scene, kFragments, upstream);
    const Fragments<double> drawn = DrawFragments(scene, kFragments);
    for (size_t i = 0; i < grad.size(); i += 3) {
      double loss[2] = {0, 0};
      for (int side = 0; side < 2; ++side) {
        SoftrasScene<double> moved = scene;
        moved.scene.vertices[i] += (2 * side - 1) * kStep;
        const Fragments<double> after = DrawFragments(moved, kFragments);
        ASSERT_EQ(after.face_id, drawn.face_id);  // choose another seed
        for (size_t j = 0; j < after.depth.size(); ++j) {
          loss[side] += after.depth[j] * upstream.depth[j];
          loss[side] += after.coverage[j] * upstream.coverage[j];
        }
        for (size_t j = 0; j < after.barycentrics.size(); ++j) {
          loss[side] += after.barycentrics[j] * upstream.barycentrics[j];
        }
      }
      ASSERT_NEAR(grad[i], (loss[1] - loss[0]) / (2 * kStep), 1e-4) << i;
    }
  }
}

TEST(SoftrasFragmentsTest, EmptyInputs) {
  const Fragments<float> drawn = DrawFragments(RandomScene<float>(1, {2, 5, 3}, 0, 1), 2);
  for (const int32_t id : drawn.face_id) EXPECT_EQ(id, -1);
  for (const int32_t count : drawn.count) EXPECT_EQ(count, 0);
  for (const float value : drawn.barycentrics) EXPECT_EQ(value, 0);
  EXPECT_TRUE(DrawFragments(RandomScene<float>(1, {0, 5, 3}, 2, 1), 2).depth.empty());
}

template <typename T>
void ExpectSameForAnyThreads() {
  for (const int batch : {1, 3}) {
    const SoftrasScene<T> scene = RandomScene<T>(8, {batch, 70, 61}, 3000, 0.05);
    const FragmentsUpstream<T> upstream(scene, 4);
    for (const int threads : {2, 8}) {
      const ThreadsForTest parallel_for(threads);
      EXPECT_TRUE(Same(DrawFragments(scene, 4, parallel_for), DrawFragments(scene, 4)));
      EXPECT_TRUE(SameBits(FragmentsGradient(scene, 4, upstream, parallel_for),
                           FragmentsGradient(scene, 4, upstream)));
    }
  }
}

TEST(SoftrasFragmentsTest, SameBitsForAnyNumberOfThreads) {
  ExpectSameForAnyThreads<float>();
  ExpectSameForAnyThreads<double>();
}

template <typename T>
void ExpectSameForAllTargets() {
  for (const auto& scene : ColorScenesOfAllModes(RandomScene<T>(10, {2, 61, 66}, 100, 0.2))) {
    const FragmentsUpstream<T> upstream(scene, 3);
    const auto drawn = DrawFragments(scene, 3, SerialFor(), CpuTarget::kBaseline);
    const auto grad = FragmentsGradient(scene, 3, upstream, SerialFor(), CpuTarget::kBaseline);
    for (const CpuTarget target : AllTargets()) {
      EXPECT_TRUE(Same(DrawFragments(scene, 3, SerialFor(), target), drawn));
      EXPECT_TRUE(SameBits(FragmentsGradient(scene, 3, upstream, SerialFor(), target), grad));
    }
  }
}

TEST(SoftrasFragmentsTest, SameBitsForAllInstructionSets) {
  ExpectSameForAllTargets<float>();
  ExpectSameForAllTargets<double>();
}

}  // namespace
}  // namespace mesh_renderer
