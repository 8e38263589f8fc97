// The hot loops of the N3MR sweep: one face against the scanlines of one axis.
//
// Written with the compiler's vector extension at a fixed width of 16 bytes, which every processor
// has. Partial sums are kept per lane, so each sum is formed in one order whatever the instruction
// set.
#pragma once

#include <cstdint>
#include <cstring>

#include "cc/core/n3mr.h"
#include "cc/kernels/n3mr_scanlines.h"

namespace mesh_renderer {
namespace n3mr_sweep {

template <typename T>
struct VectorTypes;

template <>
struct VectorTypes<float> {
  typedef float Vector __attribute__((vector_size(16)));
  typedef int32_t Mask __attribute__((vector_size(16)));
  static constexpr Vector kIota = {0, 1, 2, 3};
};

template <>
struct VectorTypes<double> {
  typedef double Vector __attribute__((vector_size(16)));
  typedef int64_t Mask __attribute__((vector_size(16)));
  static constexpr Vector kIota = {0, 1};
};

template <typename T>
using Vector = typename VectorTypes<T>::Vector;

template <typename T>
using Mask = typename VectorTypes<T>::Mask;

template <typename T>
constexpr int kWidth = sizeof(Vector<T>) / sizeof(T);

constexpr int kUnroll = 2;  // vectors per block: hides the latency of a division

template <typename T>
constexpr int kBlock = kWidth<T>* kUnroll;

static_assert(kBlock<float> <= kScanlinePadding, "the last block of a scanline reads past its end");

// Gradient to one end of an edge, per lane.
template <typename T>
struct LaneSums {
  Vector<T> part[kUnroll];
};

// An edge on one scanline: what all pixels swept share.
template <typename T>
struct ScanlineSweep {
  const T* image;          // [C, length] of the scanline
  const T* grad;           // [C, length]
  const int32_t* face_id;  // [length]
  int32_t face;
  T at;  // where the edge crosses
  N3mrLevers<T> levers;
  T eps;
  LaneSums<T>* sum_a;
  LaneSums<T>* sum_b;
};

// Pixels begin..last of a scanline; `reference` is the pixel whose colour would take their place.
struct Block {
  int reference;
  int begin;
  int last;
};

template <typename T>
MR_HOST_DEVICE Vector<T> LoadVector(const T* from) {
  Vector<T> vector;
  std::memcpy(&vector, from, sizeof(vector));
  return vector;
}

// Which of the pixels from `face_id` on show the face.
template <typename T>
MR_HOST_DEVICE Mask<T> ShowsFace(const int32_t* face_id, int32_t face) {
  typedef int32_t Ids __attribute__((vector_size(kWidth<T> * sizeof(int32_t))));
  Ids ids;
  std::memcpy(&ids, face_id, sizeof(ids));
  return __builtin_convertvector(ids == face, Mask<T>);
}

template <typename M>
MR_HOST_DEVICE bool Any(const M& mask) {
  int64_t halves[2];
  std::memcpy(halves, &mask, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

template <typename T>
MR_HOST_DEVICE void AddEnd(T lever, T eps, const Vector<T>& distance, const Vector<T>& counted,
                           Vector<T>* sum) {
  if (lever != T(0)) *sum -= counted / N3mrDisplacement(lever, distance, eps);
}

// Most blocks hold no pixel that counts: the loss falls nowhere, or the colour is the same. So the
// divisions come last. A gradient of NaN counts and reaches the vertices. eps > 0 keeps the
// quotients of lanes that do not count at 0.
template <typename T, int kChannels, bool kInside, bool kPartial>
MR_HOST_DEVICE void AddBlock(const Scanlines<T>& lines, const ScanlineSweep<T>& sweep,
                             const Block& block) {
  const int64_t channels = kChannels > 0 ? kChannels : lines.num_channels;
  Vector<T> saved[kUnroll] = {};  // by how much the loss falls: equation 5 without the sign
  for (int64_t c = 0; c < channels; ++c) {
    const T* image = sweep.image + c * lines.length;
    const T* grad = sweep.grad + c * lines.length + block.begin;
    for (int i = 0; i < kUnroll; ++i) {
      const Vector<T> colour = LoadVector(image + block.begin + i * kWidth<T>);
      saved[i] += (colour - image[block.reference]) * LoadVector(grad + i * kWidth<T>);
    }
  }
  Mask<T> counts[kUnroll];
  Mask<T> any = {};
  for (int i = 0; i < kUnroll; ++i) {
    counts[i] = ~(saved[i] <= T(0));
    const int begin = block.begin + i * kWidth<T>;
    if (kPartial) counts[i] &= VectorTypes<T>::kIota <= T(block.last - begin);
    if (kInside) counts[i] &= ShowsFace<T>(sweep.face_id + begin, sweep.face);
    any |= counts[i];
  }
  if (!Any(any)) return;
  for (int i = 0; i < kUnroll; ++i) {
    const Vector<T> counted = counts[i] ? saved[i] : Vector<T>{};
    const Vector<T> pixel = VectorTypes<T>::kIota + T(block.begin + i * kWidth<T>);
    AddEnd(sweep.levers.a, sweep.eps, pixel - sweep.at, counted, &sweep.sum_a->part[i]);
    AddEnd(sweep.levers.b, sweep.eps, pixel - sweep.at, counted, &sweep.sum_b->part[i]);
  }
}

template <typename T, int kChannels, bool kInside>
MR_HOST_DEVICE void AddPixels(const Scanlines<T>& lines, const ScanlineSweep<T>& sweep,
                              int reference, const N3mrRange& pixels) {
  int begin = pixels.first;
  for (; begin + kBlock<T> <= pixels.last + 1; begin += kBlock<T>) {
    AddBlock<T, kChannels, kInside, false>(lines, sweep, {reference, begin, pixels.last});
  }
  if (begin <= pixels.last) {
    AddBlock<T, kChannels, kInside, true>(lines, sweep, {reference, begin, pixels.last});
  }
}

// Adds to sweep->sum_a and sum_b. The caller has set what does not depend on the scanline.
template <typename T, int kChannels>
MR_HOST_DEVICE void SweepScanline(const Scanlines<T>& lines, const N3mrEdge<T>& edge, int step,
                                  T ndc_per_pixel, ScanlineSweep<T>* sweep) {
  const N3mrRange active = lines.active[step];
  const N3mrCrossing<T> crossing = N3mrCross(edge, step, lines.length);
  if (active.first > active.last || !crossing.on_image) return;
  const int64_t values = (kChannels > 0 ? kChannels : lines.num_channels) * lines.length;
  sweep->image = lines.values + 2 * step * values;
  sweep->grad = sweep->image + values;
  sweep->face_id = lines.face_id + int64_t{step} * lines.length;
  sweep->at = crossing.at;
  sweep->levers = N3mrMakeLevers(edge, step, ndc_per_pixel);
  if (sweep->face_id[crossing.inside] == sweep->face) {
    const N3mrRange outside = N3mrOutsideRange(edge, crossing, lines.length);
    AddPixels<T, kChannels, false>(lines, *sweep, crossing.inside,
                                   N3mrIntersection(outside, active));
  }
  const N3mrRange inside = N3mrInsideRange(edge, crossing, step, lines.length);
  AddPixels<T, kChannels, true>(lines, *sweep, crossing.outside, N3mrIntersection(inside, active));
}

template <typename T>
MR_HOST_DEVICE T Total(const LaneSums<T>& sums) {
  T total = 0;
  for (const Vector<T>& part : sums.part) {
    for (int lane = 0; lane < kWidth<T>; ++lane) total += part[lane];
  }
  return total;
}

// Sets grad[k] to the gradient across (y for columns, x for rows) to vertex k, in NDC. Vertices
// counter-clockwise.
template <typename T, int kChannels>
void SweepFace(const Scanlines<T>& lines, int32_t face, const N3mrVertex<T>* vertices, T eps,
               T* grad) {
  const N3mrFace<T> scan_face = N3mrMakeFace(lines.axis, vertices);
  const T ndc_per_pixel = T(2) / T(lines.length);
  LaneSums<T> sums[3] = {};
  for (int a = 0; a < 3; ++a) {
    const int b = (a + 1) % 3;
    if (!vertices[a].usable || !vertices[b].usable) continue;
    const N3mrEdge<T> edge = N3mrMakeEdge(lines.axis, scan_face, a);
    const N3mrRange steps = N3mrScanlines(edge, lines.count);
    ScanlineSweep<T> sweep = {nullptr, nullptr, nullptr, face, 0, {}, eps, &sums[a], &sums[b]};
    for (int step = steps.first; step <= steps.last; ++step) {
      SweepScanline<T, kChannels>(lines, edge, step, ndc_per_pixel, &sweep);
    }
  }
  for (int k = 0; k < 3; ++k) grad[k] = Total(sums[k]);
}

}  // namespace n3mr_sweep
}  // namespace mesh_renderer
