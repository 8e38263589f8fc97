// Steps of SoftrasColor that draw. Included once per instruction set by
// softras_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/softras_face-inl.h"

namespace mesh_renderer {
namespace {

// The numbers of one quantity of a block.
template <typename T>
MR_HOST_DEVICE T* Quantity(T* block, int64_t quantity) {
  return block + quantity * kSoftBlockPixels;
}

// Offsets of the texels that pixels see, in numbers from the first texel of the face.
//
// A face has side x side cells; axis 0 points to corner 0, axis 1 to corner 1. The part of a cell
// beyond its diagonal has the texel of the cell opposite, which no lower part uses.
template <typename T>
MR_HOST_DEVICE void LocateCells(const Lanes<T>* weight, const ImageColors<T>& colors,
                                int32_t* offsets) {
  T place[2][kSoftBlockPixels];
  for (int axis = 0; axis < 2; ++axis) {
    Store(weight[axis] * static_cast<T>(colors.side), place[axis]);
  }
  const int last = static_cast<int>(colors.side) - 1;
  for (int i = 0; i < kSoftBlockPixels; ++i) {
    const int a = std::min(static_cast<int>(place[0][i]), last);
    const int b = std::min(static_cast<int>(place[1][i]), last);
    // Cells along the third edge have no upper part; rounding could say so.
    const bool lower = place[0][i] + place[1][i] - T(a) - T(b) <= T(1) || a + b >= last;
    const int texel = lower ? b * (last + 1) + a : (last - b) * (last + 1) + (last - a);
    offsets[i] = texel * static_cast<int>(colors.num_channels);
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
    if (is_surface()) LocateCells(weight, colors_, offsets_);
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

// What is kept of the colour so far, and what a face adds to it.
template <typename T>
MR_HOST_DEVICE SoftmaxStep<Lanes<T>> MixFace(const MixScale<T>& mix, int64_t f,
                                             const FaceAtPixels<T>& at,
                                             const PointsAtPixels<T>& points, const Lanes<T>& hit,
                                             T* block) {
  T* const sum = Quantity(block, kSoftmaxSum);
  T* const largest = Quantity(block, kLargest);
  const Lanes<T>& depth = points.point.depth;
  if (mix.rgb == RgbAggregation::kSoftmax) {
    SoftmaxTotal<Lanes<T>> total = {Load(sum), Load(largest)};
    const SoftmaxStep<Lanes<T>> step =
        AddToSoftmax(mix.softmax, Nearness(mix.softmax, depth), hit, points.in_range, &total);
    Store(total.sum, sum);
    Store(total.largest, largest);
    return step;
  }
  const LaneMask<T> wins = points.in_range & CoversPixel<T>(at.weights) & (depth < Load(sum));
  Store(Select(wins, depth, Load(sum)), sum);
  Store(Select(wins, static_cast<T>(f), Load(largest)), largest);
  return {Select(wins, T(0), Broadcast(T(1))), Select(wins, T(1), Broadcast(T(0)))};
}

// Whether some pixel of a block may take colour from the face: else it lies too far behind others.
template <typename T>
MR_HOST_DEVICE bool MayMix(const MixScale<T>& mix, const PointsAtPixels<T>& points, T* block) {
  if (mix.rgb == RgbAggregation::kHard) return ToBits(points.in_range) != 0;
  const Lanes<T> nearness = Nearness(mix.softmax, points.point.depth);
  return ToBits(points.in_range & (nearness > Load(Quantity(block, kLargest)) - mix.cutoff)) != 0;
}

template <int kChannels, typename T>
MR_HOST_DEVICE void AddColor(const ColorImage<T>& image, const ViewedFace<T>& face, int64_t f,
                             const Vec2<Lanes<T>>& pixel, FaceColors<T>* colors, T* block) {
  const FaceAtPixels<T> at = LookAt(face.blurred, image.blur, pixel);
  if (ToBits(at.reached) == 0) return;
  const SoftCoverage<Lanes<T>> coverage = CoverageAt(at, image.blur);
  T* const alpha = Quantity(block, kAlphaTotal);
  Store(AddToAlpha<T>(image.mix.alpha, Load(alpha), coverage, at.reached), alpha);
  if (!face.is_shown) return;
  const PointsAtPixels<T> points = PointsAt(face, image.view, at);
  if (!MayMix(image.mix, points, block)) return;
  const SoftmaxStep<Lanes<T>> step = MixFace(image.mix, f, at, points, coverage.hit, block);
  colors->LookAtBlock(points.point.weight);
  const int64_t num_channels = KnownOr<kChannels>(image.colors.num_channels);
  for (int64_t c = 0; c < num_channels; ++c) {
    T* const sum = Quantity(block, kDrawnColor + c);
    Store(Load(sum) * step.keep + colors->At(points.point.weight, c) * step.add, sum);
  }
}

template <typename T>
MR_HOST_DEVICE void ClearColorBlock(const ColorImage<T>& image, T* block) {
  const bool softmax = image.mix.rgb == RgbAggregation::kSoftmax;
  const T sum = softmax ? image.mix.background_sum : image.mix.no_depth;
  std::fill_n(Quantity(block, kAlphaTotal), kSoftBlockPixels, EmptyAlpha<T>(image.mix.alpha));
  std::fill_n(Quantity(block, kSoftmaxSum), kSoftBlockPixels, sum);
  std::fill_n(Quantity(block, kLargest), kSoftBlockPixels, softmax ? image.mix.eps : T(-1));
  for (int64_t c = 0; c < image.colors.num_channels; ++c) {
    std::fill_n(Quantity(block, kDrawnColor + c), kSoftBlockPixels,
                image.background[c] * (softmax ? sum : T(1)));
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
    const ViewedFace<T> face(image.faces, image.view, *f);
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
