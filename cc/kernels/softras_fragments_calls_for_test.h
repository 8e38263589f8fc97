// The calls that find the fragments of SoftRas' scenes and differentiate them.
#pragma once

#include "cc/kernels/softras_scene_for_test.h"

namespace mesh_renderer {

template <typename T>
struct Fragments {
  std::vector<int32_t> face_id, count;
  std::vector<T> barycentrics, depth, coverage;
};

template <typename T>
Fragments<T> DrawFragments(const SoftrasScene<T>& s, int num_fragments,
                           const ParallelFor& parallel_for = SerialFor(),
                           CpuTarget target = ActiveCpuTarget()) {
  const int64_t size = s.pixels() * num_fragments;
  Fragments<T> drawn = {std::vector<int32_t>(size, 77), std::vector<int32_t>(s.pixels(), 77),
                        std::vector<T>(size * 3, T(77)), std::vector<T>(size, T(77)),
                        std::vector<T>(size, T(77))};
  SoftrasFragmentsCpu<T>(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.view, num_fragments,
       s.scene.vertices.data(), drawn.face_id.data(), drawn.barycentrics.data(), drawn.depth.data(),
       drawn.coverage.data(), drawn.count.data()},
      parallel_for, target);
  return drawn;
}

// Gradients of barycentrics, depth and coverage.
template <typename T>
struct FragmentsUpstream {
  std::vector<T> barycentrics, depth, coverage;

  FragmentsUpstream(const SoftrasScene<T>& s, int num_fragments)
      : barycentrics(RandomNumbers<T>(s.pixels() * num_fragments * 3, 7)),
        depth(RandomNumbers<T>(s.pixels() * num_fragments, 8)),
        coverage(RandomNumbers<T>(s.pixels() * num_fragments, 9)) {}
};

template <typename T>
std::vector<T> FragmentsGradient(const SoftrasScene<T>& s, int num_fragments,
                                 const FragmentsUpstream<T>& upstream,
                                 const ParallelFor& parallel_for = SerialFor(),
                                 CpuTarget target = ActiveCpuTarget()) {
  const Fragments<T> drawn = DrawFragments(s, num_fragments);
  std::vector<T> grad(s.scene.vertices.size(), T(77));
  SoftrasFragmentsGradCpu<T>(
      {s.scene.image, s.scene.num_vertices, s.scene.view(), s.blur, s.view, num_fragments,
       s.scene.vertices.data(), drawn.face_id.data(), upstream.barycentrics.data(),
       upstream.depth.data(), upstream.coverage.data(), grad.data()},
      parallel_for, target);
  return grad;
}

template <typename T>
bool Same(const Fragments<T>& a, const Fragments<T>& b) {
  return a.face_id == b.face_id && a.count == b.count && SameBits(a.barycentrics, b.barycentrics) &&
         SameBits(a.depth, b.depth) && SameBits(a.coverage, b.coverage);
}

}  // namespace mesh_renderer
