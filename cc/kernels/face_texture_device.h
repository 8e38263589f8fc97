// FaceTexture and its gradient on a Device: one item per pixel, texels by scattered sums.
#pragma once

#include "cc/kernels/device_sums.h"
#include "cc/kernels/face_texture.h"
#include "cc/kernels/face_texture_cubes.h"

namespace mesh_renderer {

// The cubes that a pixel reads.
template <typename Params>
MR_HOST_DEVICE ImageCubes<float> CubesOfPixel(const Params& params, int64_t pixel) {
  return {params, params.shared ? 0 : pixel / params.image.pixels()};
}

MR_HOST_DEVICE void SampleCube(const FaceTextureParams<float>& params, int64_t pixel) {
  const int64_t channels = params.num_channels;
  float* output = params.output + pixel * channels;
  const int32_t face = params.face_id[pixel];
  if (face < 0) {
    for (int64_t c = 0; c < channels; ++c) output[c] = 0;
    return;
  }
  const ImageCubes<float> cubes = CubesOfPixel(params, pixel);
  const float* cube = params.textures + cubes.OfFace(face);
  const TexelLookup<float> lookup = LocateTexels(cubes.grid, params.barycentrics + pixel * 3);
  float weights[kTexelsPerLookup];
  TexelWeights(lookup, weights);
  for (int64_t c = 0; c < channels; ++c) {
    float sum = 0;
    for (int n = 0; n < kTexelsPerLookup; ++n) {
      sum += weights[n] * cube[TexelOffset(lookup, n) * channels + c];
    }
    output[c] = sum;
  }
}

template <typename Device>
void FaceTextureOnDevice(const FaceTextureParams<float>& params, Device& device) {
  device.For(params.image.batch * params.image.pixels(),
             [=] MR_DEVICE(int64_t pixel) { SampleCube(params, pixel); });
}

// weight * grad_output of a pixel to the eight texels of its lookup.
struct AddToCubes {
  FaceTextureGradParams<float> params;

  template <typename Add>
  MR_HOST_DEVICE void operator()(int64_t pixel, const Add& add) const {
    const int32_t face = params.face_id[pixel];
    if (face < 0) return;
    const int64_t channels = params.num_channels;
    const ImageCubes<float> cubes = CubesOfPixel(params, pixel);
    const int64_t cube = cubes.OfFace(face);
    const TexelLookup<float> lookup = LocateTexels(cubes.grid, params.barycentrics + pixel * 3);
    float weights[kTexelsPerLookup];
    TexelWeights(lookup, weights);
    for (int64_t c = 0; c < channels; ++c) {
      const float grad = params.grad_output[pixel * channels + c];
      for (int n = 0; n < kTexelsPerLookup; ++n) {
        add(cube + TexelOffset(lookup, n) * channels + c, weights[n] * grad);
      }
    }
  }
};

template <typename Device>
void FaceTextureGradOnDevice(const FaceTextureGradParams<float>& params, Device& device) {
  const int64_t pixels = params.image.batch * params.image.pixels();
  if (params.barycentrics_gradient) {
    device.For(pixels, [=] MR_DEVICE(int64_t pixel) {
      const ImageCubes<float> cubes = CubesOfPixel(params, pixel);
      WriteBarycentricsGrad(params, cubes, params.num_channels, pixel);
    });
  } else {
    device.Fill(params.grad_barycentrics, pixels * 3, 0.0f);
  }
  // A texel has images of its own unless shared, and a lookup may name it eight times.
  const int64_t pixels_per_cube = params.shared ? pixels : params.image.pixels();
  const int64_t cube_size = params.side * params.side * params.side * params.num_channels;
  const int64_t num_cubes = (params.shared ? 1 : params.image.batch) * params.num_faces;
  ScatterSums(device, pixels, pixels_per_cube * kTexelsPerLookup, AddToCubes{params},
              num_cubes * cube_size, params.grad_textures);
}

}  // namespace mesh_renderer
