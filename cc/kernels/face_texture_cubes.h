// What the loops of FaceTexture on all devices share: where the cubes of texels lie, and the
// gradient of one pixel's barycentrics.
#pragma once

#include "cc/core/texel.h"
#include "cc/kernels/face_texture.h"

namespace mesh_renderer {

// Where the cubes of one image lie in the arrays `textures` and `grad_textures`.
template <typename T>
struct ImageCubes {
  TexelGrid<T> grid;
  int64_t cube_size;  // in elements
  int64_t offset;     // of the cube of face 0
  int64_t last_face;

  template <typename Params>
  MR_HOST_DEVICE ImageCubes(const Params& params, int64_t b)
      : grid(MakeTexelGrid<T>(params.side, params.eps)),
        cube_size(params.side * params.side * params.side * params.num_channels),
        offset(params.shared ? 0 : b * params.num_faces * cube_size),
        last_face(params.num_faces - 1) {}

  MR_HOST_DEVICE int64_t OfFace(int32_t face) const { return offset + face * cube_size; }
};

// From grad_output through the texels and their weights to the barycentrics of one pixel.
template <typename T>
MR_HOST_DEVICE Vec3<T> BarycentricsGradOfPixel(const FaceTextureGradParams<T>& params,
                                               const ImageCubes<T>& cubes, int64_t num_channels,
                                               int64_t pixel) {
  const T* barycentrics = params.barycentrics + pixel * 3;
  const T* grad_output = params.grad_output + pixel * num_channels;
  const T* cube = params.textures + cubes.OfFace(params.face_id[pixel]);
  const TexelLookup<T> lookup = LocateTexels(cubes.grid, barycentrics);
  T grad_weights[kTexelsPerLookup];
  for (int n = 0; n < kTexelsPerLookup; ++n) {
    const T* texel = cube + TexelOffset(lookup, n) * num_channels;
    T sum = 0;
    for (int64_t c = 0; c < num_channels; ++c) sum += grad_output[c] * texel[c];
    grad_weights[n] = sum;
  }
  const Vec3<T> grad = TexelWeightsBackward(lookup, grad_weights);
  return {TexelPositionBackward(cubes.grid, barycentrics[0], grad.x),
          TexelPositionBackward(cubes.grid, barycentrics[1], grad.y),
          TexelPositionBackward(cubes.grid, barycentrics[2], grad.z)};
}

// `num_channels` is that of the params, perhaps as a constant.
template <typename T>
MR_HOST_DEVICE void WriteBarycentricsGrad(const FaceTextureGradParams<T>& params,
                                          const ImageCubes<T>& cubes, int64_t num_channels,
                                          int64_t pixel) {
  Vec3<T> grad = {};
  if (params.face_id[pixel] >= 0) {
    grad = BarycentricsGradOfPixel(params, cubes, num_channels, pixel);
  }
  T* to = params.grad_barycentrics + pixel * 3;
  to[0] = grad.x;
  to[1] = grad.y;
  to[2] = grad.z;
}

}  // namespace mesh_renderer
