// Steps of SoftrasFragments. Included once per instruction set by
// softras_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include <limits>

#include "cc/kernels/softras_face-inl.h"

namespace mesh_renderer {
namespace {

// A fragment of every pixel of a block, or none where the depth is infinite.
template <typename T>
struct FragmentLanes {
  Lanes<T> numbers[kFragmentNumbers];
  Lanes<int32_t> face;
};

// Exchanges the pixels `which` of a fragment with those in memory.
template <typename T>
MR_HOST_DEVICE void Exchange(PixelMask which, FragmentLanes<T>* fragment, T* numbers,
                             int32_t* ids) {
  for (int i = 0; i < kFragmentNumbers; ++i) {
    T* const place = numbers + i * kSoftBlockPixels;
    const Lanes<T> stored = Load(place);
    Store(Select(which, fragment->numbers[i], stored), place);
    fragment->numbers[i] = Select(which, stored, fragment->numbers[i]);
  }
  const Lanes<int32_t> stored = Load(ids);
  Store(Select(which, fragment->face, stored), ids);
  fragment->face = Select(which, stored, fragment->face);
}

// Sorts a fragment into those of a block: nearest first, equals in the order of their arrival. What
// falls out at the end is lost.
template <typename T>
MR_HOST_DEVICE void InsertFragment(FragmentLanes<T> fragment, int num_fragments, T* numbers,
                                   int32_t* ids) {
  constexpr T kNone = std::numeric_limits<T>::infinity();
  PixelMask moved = 0;
  for (int k = 0; k < num_fragments; ++k) {
    const Lanes<T> depth = fragment.numbers[kFragmentDepth];
    if (ToBits(depth < kNone) == 0) return;
    moved |= ToBits(depth < Load(numbers));  // once one is moved, so are those behind it
    if (moved != 0) Exchange(moved, &fragment, numbers, ids);
    numbers += kFragmentNumbers * kSoftBlockPixels;
    ids += kSoftBlockPixels;
  }
}

template <typename T>
MR_HOST_DEVICE void AddFragment(const FragmentsImage<T>& image, const ViewedFace<T>& face,
                                int32_t f, const Vec2<Lanes<T>>& pixel, T* numbers, int32_t* ids) {
  const FaceAtPixel<Lanes<T>> at = LookAt(face.blurred, image.blur, pixel);
  if (ToBits(at.reached) == 0) return;
  const PointAtPixel<Lanes<T>> seen = PointAt(face, image.view, at);
  const PixelMask counts = ToBits(seen.in_range);
  if (counts == 0) return;
  int32_t* const count = ids + image.num_fragments * kSoftBlockPixels;
  const Lanes<int32_t> counted = Load(count);
  Store(Select(counts, counted + Broadcast(int32_t{1}), counted), count);
  FragmentLanes<T> fragment;
  fragment.numbers[kFragmentDepth] =
      Select(seen.in_range, seen.point.depth, std::numeric_limits<T>::infinity());
  fragment.numbers[kFragmentCoverage] = CoverageAt(at, image.blur).hit;
  for (int k = 0; k < 3; ++k) fragment.numbers[kFragmentWeights + k] = seen.point.weight[k];
  fragment.face = Broadcast(f);
  InsertFragment(fragment, image.num_fragments, numbers, ids);
}

// Writes the fragments of some pixels of a block that lie in one row of the image.
template <typename T>
MR_HOST_DEVICE void WriteFragments(const FragmentsImage<T>& image, const BlockRow& row,
                                   const T* numbers, const int32_t* ids) {
  for (int i = 0; i < row.count; ++i) {
    image.count[row.pixel + i] = ids[image.num_fragments * kSoftBlockPixels + i];
    for (int k = 0; k < image.num_fragments; ++k) {
      const int64_t to = (row.pixel + i) * image.num_fragments + k;
      const T* const from = numbers + k * kFragmentNumbers * kSoftBlockPixels + i;
      const int32_t f = ids[k * kSoftBlockPixels + i];
      image.face_id[to] = f;
      image.depth[to] = f < 0 ? T(0) : from[kFragmentDepth * kSoftBlockPixels];
      image.coverage[to] = from[kFragmentCoverage * kSoftBlockPixels];
      for (int corner = 0; corner < 3; ++corner) {
        image.barycentrics[to * 3 + corner] = from[(kFragmentWeights + corner) * kSoftBlockPixels];
      }
    }
  }
}

template <typename T>
void DrawFragmentsBand(const FragmentsImage<T>& shared_image, int band,
                       const FragmentScratch<T>& scratch) {
  const FragmentsImage<T> image = shared_image;  // seen by nobody else: stays in registers
  const BlockCenters<T>& centers = image.faces.centers();
  const SoftScene<T>& scene = image.faces.scene();
  const int row_begin = band * kBandBlockRows;
  const int row_end = std::min(row_begin + kBandBlockRows, centers.rows());
  const int64_t first_block = int64_t{row_begin} * centers.columns();
  const int64_t num_blocks = int64_t{row_end - row_begin} * centers.columns();
  const int64_t stride = int64_t{image.num_fragments} * kFragmentNumbers * kSoftBlockPixels;
  const int64_t id_stride = int64_t{image.num_fragments + 1} * kSoftBlockPixels;
  std::fill_n(scratch.numbers, num_blocks * stride, T(0));
  for (int64_t i = 0; i < num_blocks * image.num_fragments; ++i) {
    std::fill_n(scratch.numbers + (i * kFragmentNumbers + kFragmentDepth) * kSoftBlockPixels,
                kSoftBlockPixels, std::numeric_limits<T>::infinity());
  }
  std::fill_n(scratch.ids, num_blocks * id_stride, -1);
  for (int64_t i = 1; i <= num_blocks; ++i) {
    std::fill_n(scratch.ids + i * id_stride - kSoftBlockPixels, kSoftBlockPixels, 0);
  }
  const int32_t* const end = image.faces.BandFacesEnd(band);
  for (const int32_t* f = image.faces.BandFacesBegin(band); f < end; ++f) {
    const ViewedFace<T> face = ViewedFaceOf(image.faces, image.view, *f);
    if (!face.is_shown) continue;
    ForEachBlock(centers, image.faces.face(*f), row_begin, row_end,
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   AddFragment(image, face, *f, pixel,
                               scratch.numbers + (block - first_block) * stride,
                               scratch.ids + (block - first_block) * id_stride);
                 });
  }
  ForEachBlockRow(scene.height, scene.width, row_begin, row_end, [&](const BlockRow& row) {
    const int64_t block = row.lane / kSoftBlockPixels - first_block;
    const int64_t lane = row.lane % kSoftBlockPixels;
    WriteFragments(image, row, scratch.numbers + block * stride + lane,
                   scratch.ids + block * id_stride + lane);
  });
}

MR_HOST_DEVICE PixelMask EqualBits(const Lanes<int32_t>& values, int32_t value) {
  const Lanes<int32_t> wanted = Broadcast(value);
  PixelMask bits = 0;
  for (int i = 0; i < Lanes<int32_t>::kRegisters; ++i) {
    bits |= MaskBits(values.registers[i] == wanted.registers[i])
            << (i * Lanes<int32_t>::kPerRegister);
  }
  return bits;
}

// The gradients of the fragments that show a face, 0 where there is none. Whether there are any.
template <typename T>
MR_HOST_DEVICE bool GatherFragments(const FragmentsGradImage<T>& image, int64_t block, int32_t f,
                                    Lanes<T>* gradients) {
  const int32_t* const ids = image.ids + block * image.num_fragments * kSoftBlockPixels;
  const T* const numbers =
      image.numbers + block * image.num_fragments * kFragmentNumbers * kSoftBlockPixels;
  for (int i = 0; i < kFragmentNumbers; ++i) gradients[i] = Broadcast(T(0));
  PixelMask found = 0;
  for (int k = 0; k < image.used[block]; ++k) {
    const PixelMask shows = EqualBits(Load(ids + k * kSoftBlockPixels), f);
    if (shows == 0) continue;
    found |= shows;
    for (int i = 0; i < kFragmentNumbers; ++i) {
      const T* const from = numbers + (k * kFragmentNumbers + i) * kSoftBlockPixels;
      gradients[i] = Select(shows, Load(from), gradients[i]);
    }
  }
  return found != 0;
}

template <typename T>
MR_HOST_DEVICE void AddFragmentGradient(const FragmentsGradImage<T>& image,
                                        const ViewedFace<T>& face, int32_t f, int64_t block,
                                        const Vec2<Lanes<T>>& pixel, CornerSums<Lanes<T>>* sums) {
  Lanes<T> gradients[kFragmentNumbers];
  if (!GatherFragments(image, block, f, gradients)) return;
  const FaceAtPixel<Lanes<T>> at = LookAt(face.blurred, image.blur, pixel);
  const PointAtPixel<Lanes<T>> seen = PointAt(face, image.view, at);
  Lanes<T> grad_weights[3];
  AddPointGradient(face, image.view.perspective, at, seen, gradients[kFragmentDepth],
                   gradients + kFragmentWeights, grad_weights, sums);
  const SoftCoverage<Lanes<T>> coverage = CoverageAt(at, image.blur);
  AddDistanceGradient(face.blurred, image.blur, pixel, at,
                      gradients[kFragmentCoverage] * coverage.hit * coverage.miss, grad_weights,
                      sums);
}

template <typename T>
void FragmentsBackwardOf(const FragmentsGradImage<T>& shared_image, int64_t begin, int64_t end,
                         SoftCornerGradient<T>* corners) {
  const FragmentsGradImage<T> image = shared_image;
  const BlockCenters<T>& centers = image.faces.centers();
  const auto is_used = [&](int64_t block) { return image.used[block] != 0; };
  for (int64_t f = begin; f < end; ++f) {
    std::fill_n(corners + f * 3, 3, SoftCornerGradient<T>{});
    const SoftFace<T>& pixels = image.faces.face(f);
    if (!AnyBlock(centers, pixels, 0, centers.rows(), is_used)) continue;
    const ViewedFace<T> face = ViewedFaceOf(image.faces, image.view, f);
    CornerSums<Lanes<T>> sums = {};
    ForEachBlock(centers, pixels, 0, centers.rows(),
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   AddFragmentGradient(image, face, static_cast<int32_t>(f), block, pixel, &sums);
                 });
    WriteCorners(sums, face.depth, corners + f * 3);
  }
}

}  // namespace
}  // namespace mesh_renderer
