// What SoftRas' ops share on a Device.
#pragma once

#include "cc/kernels/soft_sums_device.h"
#include "cc/kernels/softras_settings.h"

namespace mesh_renderer {

// Without depth, which alpha does not need.
template <typename Params>
SoftBatch BlurredBatch(const Params& params) {
  return {params.image,         params.num_vertices, params.faces,
          params.vertices_clip, {true, 0, 0},        ReachOf<float>(params.blur)};
}

template <typename Params>
SoftBatch ViewedBatch(const Params& params) {
  SoftBatch batch = BlurredBatch(params);
  batch.depth = ScreenDepthOf<float>(params.view);
  return batch;
}

struct MakeBlurred {
  float reach;
  MR_HOST_DEVICE BlurredFace<float> operator()(const FaceOnImage& face) const {
    return MakeBlurredFace(face.corner, reach);
  }
};

struct MakeViewed {
  float reach;
  ViewScale<float> view;
  MR_HOST_DEVICE ViewedFace<float> operator()(const FaceOnImage& face) const {
    return MakeViewedFace(face.corner, face.depth, reach, view);
  }
};

template <typename Params>
MakeBlurred MakerOfBlurred(const Params& params) {
  return MakeBlurred{ReachOf<float>(params.blur)};
}

template <typename Params>
MakeViewed MakerOfViewed(const Params& params) {
  return {ReachOf<float>(params.blur), ViewScaleOf<float>(params.view)};
}

// Loops over all items of an image are shared by this many threads, each with every so many-th
// item: enough to occupy a GPU, few enough to add up what each of them found.
constexpr int64_t kStrands = 4096;

// Number of faces of each image that are no padding, and 1 at least: what a sum over faces is
// divided by. Only kSum asks for it; then [B], else null.
template <typename Device>
const int64_t* CountFacesOnDevice(Device& device, AlphaAggregation aggregation,
                                  const SoftBatch& batch) {
  if (aggregation != AlphaAggregation::kSum) return nullptr;
  int64_t* counts = device.template Scratch<int64_t>(batch.image.batch);
  device.Fill(counts, batch.image.batch, int64_t{0});
  device.For(batch.image.batch * kStrands, [=] MR_DEVICE(int64_t i) {
    const int64_t b = i / kStrands, num_faces = batch.faces.num_faces;
    int64_t count = 0;
    for (int64_t f = i % kStrands; f < num_faces; f += kStrands) {
      count += !batch.IsPadding({b, f});
    }
    if (count != 0) AddTo(&counts[b], count);
  });
  return counts;
}

MR_HOST_DEVICE float NumFacesOf(const int64_t* counts, int64_t b) {
  return counts == nullptr || counts[b] < 1 ? 1.0f : static_cast<float>(counts[b]);
}

// Turns the sums of gradients to face.corner into those to depth.
template <typename Device>
void CornerDepthsBackward(Device& device, const PlacedFaces<ViewedFace<float>>& faces,
                          float* corners) {
  const int64_t num_boxes = faces.batch.num_boxes();
  device.For(num_boxes, [=] MR_DEVICE(int64_t box) {
    if (faces.pairs.boxes[box].empty()) return;
    for (int k = 0; k < 3; ++k) {
      float* grad = corners + (6 + k) * num_boxes + box;
      *grad = FiniteFaceDepthBackward(faces.records[box].face.depth, k, *grad);
    }
  });
}

}  // namespace mesh_renderer
