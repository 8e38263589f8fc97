// Steps of SoftrasColor's gradient. Included once per instruction set by
// softras_{baseline,avx2,avx512}.cc; everything is internal to that file.
#pragma once

#include "cc/kernels/softras_color-inl.h"

namespace mesh_renderer {
namespace {

// Copies what belongs to one row of pixels of a block from the images into the block.
template <typename T>
MR_HOST_DEVICE void FillPixels(const ColorGradImage<T>& image, const BlockRow& row, T* block) {
  const int64_t num_channels = image.colors.num_channels;
  const int64_t lane = row.lane % kSoftBlockPixels;
  for (int i = 0; i < row.count; ++i) {
    const T* const color = image.image + (row.pixel + i) * (num_channels + 1);
    const T* const grad = image.grad_image + (row.pixel + i) * (num_channels + 1);
    const T* const aggregates = image.aggregates + (row.pixel + i) * 2;
    T* const to = block + lane + i;
    T dot = 0;
    for (int64_t c = 0; c < num_channels; ++c) {
      Quantity(to, kGradColor + c)[0] = grad[c];
      dot += grad[c] * color[c];
    }
    Quantity(to, kGradDotColor)[0] = dot;
    Quantity(to, kInverseSum)[0] = aggregates[0];
    Quantity(to, kLargestOrId)[0] = aggregates[1];
    Quantity(to, kSharedAlpha)[0] =
        AlphaBackward(image.mix.alpha, image.mix.original_gradient, color[num_channels],
                      image.num_faces, grad[num_channels]);
  }
}

// Inverts the sums of a block; returns the share of the background in its colours.
template <typename T>
MR_HOST_DEVICE Lanes<T> InvertSums(const MixScale<T>& mix, T* block) {
  T* const sum = Quantity(block, kInverseSum);
  if (mix.rgb == RgbAggregation::kSoftmax) Store(T(1) / Load(sum), sum);
  return BackgroundShare(mix, Load(Quantity(block, kLargestOrId)), Load(sum));
}

template <typename T>
void FillColorBlocks(const ColorGradImage<T>& shared_image, int block_row, T* grad_background) {
  const ColorGradImage<T> image = shared_image;
  const SoftScene<T>& scene = image.faces.scene();
  const int columns = image.faces.centers().columns();
  const int64_t num_channels = image.colors.num_channels;
  const int64_t stride = (kGradColor + num_channels) * kSoftBlockPixels;
  const int64_t begin = int64_t{block_row} * columns, end = begin + columns;
  for (int64_t block = begin; block < end; ++block) {
    T* const numbers = image.blocks + block * stride;
    std::fill_n(numbers, stride, T(0));
    // Pixels beyond the image: no face is nearer than this.
    std::fill_n(Quantity(numbers, kInverseSum), kSoftBlockPixels, T(1));
    std::fill_n(Quantity(numbers, kLargestOrId), kSoftBlockPixels, image.mix.no_depth);
  }
  ForEachBlockRow(scene.height, scene.width, block_row, block_row + 1, [&](const BlockRow& row) {
    FillPixels(image, row, image.blocks + row.lane / kSoftBlockPixels * stride);
  });
  std::fill_n(grad_background, num_channels, T(0));
  for (int64_t block = begin; block < end; ++block) {
    T* const numbers = image.blocks + block * stride;
    const Lanes<T> share = InvertSums(image.mix, numbers);
    LaneMask<T> any = Load(Quantity(numbers, kSharedAlpha)) != T(0);
    for (int64_t c = 0; c < num_channels; ++c) {
      const Lanes<T> grad = Load(Quantity(numbers, kGradColor + c));
      any = any | (grad != T(0));
      T sum;
      const Lanes<T> part = share * grad;
      SumAll<1>(&part, &sum);
      grad_background[c] += sum;
    }
    image.has_gradient[block] = ToBits(any) != 0;
  }
}

// Gradients of the colours of one face, per lane until all its blocks are added: in registers, as
// far as they go, if the number of channels is known.
template <int kChannels, typename T>
class CornerColorSums {
 public:
  explicit MR_HOST_DEVICE CornerColorSums(T*, int64_t) {}
  MR_HOST_DEVICE void Clear() {
    for (auto& sum : sums_) sum = Broadcast(T(0));
  }
  MR_HOST_DEVICE void Add(int k, int64_t channel, const Lanes<T>& value) {
    sums_[k * kChannels + channel] = sums_[k * kChannels + channel] + value;
  }
  MR_HOST_DEVICE void Write(T* to) const { SumAll<3 * kChannels>(sums_, to); }

 private:
  Lanes<T> sums_[3 * kChannels];
};

template <typename T>
class CornerColorSums<kAnyCount, T> {
 public:
  MR_HOST_DEVICE CornerColorSums(T* scratch, int64_t num_channels)
      : scratch_(scratch), num_channels_(num_channels) {}
  MR_HOST_DEVICE void Clear() { std::fill_n(scratch_, 3 * num_channels_ * kSoftBlockPixels, T(0)); }
  MR_HOST_DEVICE void Add(int k, int64_t channel, const Lanes<T>& value) {
    T* const sum = Quantity(scratch_, k * num_channels_ + channel);
    Store(Load(sum) + value, sum);
  }
  MR_HOST_DEVICE void Write(T* to) const {
    for (int64_t i = 0; i < 3 * num_channels_; ++i) {
      const Lanes<T> sum = Load(Quantity(scratch_, i));
      SumAll<1>(&sum, to + i);
    }
  }

 private:
  T* const scratch_;
  const int64_t num_channels_;
};

// What one face after the other gathers from the pixels in its reach.
template <int kChannels, typename T>
class ColorFaceGradient {
 public:
  MR_HOST_DEVICE ColorFaceGradient(const ColorGradImage<T>& image, int64_t f,
                                   const ColorGradOutput<T>& output)
      : image_(image),
        f_(static_cast<T>(f)),
        face_(ViewedFaceOf(image.faces, image.view, f)),
        colors_(image.colors, image.faces.scene().faces, f),
        color_sums_(output.scratch, image.colors.num_channels),
        grad_texels_(output.colors +
                     f * image.colors.side * image.colors.side * image.colors.num_channels) {
    color_sums_.Clear();
  }

  MR_HOST_DEVICE void AddBlock(const T* block, const Vec2<Lanes<T>>& pixel) {
    const FaceAtPixel<Lanes<T>> at = LookAt(face_.blurred, image_.blur, pixel);
    if (ToBits(at.reached) == 0) return;
    const PointAtPixel<Lanes<T>> seen = PointAt(face_, image_.view, at);
    const Lanes<T> shared = Load(Quantity(block, kSharedAlpha));
    // The released program stops at faces out of range, for alpha too.
    const LaneMask<T> in_alpha =
        (image_.mix.original_gradient ? seen.in_range : at.reached) & (shared != T(0));
    const LaneMask<T> in_color = ColorsPixels(block, at, seen);
    if (ToBits(in_alpha | in_color) == 0) return;
    const SoftCoverage<Lanes<T>> coverage = CoverageAt(at, image_.blur);
    // Zero first: far from a face its coverage is so small that products with it get denormal.
    Lanes<T> grad_logit = FaceAlphaBackward<T>(image_.mix.alpha, image_.mix.original_gradient,
                                               coverage, Select(in_alpha, shared, T(0)));
    Lanes<T> grad_weights[3] = {};
    if (ToBits(in_color) != 0) {
      AddColorGradient(block, at, seen, in_color, coverage, &grad_logit, grad_weights);
    }
    AddDistanceGradient(face_.blurred, image_.blur, pixel, at, grad_logit, grad_weights,
                        &corner_sums_);
  }

  MR_HOST_DEVICE void Write(int64_t f, const ColorGradOutput<T>& output) const {
    WriteCorners(corner_sums_, face_.depth, output.corners + f * 3);
    if (!colors_.is_surface()) {
      color_sums_.Write(output.colors + f * 3 * image_.colors.num_channels);
    }
  }

 private:
  // Where the face has a share worth speaking of.
  MR_HOST_DEVICE LaneMask<T> ColorsPixels(const T* block, const FaceAtPixel<Lanes<T>>& at,
                                          const PointAtPixel<Lanes<T>>& seen) const {
    if (!face_.is_shown) return seen.in_range & !seen.in_range;
    return GivesColor(image_.mix, f_, at, seen, Load(Quantity(block, kLargestOrId)));
  }

  // From the colour of the pixels, to everything.
  MR_HOST_DEVICE void AddColorGradient(const T* block, const FaceAtPixel<Lanes<T>>& at,
                                       const PointAtPixel<Lanes<T>>& seen,
                                       const LaneMask<T>& counts,
                                       const SoftCoverage<Lanes<T>>& coverage, Lanes<T>* grad_logit,
                                       Lanes<T>* grad_weights) {
    const Lanes<T> share =
        Select(counts,
               ColorShare(image_.mix, seen.point.depth, coverage.hit,
                          Load(Quantity(block, kLargestOrId)), Load(Quantity(block, kInverseSum))),
               T(0));
    Lanes<T> grad_color_weight[3];
    const Lanes<T> gain = AddToColors(block, counts, share, seen.point.weight, grad_color_weight);
    Lanes<T> grad_depth = Broadcast(T(0));
    if (image_.mix.rgb == RgbAggregation::kSoftmax) {
      const SoftmaxGradient<Lanes<T>> softmax = SoftmaxBackward(image_.mix.softmax, coverage, gain);
      *grad_logit = *grad_logit + softmax.logit;
      grad_depth = softmax.depth;
    }
    const bool original = image_.mix.original_gradient;
    Lanes<T> through_point[3];
    AddPointGradient(face_, image_.view.perspective && !colors_.is_surface() && !original, at, seen,
                     grad_depth, grad_color_weight, through_point, &corner_sums_);
    if (original) return;
    for (int k = 0; k < 3; ++k) grad_weights[k] = through_point[k];
  }

  // Adds the gradient of the colours of the face. Returns the share times the derivative of the
  // loss in the direction from the pixel's colour to the face's.
  MR_HOST_DEVICE Lanes<T> AddToColors(const T* block, const LaneMask<T>& counts,
                                      const Lanes<T>& share, const Lanes<T>* weight,
                                      Lanes<T>* grad_weight) {
    colors_.LookAtBlock(weight);
    const int64_t num_channels = KnownOr<kChannels>(image_.colors.num_channels);
    Lanes<T> gain = -(Select(counts, Load(Quantity(block, kGradDotColor)), T(0)) * share);
    for (int k = 0; k < 3; ++k) grad_weight[k] = Broadcast(T(0));
    for (int64_t c = 0; c < num_channels; ++c) {
      const Lanes<T> grad = Select(counts, Load(Quantity(block, kGradColor + c)), T(0)) * share;
      if (colors_.is_surface()) {
        gain = gain + grad * colors_.At(weight, c);
        AddToTexels(grad, c);
        continue;
      }
      for (int k = 0; k < 3; ++k) {
        grad_weight[k] = grad_weight[k] + grad * colors_.Corner(k, c);
        color_sums_.Add(k, c, grad * weight[k]);
      }
    }
    // What is 0 for surfaces.
    return gain +
           (weight[0] * grad_weight[0] + weight[1] * grad_weight[1] + weight[2] * grad_weight[2]);
  }

  MR_HOST_DEVICE void AddToTexels(const Lanes<T>& grad, int64_t channel) {
    T values[kSoftBlockPixels];
    Store(grad, values);
    for (int i = 0; i < kSoftBlockPixels; ++i) {
      grad_texels_[colors_.Offset(i) + channel] += values[i];
    }
  }

  const ColorGradImage<T>& image_;
  const T f_;
  const ViewedFace<T> face_;
  FaceColors<T> colors_;
  CornerSums<Lanes<T>> corner_sums_ = {};
  CornerColorSums<kChannels, T> color_sums_;
  T* const grad_texels_;
};

template <int kChannels, typename T>
void ColorBackwardOf(const ColorGradImage<T>& shared_image, int64_t begin, int64_t end,
                     const ColorGradOutput<T>& output) {
  const ColorGradImage<T> image = shared_image;
  const BlockCenters<T>& centers = image.faces.centers();
  const int64_t num_channels = KnownOr<kChannels>(image.colors.num_channels);
  const int64_t stride = (kGradColor + num_channels) * kSoftBlockPixels;
  for (int64_t f = begin; f < end; ++f) {
    std::fill_n(output.corners + f * 3, 3, SoftCornerGradient<T>{});
    const SoftFace<T>& pixels = image.faces.face(f);
    if (pixels.is_empty()) {  // its indices may be no vertices
      if (image.colors.side == 0)
        std::fill_n(output.colors + f * 3 * num_channels, 3 * num_channels, T(0));
      continue;
    }
    ColorFaceGradient<kChannels, T> gradient(image, f, output);
    ForEachBlock(centers, pixels, 0, centers.rows(),
                 [&](int64_t block, const Vec2<Lanes<T>>& pixel) {
                   if (image.has_gradient[block] == 0) return;
                   gradient.AddBlock(image.blocks + block * stride, pixel);
                 });
    gradient.Write(f, output);
  }
}

template <typename T>
void ColorBackward(const ColorGradImage<T>& image, int64_t begin, int64_t end,
                   const ColorGradOutput<T>& output) {
  DispatchSoftChannels<T>(image.colors.num_channels, [&](auto channels) {
    ColorBackwardOf<channels>(image, begin, end, output);
  });
}

}  // namespace
}  // namespace mesh_renderer
