// The gradient of SoftrasColor on a Device: every pair of a face and a bin goes through its pixels.
#pragma once

#include "cc/kernels/softras_color_share_device.h"

namespace mesh_renderer {

// The gradients of the corners of a face, and of some channels of their colours.
template <bool kCorners, bool kColors>
struct ColorSums {
  static constexpr bool kHasCorners = kCorners, kHasColors = kColors;
  static constexpr int kNumCorner = kCorners ? CornerSums<float>::kCount : 0;
  static constexpr int kCount = kNumCorner + (kColors ? 3 * kChannelGroup : 0);
  CornerSums<float> corners;
  float colors[3 * kChannelGroup];

  MR_HOST_DEVICE void Write(float* to, int64_t stride) const {
    for (int q = 0; q < kNumCorner; ++q) to[q * stride] = corners.sums[q];
    for (int q = kNumCorner; q < kCount; ++q) to[q * stride] = colors[q - kNumCorner];
  }
};

// What one pixel gives to a face.
template <typename Sums>
struct AddColorPixel {
  ColorScales scales;
  ColorsOnDevice colors;
  const SharedAtPixel* shared;
  const float* grad_image;
  int64_t first;  // of the channels whose sums are wanted

  MR_DEVICE void operator()(const ViewedFace<float>& face, const FacePlace& place, int64_t pixel,
                            const Vec2<float>& center, Sums* sums) const {
    const SharedAtPixel at_pixel = shared[pixel];
    if (at_pixel.alpha == 0.0f && at_pixel.inverse_sum == 0.0f) return;
    const float f = static_cast<float>(place.face);
    const ColorOfFace of_face(scales, face, f, at_pixel, center);
    if (Sums::kHasColors && of_face.in_color) AddToColors(of_face, pixel, sums->colors);
    if (!Sums::kHasCorners || !(of_face.in_alpha || of_face.in_color)) return;
    const MixScale<float>& mix = scales.mix;
    float grad_logit = FaceAlphaBackward<float>(mix.alpha, mix.original_gradient, of_face.coverage,
                                                of_face.in_alpha ? at_pixel.alpha : 0.0f);
    float grad_weights[3] = {};
    if (of_face.in_color) {
      AddThroughColor(face, of_face, GainOf(of_face, at_pixel, place, pixel), &grad_logit,
                      grad_weights, &sums->corners);
    }
    AddDistanceGradient(face.blurred, scales.blur, center, of_face.at, grad_logit, grad_weights,
                        &sums->corners);
  }

 private:
  // The share of a face times the derivative of the loss in the direction from the pixel's colour
  // to the face's, and the gradient of the weights of the corners' colours.
  struct Gain {
    float gain;
    float grad_weight[3];
  };

  MR_DEVICE const float* GradColor(int64_t pixel) const {
    return grad_image + pixel * (colors.layout.num_channels + 1);
  }

  MR_DEVICE Gain GainOf(const ColorOfFace& of_face, const SharedAtPixel& at_pixel,
                        const FacePlace& place, int64_t pixel) const {
    const SeenColors seen_colors(colors, place, of_face.seen.point.weight);
    const float* grad_color = GradColor(pixel);
    Gain gain = {-(at_pixel.grad_dot_color * of_face.share), {}};
    for (int64_t c = 0; c < colors.layout.num_channels; ++c) {
      const float grad = grad_color[c] * of_face.share;
      if (seen_colors.is_surface) {
        gain.gain += grad * seen_colors.corner[0][c];
      } else {
        for (int k = 0; k < 3; ++k) gain.grad_weight[k] += grad * seen_colors.corner[k][c];
      }
    }
    const float* weight = of_face.seen.point.weight;
    gain.gain += weight[0] * gain.grad_weight[0] + weight[1] * gain.grad_weight[1] +
                 weight[2] * gain.grad_weight[2];  // 0 for surfaces
    return gain;
  }

  MR_DEVICE void AddThroughColor(const ViewedFace<float>& face, const ColorOfFace& of_face,
                                 const Gain& gain, float* grad_logit, float* grad_weights,
                                 CornerSums<float>* sums) const {
    const MixScale<float>& mix = scales.mix;
    float grad_depth = 0.0f;
    if (mix.rgb == RgbAggregation::kSoftmax) {
      const SoftmaxGradient<float> softmax =
          SoftmaxBackward(mix.softmax, of_face.coverage, gain.gain);
      *grad_logit += softmax.logit;
      grad_depth = softmax.depth;
    }
    float through_point[3];
    AddPointGradient(face,
                     scales.view.perspective && !colors.is_surface() && !mix.original_gradient,
                     of_face.at, of_face.seen, grad_depth, gain.grad_weight, through_point, sums);
    if (mix.original_gradient) return;
    for (int k = 0; k < 3; ++k) grad_weights[k] = through_point[k];
  }

  MR_DEVICE void AddToColors(const ColorOfFace& of_face, int64_t pixel, float* sums) const {
    const float* grad_color = GradColor(pixel) + first;
    for (int c = 0; c < kChannelGroup; ++c) {
      if (first + c >= colors.layout.num_channels) continue;
      const float grad = grad_color[c] * of_face.share;
      for (int k = 0; k < 3; ++k)
        sums[k * kChannelGroup + c] += grad * of_face.seen.point.weight[k];
    }
  }
};

// Adds what the pixels of pair i give to the texels that they see.
struct AddTexels {
  PlacedFaces<ViewedFace<float>> faces;
  ColorScales scales;
  ColorsOnDevice colors;
  const SharedAtPixel* shared;
  const float* grad_image;

  template <typename Add>
  MR_DEVICE void operator()(int64_t i, const Add& add) const {
    const FacePair pair = PairAt(faces.pairs, i);
    const ViewedFace<float> face = faces.records[pair.box].face;
    const FacePlace place = colors.batch.PlaceOf(pair.box);
    const float f = static_cast<float>(place.face);
    const int64_t num_channels = colors.layout.num_channels;
    ForEachPixel(faces.pairs, pair, place.image, [&](int64_t pixel, const Vec2<float>& center) {
      const SharedAtPixel at_pixel = shared[pixel];
      if (at_pixel.inverse_sum == 0.0f) return;
      const ColorOfFace of_face(scales, face, f, at_pixel, center);
      if (!of_face.in_color) return;
      const int64_t texel = colors.OfTexel(place, of_face.seen.point.weight);
      const float* grad = grad_image + pixel * (num_channels + 1);
      for (int64_t c = 0; c < num_channels; ++c) add(texel + c, grad[c] * of_face.share);
    });
  }
};

// Puts the sums of the channels [first, first + kChannelGroup), which are [3, kChannelGroup, B, F],
// among those of all, which are [3, C, B, F].
template <typename Device>
void CopyChannels(Device& device, const float* of_group, int64_t first,
                  const ColorsOnDevice& colors, float* of_all) {
  const int64_t num_boxes = colors.batch.num_boxes(), num_channels = colors.layout.num_channels;
  device.For(3 * kChannelGroup * num_boxes, [=] MR_DEVICE(int64_t i) {
    const int64_t k = i / (kChannelGroup * num_boxes), c = first + i / num_boxes % kChannelGroup;
    if (c < num_channels) of_all[(k * num_channels + c) * num_boxes + i % num_boxes] = of_group[i];
  });
}

// Adds the gradients of the colours of a face's corners [3 C, B, F] to its vertices.
struct AddCornerColors {
  ColorsOnDevice colors;
  const PixelBox* boxes;
  const float* corners;

  template <typename Add>
  MR_DEVICE void operator()(int64_t box, const Add& add) const {
    if (boxes[box].empty()) return;
    const FacePlace place = colors.batch.PlaceOf(box);
    const int64_t num_channels = colors.layout.num_channels;
    for (int k = 0; k < 3; ++k) {
      const int64_t vertex = colors.OfCorner(place, k);
      for (int64_t c = 0; c < num_channels; ++c) {
        add(vertex + c, corners[(k * num_channels + c) * colors.batch.num_boxes() + box]);
      }
    }
  }
};

// Adds the background's share of the gradients of every kStrands-th pixel of an image.
struct AddBackground {
  SoftrasColorGradParams<float> params;
  MixScale<float> mix;

  template <typename Add>
  MR_DEVICE void operator()(int64_t i, const Add& add) const {
    const int64_t b = i / kStrands, pixels = params.image.pixels();
    const int64_t num_channels = params.color_layout.num_channels;
    for (int64_t c = 0; c < num_channels; ++c) {
      double sum = 0;
      for (int64_t pixel = b * pixels + i % kStrands; pixel < (b + 1) * pixels; pixel += kStrands) {
        const float* of_pixel = params.aggregates + pixel * 2;
        const float share = BackgroundShare(mix, of_pixel[1], 1.0f / of_pixel[0]);
        sum += share * params.grad_image[pixel * (num_channels + 1) + c];
      }
      add(b * num_channels + c, static_cast<float>(sum));
    }
  }
};

// One call of the gradient.
template <typename Device>
class ColorGradientOnDevice {
 public:
  ColorGradientOnDevice(const SoftrasColorGradParams<float>& params, Device& device)
      : params_(params),
        device_(device),
        batch_(ViewedBatch(params)),
        scales_(ScalesOf(params)),
        colors_{batch_, params.color_layout, params.colors},
        faces_(PlaceFaces<ViewedFace<float>>(device, batch_, MakerOfViewed(params))),
        shared_(SharePixels()) {}

  void Run() {
    colors_.is_surface() ? AddToTexels() : AddToVertices();
    ScatterSums(device_, params_.image.batch * kStrands, kStrands,
                AddBackground{params_, scales_.mix},
                params_.image.batch * params_.color_layout.num_channels, params_.grad_background);
  }

 private:
  const SharedAtPixel* SharePixels() {
    const int64_t num_pixels = params_.image.batch * params_.image.pixels();
    SharedAtPixel* shared = device_.template Scratch<SharedAtPixel>(num_pixels);
    const int64_t* num_faces = CountFacesOnDevice(device_, params_.mixing.alpha, batch_);
    device_.For(num_pixels, SharePixel{params_, scales_.mix, num_faces, shared});
    return shared;
  }

  // Of all faces; `sums` has room for them.
  template <typename Sums>
  void Sum(int64_t first_channel, const FaceSums& sums) {
    SumOverPixels<Sums>(
        device_, faces_,
        AddColorPixel<Sums>{scales_, colors_, shared_, params_.grad_image, first_channel}, sums);
  }

  void ToVertices(float* corners) {
    CornerDepthsBackward(device_, faces_, corners);
    CornersToVertices(device_, faces_, corners, 3, params_.grad_vertices_clip);
  }

  void AddToTexels() {
    using Sums = ColorSums<true, false>;
    const FaceSums sums = MakeFaceSums<Sums>(device_, faces_);
    Sum<Sums>(0, sums);
    ToVertices(sums.of_faces);
    ScatterSums(device_, faces_.pairs.count, params_.image.batch * params_.image.pixels(),
                AddTexels{faces_, scales_, colors_, shared_, params_.grad_image},
                colors_.num_values(), params_.grad_colors);
  }

  // The first channels come with the corners.
  void AddToVertices() {
    using Sums = ColorSums<true, true>;
    const int64_t num_channels = params_.color_layout.num_channels;
    const int64_t num_boxes = batch_.num_boxes();
    float* corner_colors = device_.template Scratch<float>(3 * num_channels * num_boxes);
    const FaceSums sums = MakeFaceSums<Sums>(device_, faces_);
    Sum<Sums>(0, sums);
    ToVertices(sums.of_faces);
    CopyChannels(device_, sums.of_faces + Sums::kNumCorner * num_boxes, 0, colors_, corner_colors);
    for (int64_t first = kChannelGroup; first < num_channels; first += kChannelGroup) {
      Sum<ColorSums<false, true>>(first, sums);
      CopyChannels(device_, sums.of_faces, first, colors_, corner_colors);
    }
    ScatterSums(device_, num_boxes, batch_.faces.num_faces * 3,
                AddCornerColors{colors_, faces_.pairs.boxes, corner_colors}, colors_.num_values(),
                params_.grad_colors);
  }

  const SoftrasColorGradParams<float>& params_;
  Device& device_;
  const SoftBatch batch_;
  const ColorScales scales_;
  const ColorsOnDevice colors_;
  const PlacedFaces<ViewedFace<float>> faces_;
  const SharedAtPixel* const shared_;
};

template <typename Device>
void SoftrasColorGradOnDevice(const SoftrasColorGradParams<float>& params, Device& device) {
  ColorGradientOnDevice<Device>(params, device).Run();
}

}  // namespace mesh_renderer
