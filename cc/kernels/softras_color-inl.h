// Steps of SoftrasColor that draw. Included once per instruction set by
// softras_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include "cc/kernels/softras_face-inl.h"  // first: it explains and silences -Wpsabi
//
#include "cc/core/softras_color.h"
#include "cc/kernels/channel_lanes.h"

namespace mesh_renderer {
namespace {

// The numbers of one quantity of a block.
template <typename T>
MR_HOST_DEVICE T* Quantity(T* block, int64_t quantity) {
  return block + quantity * kSoftBlockPixels;
}

// Offsets of the texels that pixels see, in numbers from the first texel of the face.
template <typename T>
MR_HOST_DEVICE void LocateTexels(const Lanes<T>* weight, const ImageColors<T>& colors,
                                 int32_t* offsets) {
  T place[2][kSoftBlockPixels];
  for (int axis = 0; axis < 2; ++axis) {
    Store(weight[axis] * static_cast<T>(colors.side), place[axis]);
  }
  for (int i = 0; i < kSoftBlockPixels; ++i) {
    offsets[i] = SurfaceTexel(place[0][i], place[1][i], static_cast<int>(colors.side)) *
                 static_cast<int>(colors.num_channels);
  }
}

// The colours of one face, as the pixels of a block see them.
template <typename T>
class FaceColors {
 public:
  MR_HOST_DEVICE FaceColors(const ImageColors<T>& colors, const int32_t* faces, int64_t f)
      : colors_(colors) {
    for (int k = 0; k < 3; ++k)
      corners_[k] = colors.values + faces[f * 3 + k] * colors.num_channels;
    if (is_surface()) {
      corners_[0] = colors.values + f * colors.side * colors.side * colors.num_channels;
    }
  }

  MR_HOST_DEVICE bool is_surface() const { return colors_.side > 0; }
  MR_HOST_DEVICE T Corner(int k, int64_t channel) const { return corners_[k][channel]; }

  // Before At and Offset are asked about a surface.
  MR_HOST_DEVICE void LookAtBlock(const Lanes<T>* weight) {
    if (is_surface()) LocateTexels(weight, colors_, offsets_);
  }
  MR_HOST_DEVICE int32_t Offset(int pixel) const { return offsets_[pixel]; }

  MR_HOST_DEVICE Lanes<T> At(const Lanes<T>* weight, int64_t channel) const {
    if (!is_surface()) {
      return weight[0] * Corner(0, channel) + weight[1] * Corner(1, channel) +
             weight[2] * Corner(2, channel);
    }
    T values[kSoftBlockPixels];
    for (int i = 0; i < kSoftBlockPixels; ++i) values[i] = corners_[0][offsets_[i] + channel];
    return Load(values);
  }

 private:
  const ImageColors<T> colors_;
  const T* corners_[3];  // the first one: the texels
  int32_t offsets_[kSoftBlockPixels];
};

template <int kChannels, typename T>
MR_HOST_DEVICE void AddColor(const ColorImage<T>& image, const ViewedFace<T>& face, int64_t f,
                             const Vec2<Lanes<T>>& pixel, FaceColors<T>* colors, T* block) {
  const FaceAtPixel<Lanes<T>> at = LookAt(face.blurred, image.blur, pixel);
  if (ToBits(at.reached) == 0) return;
  const SoftCoverage<Lanes<T>> coverage = CoverageAt(at, image.blur);
  T* const alpha = Quantity(block, kAlphaTotal);
  Store(AddToAlpha<T>(image.mix.alpha, Load(alpha), coverage, at.reached), alpha);
  if (!face.is_shown) return;
  const PointAtPixel<Lanes<T>> seen = PointAt(face, image.view, at);
  T* const sum = Quantity(block, kSoftmaxSum);
  T* const largest = Quantity(block, kLargest);
  SoftmaxTotal<Lanes<T>> total = {Load(sum), Load(largest)};
  if (ToBits(MayMix(image.mix, seen, total.largest)) == 0) return;
  const SoftmaxStep<Lanes<T>> step =
      MixFace(image.mix, static_cast<T>(f), at, seen, coverage.hit, &total);
  Store(total.sum, sum);
  Store(total.largest, largest);
  colors->LookAtBlock(seen.point.weight);
  const int64_t num_channels = KnownOr<kChannels>(image.colors.num_channels);
  for (int64_t c = 0; c < num_channels; ++c) {
    T* const color = Quantity(block, kDrawnColor + c);
    Store(Load(color) * step.keep + colors->At(seen.point.weight, c) * step.add, color);
  }
}

template <typename T>
MR_HOST_DEVICE void ClearColorBlock(const ColorImage<T>& image, T* block) {
  const SoftmaxTotal<T> total = EmptyTotal(image.mix);
  std::fill_n(Quantity(block, kAlphaTotal), kSoftBlockPixels, EmptyAlpha<T>(image.mix.alpha));
  std::fill_n(Quantity(block, kSoftmaxSum), kSoftBlockPixels, total.sum);
  std::fill_n(Quantity(block, kLargest), kSoftBlockPixels, total.largest);
  for (int64_t c = 0; c < image.colors.num_channels; ++c) {
    std::fill_n(Quantity(block, kDrawnColor + c), kSoftBlockPixels,
                image.background[c] * EmptyWeight(image.mix));
  }
}

// Turns the sums of a block into what the op returns.
template <typename T>
MR_HOST_DEVICE void FinishColorBlock(const ColorImage<T>& image, T* block) {
  T* const alpha = Quantity(block, kAlphaTotal);
  for (int i = 0; i < kSoftBlockPixels; ++i) {
    alpha[i] = AlphaOfTotal(image.mix.alpha, alpha[i], image.num_faces);
  }
  if (image.mix.rgb == RgbAggregation::kHard) return;
  const Lanes<T> inverse_sum = T(1) / Load(Quantity(block, kSoftmaxSum));
  for (int64_t c = 0; c < image.colors.num_channels; ++c) {
    T* const color = Quantity(block, kDrawnColor + c);
    Store(Load(color) * inverse_sum, color);
  }
}

template <int kChannels, typename T>
void DrawColorBandOf(const ColorImage<T>& shared_image, int band, T* scratch) {
  const ColorImage<T> image = shared_image;  // seen by nobody else: stays in registers
  const BlockCenters<T>& centers = image.faces.centers();
  const SoftScene<T>& scene = image.faces.scene();
  const int row_begin = band * kBandBlockRows;
  const int row_end = std::min(row_begin + kBandBlockRows, centers.rows());
  const int64_t first_block = int64_t{row_begin} * centers.columns();
  const int64_t num_blocks = int64_t{row_end - row_begin} * centers.columns();
  const int64_t num_channels = KnownOr<kChannels>(image.colors.num_channels);
  const int64_t stride = (kDrawnColor + num_channels) * kSoftBlockPixels;
  for (int64_t i = 0; i < num_blocks; ++i) ClearColorBlock(image, scratch + i * stride);
  const int32_t* const end = image.faces.BandFacesEnd(band);
  for (const int32_t* f = image.faces.BandFacesBegin(band); f < end; ++f) {
    const ViewedFace<T> face = ViewedFaceOf(image.faces, image.view, *f);
    FaceColors<T> colors(image.colors, scene.faces, *f);
    ForEachBlock(centers, image.faces.face(*f), row_begin, row_end,
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   AddColor<kChannels>(image, face, *f, pixel, &colors,
                                       scratch + (block - first_block) * stride);
                 });
  }
  for (int64_t i = 0; i < num_blocks; ++i) FinishColorBlock(image, scratch + i * stride);
  ForEachBlockRow(scene.height, scene.width, row_begin, row_end, [&](const BlockRow& row) {
    const int64_t lane = row.lane % kSoftBlockPixels;
    const T* const from = scratch + (row.lane / kSoftBlockPixels - first_block) * stride + lane;
    for (int i = 0; i < row.count; ++i) {
      T* const to = image.image + (row.pixel + i) * (num_channels + 1);
      for (int64_t c = 0; c < num_channels; ++c) to[c] = Quantity(from, kDrawnColor + c)[i];
      to[num_channels] = Quantity(from, kAlphaTotal)[i];
      T* const aggregates = image.aggregates + (row.pixel + i) * 2;
      aggregates[0] = Quantity(from, kSoftmaxSum)[i];
      aggregates[1] = Quantity(from, kLargest)[i];
    }
  });
}

// Calls body(ChannelCount<n>). In double the number of channels is never known to the compiler:
// speed matters less there, and this halves the code.
template <typename T, typename Body>
void DispatchSoftChannels(int64_t num_channels, const Body& body) {
  if constexpr (sizeof(T) == sizeof(double)) {
    body(ChannelCount<kAnyCount>());
  } else {
    DispatchChannelCount(num_channels, body);
  }
}

template <typename T>
void DrawColorBand(const ColorImage<T>& image, int band, T* scratch) {
  DispatchSoftChannels<T>(image.colors.num_channels,
                          [&](auto channels) { DrawColorBandOf<channels>(image, band, scratch); });
}

}  // namespace
}  // namespace mesh_renderer
