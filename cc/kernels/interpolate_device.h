// Interpolate on a Device. An item is one channel of one pixel, so that neighbouring threads touch
// neighbouring memory whatever the number of channels.
#pragma once

#include "cc/core/blend.h"
#include "cc/kernels/device_sums.h"
#include "cc/kernels/interpolate.h"

namespace mesh_renderer {

// Corner k of a pixel's face, counted among the vertices of the batch.
template <typename Params>
MR_HOST_DEVICE int64_t VertexOf(const Params& params, int64_t pixel, int32_t face, int k) {
  const int64_t b = pixel / params.image.pixels();
  return b * params.num_vertices + params.faces.OfImage(b)[int64_t{face} * 3 + k];
}

template <typename Device>
void InterpolateOnDevice(const InterpolateParams<float>& params, Device& device) {
  const int64_t channels = params.num_channels;
  device.For(params.image.batch * params.image.pixels() * channels, [=] MR_DEVICE(int64_t i) {
    const int64_t pixel = i / channels, channel = i % channels;
    const int32_t face = params.face_id[pixel];
    float value = 0.0f;
    if (face >= 0) {
      float corner[3];
      for (int k = 0; k < 3; ++k) {
        corner[k] = params.attributes[VertexOf(params, pixel, face, k) * channels + channel];
      }
      value = Blend(params.barycentrics + pixel * 3, corner[0], corner[1], corner[2]);
    }
    params.output[i] = value;
  });
}

// Hands the gradient to one channel of one pixel to the vertices of its face.
struct PixelToAttributes {
  InterpolateGradParams<float> params;

  template <typename Add>
  MR_DEVICE void operator()(int64_t i, const Add& add) const {
    const int64_t channels = params.num_channels, pixel = i / channels, channel = i % channels;
    const int32_t face = params.face_id[pixel];
    if (face < 0) return;
    const float grad = params.grad_output[i];
    for (int k = 0; k < 3; ++k) {
      add(VertexOf(params, pixel, face, k) * channels + channel,
          params.barycentrics[pixel * 3 + k] * grad);
    }
  }
};

template <typename Device>
void InterpolateGradOnDevice(const InterpolateGradParams<float>& params, Device& device) {
  const int64_t channels = params.num_channels, pixels = params.image.batch * params.image.pixels();
  device.For(pixels * 3, [=] MR_DEVICE(int64_t i) {
    const int64_t pixel = i / 3;
    const int32_t face = params.face_id[pixel];
    float sum = 0.0f;
    if (face >= 0) {
      const int64_t vertex = VertexOf(params, pixel, face, static_cast<int>(i % 3));
      const float* attributes = params.attributes + vertex * channels;
      const float* grad = params.grad_output + pixel * channels;
      for (int64_t channel = 0; channel < channels; ++channel) {
        sum += grad[channel] * attributes[channel];
      }
    }
    params.grad_barycentrics[i] = sum;
  });
  ScatterSums(device, pixels * channels, 3 * params.image.pixels(), PixelToAttributes{params},
              params.image.batch * params.num_vertices * channels, params.grad_attributes);
}

}  // namespace mesh_renderer
