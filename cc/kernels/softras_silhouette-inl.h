// Steps of SoftrasSilhouette. Included once per instruction set by
// softras_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include "cc/kernels/softras_face-inl.h"

namespace mesh_renderer {
namespace {

template <typename T>
void DrawAlphaBand(const SilhouetteImage<T>& shared_image, int band, T* scratch) {
  const SilhouetteImage<T> image = shared_image;  // seen by nobody else: stays in registers
  const BlockCenters<T>& centers = image.faces.centers();
  const int row_begin = band * kBandBlockRows;
  const int row_end = std::min(row_begin + kBandBlockRows, centers.rows());
  const int64_t first_block = int64_t{row_begin} * centers.columns();
  const int64_t num_blocks = int64_t{row_end - row_begin} * centers.columns();
  std::fill_n(scratch, num_blocks * kSoftBlockPixels, EmptyAlpha<T>(image.aggregation));
  const int32_t* const end = image.faces.BandFacesEnd(band);
  for (const int32_t* f = image.faces.BandFacesBegin(band); f < end; ++f) {
    const BlurredFace<T> face = BlurredFaceOf(image.faces, *f);
    ForEachBlock(centers, image.faces.face(*f), row_begin, row_end,
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   const FaceAtPixel<Lanes<T>> at = LookAt(face, image.blur, pixel);
                   if (ToBits(at.reached) == 0) return;
                   T* const total = scratch + (block - first_block) * kSoftBlockPixels;
                   Store(AddToAlpha<T>(image.aggregation, Load(total), CoverageAt(at, image.blur),
                                       at.reached),
                         total);
                 });
  }
  const SoftScene<T>& scene = image.faces.scene();
  ForEachBlockRow(scene.height, scene.width, row_begin, row_end, [&](const BlockRow& row) {
    const T* const total = scratch + row.lane - first_block * kSoftBlockPixels;
    for (int i = 0; i < row.count; ++i) {
      image.alpha[row.pixel + i] = AlphaOfTotal(image.aggregation, total[i], image.num_faces);
    }
  });
}

template <typename T>
MR_HOST_DEVICE void AddAlphaGradient(const SilhouetteGradImage<T>& image,
                                     const BlurredFace<T>& face, int64_t block,
                                     const Vec2<Lanes<T>>& pixel, CornerSums<Lanes<T>>* sums) {
  const FaceAtPixel<Lanes<T>> at = LookAt(face, image.blur, pixel);
  const Lanes<T> shared = Load(image.shared + block * kSoftBlockPixels);
  const LaneMask<T> counts = at.reached & (shared != T(0));
  if (ToBits(counts) == 0) return;
  // Zero first: far from a face its coverage is so small that products with it get denormal.
  const Lanes<T> grad_logit =
      FaceAlphaBackward<T>(image.aggregation, /*original=*/false, CoverageAt(at, image.blur),
                           Select(counts, shared, T(0)));
  if (image.blur.distance == SoftDistance::kEuclidean) {  // no weights to care for
    return AddSquareGradient(face, image.blur, pixel, at, grad_logit, sums);
  }
  Lanes<T> grad_weights[3] = {};
  AddDistanceGradient(face, image.blur, pixel, at, grad_logit, grad_weights, sums);
}

template <typename T>
void AlphaBackwardOfFaces(const SilhouetteGradImage<T>& shared_image, int64_t begin, int64_t end,
                          SoftCornerGradient<T>* corners) {
  const SilhouetteGradImage<T> image = shared_image;
  const BlockCenters<T>& centers = image.faces.centers();
  const auto has_shared = [&](int64_t block) { return image.has_shared[block] != 0; };
  for (int64_t f = begin; f < end; ++f) {
    std::fill_n(corners + f * 3, 3, SoftCornerGradient<T>{});
    const SoftFace<T>& pixels = image.faces.face(f);
    if (!AnyBlock(centers, pixels, 0, centers.rows(), has_shared)) continue;
    const BlurredFace<T> face = BlurredFaceOf(image.faces, f);
    CornerSums<Lanes<T>> sums = {};
    ForEachBlock(centers, pixels, 0, centers.rows(),
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   if (has_shared(block)) AddAlphaGradient(image, face, block, pixel, &sums);
                 });
    T totals[6];
    SumAll<6>(sums.sums, totals);
    for (int k = 0; k < 3; ++k) corners[f * 3 + k].ndc = {totals[k], totals[3 + k]};
  }
}

}  // namespace
}  // namespace mesh_renderer
