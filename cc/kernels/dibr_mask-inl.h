// Bodies of DibrMaskSteps. Included once per instruction set by
// dibr_mask_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include "cc/kernels/soft_blocks-inl.h"
//
#include <memory>
#include <vector>

#include "cc/core/dibr.h"
#include "cc/kernels/dibr_mask_steps.h"

namespace mesh_renderer {
namespace {

// The blocks of one band while its faces are added up.
template <typename T>
class MaskBand {
 public:
  MaskBand(const DibrMaskImage<T>& image, int band)
      : image_(image),
        scene_(image.faces.scene()),
        row_begin_(band * kBandBlockRows),
        row_end_(std::min(row_begin_ + kBandBlockRows, image.faces.centers().rows())),
        first_block_(int64_t{row_begin_} * image.faces.centers().columns()),
        first_lane_(first_block_ * kSoftBlockPixels),
        num_blocks_((row_end_ - row_begin_) * image.faces.centers().columns()),
        product_(num_blocks_ * kSoftBlockPixels, T(1)),
        open_(num_blocks_, 0),
        count_(image.settings.k_faces > 0 ? product_.size() : 0, T(0)),
        last_face_(count_.size(), static_cast<int32_t>(scene_.num_faces)) {
    ForEachRow([this](const BlockRow& row) {
      for (int i = 0; i < row.count; ++i) {
        const int64_t lane = row.lane - first_lane_ + i;
        const bool open = image_.face_id[row.pixel + i] < 0;
        open_[lane / kSoftBlockPixels] |= open << (lane % kSoftBlockPixels);
      }
    });
  }

  void AddFace(int32_t f) {
    const SoftFace<T>& face = image_.faces.face(f);
    const auto is_open = [this](int64_t block) { return open_[block - first_block_] != 0; };
    if (!AnyBlock(image_.faces.centers(), face, row_begin_, row_end_, is_open)) return;
    const Boundary<T> boundary = MakeBoundary(face.corner);
    const ReachBox<T> box = BoxOf(face.corner, scene_.reach);
    ForEachBlock(image_.faces.centers(), face, row_begin_, row_end_,
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   AddBlock(f, boundary, box, block - first_block_, pixel);
                 });
  }

  void Write() const {
    ForEachRow([this](const BlockRow& row) {
      for (int i = 0; i < row.count; ++i) {
        const int64_t lane = row.lane - first_lane_ + i;
        const bool open = open_[lane / kSoftBlockPixels] >> (lane % kSoftBlockPixels) & 1;
        image_.mask[row.pixel + i] = open ? T(1) - product_[lane] : T(1);
        image_.last_face[row.pixel + i] = LastFace(lane);
      }
    });
  }

 private:
  template <typename Body>
  void ForEachRow(const Body& body) const {
    ForEachBlockRow(scene_.height, scene_.width, row_begin_, row_end_, body);
  }

  void AddBlock(int32_t f, const Boundary<T>& boundary, const ReachBox<T>& box, int64_t block,
                const Vec2<Lanes<T>>& pixel) {
    if (open_[block] == 0) return;
    PixelMask counted = ToBits(InHalfOpenBox(pixel, box)) & open_[block];
    if (counted == 0) return;
    const int64_t lane = block * kSoftBlockPixels;
    if (!count_.empty()) counted = CountFace(f, counted, lane);
    const Lanes<T> probability =
        DibrProbability(SquaredDistance(pixel, boundary), static_cast<T>(image_.settings.sigma_inv),
                        image_.settings.falloff == Falloff::kLinear);
    const Lanes<T> product = Load(&product_[lane]);
    Store(Select(counted, product * (T(1) - probability), product), &product_[lane]);
  }

  // The pixels among `candidates` that have not seen k_faces faces yet; they have seen one more.
  PixelMask CountFace(int32_t f, PixelMask candidates, int64_t lane) {
    const Lanes<T> count = Load(&count_[lane]);
    const T k_faces = static_cast<T>(image_.settings.k_faces);
    const PixelMask counted = ToBits(count < k_faces) & candidates;
    Store(Select(counted, count + T(1), count), &count_[lane]);
    MaskedFill(counted, f, &last_face_[lane]);
    return counted;
  }

  int32_t LastFace(int64_t lane) const {
    const bool cut = !count_.empty() && count_[lane] >= static_cast<T>(image_.settings.k_faces);
    return cut ? last_face_[lane] : static_cast<int32_t>(scene_.num_faces);
  }

  const DibrMaskImage<T>& image_;
  const SoftScene<T>& scene_;
  const int row_begin_, row_end_;  // block rows
  const int64_t first_block_, first_lane_, num_blocks_;
  std::vector<T> product_;          // of 1 - A
  std::vector<uint16_t> open_;      // per block: the pixels without a face
  std::vector<T> count_;            // of faces so far; only where they are cut
  std::vector<int32_t> last_face_;  // that was counted
};

template <typename T>
void DrawMaskBand(const DibrMaskImage<T>& image, int band) {
  MaskBand<T> blocks(image, band);
  const int32_t* const end = image.faces.BandFacesEnd(band);
  for (const int32_t* f = image.faces.BandFacesBegin(band); f < end; ++f) blocks.AddFace(*f);
  blocks.Write();
}

// What one face gathers from the pixels in its reach.
template <typename T>
class MaskFaceGradient {
 public:
  MaskFaceGradient(const DibrMaskGradImage<T>& image, int64_t f)
      : image_(image),
        f_(f),
        boundary_(MakeBoundary(image.faces.face(f).corner)),
        box_(BoxOf(image.faces.face(f).corner, image.faces.scene().reach)),
        sigma_inv_(static_cast<T>(image.settings.sigma_inv)),
        eps_(static_cast<T>(image.settings.eps)),
        linear_(image.settings.falloff == Falloff::kLinear) {}

  void AddBlock(int64_t block, const Vec2<Lanes<T>>& pixel) {
    if (!image_.has_weight[block]) return;
    const int64_t lane = block * kSoftBlockPixels;
    const Lanes<T> weight = Load(image_.weight + lane);
    PixelMask counted = ToBits(InHalfOpenBox(pixel, box_) & (weight != T(0)));
    if (image_.last_face != nullptr) counted &= CountedBits(image_.last_face + lane);
    if (counted == 0) return;
    const BoundaryPoint<Lanes<T>> nearest = NearestOnBoundary(pixel, boundary_);
    const Lanes<T> grad = Select(
        counted, DibrFaceBackward(nearest.square, weight, sigma_inv_, eps_, linear_), Lanes<T>{});
    for (int k = 0; k < 3; ++k) {
      const Vec2<Lanes<T>> corner = SquaredDistanceBackward(nearest, k, grad);
      sums_[k] = {sums_[k].x + corner.x, sums_[k].y + corner.y};
    }
  }

  void Write(SoftCornerGradient<T>* corners) const {
    for (int k = 0; k < 3; ++k) {
      corners[k] = {{SumLanes(sums_[k].x), SumLanes(sums_[k].y)}, T(0)};
    }
  }

 private:
  PixelMask CountedBits(const int32_t* last_face) const {
    PixelMask bits = 0;
    for (int i = 0; i < kSoftBlockPixels; ++i) bits |= PixelMask{last_face[i] >= f_} << i;
    return bits;
  }

  const DibrMaskGradImage<T>& image_;
  const int64_t f_;
  const Boundary<T> boundary_;
  const ReachBox<T> box_;
  const T sigma_inv_, eps_;
  const bool linear_;
  Vec2<Lanes<T>> sums_[3] = {};
};

template <typename T>
void MaskFaceBackward(const DibrMaskGradImage<T>& image, int64_t f,
                      SoftCornerGradient<T>* corners) {
  const BlockCenters<T>& centers = image.faces.centers();
  const SoftFace<T>& face = image.faces.face(f);
  const auto has_weight = [&](int64_t block) { return image.has_weight[block] != 0; };
  std::fill_n(corners, 3, SoftCornerGradient<T>{});
  if (!AnyBlock(centers, face, 0, centers.rows(), has_weight)) return;
  MaskFaceGradient<T> gradient(image, f);
  ForEachBlock(centers, face, 0, centers.rows(), [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
    gradient.AddBlock(block, pixel);
  });
  gradient.Write(corners);
}

template <typename T>
DibrMaskSteps<T> MaskStepsOfThisTarget() {
  return {DrawMaskBand<T>, MaskFaceBackward<T>};
}

}  // namespace
}  // namespace mesh_renderer
