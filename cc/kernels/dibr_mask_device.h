// DibrMask on a Device: pixels forwards, faces backwards.
#pragma once

#include "cc/core/dibr.h"
#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/soft_sums_device.h"

namespace mesh_renderer {

struct MaskFace {
  Boundary<float> boundary;
  ReachBox<float> box;
};

struct MakeMaskFace {
  float reach;
  MR_HOST_DEVICE MaskFace operator()(const FaceOnImage& face) const {
    return {MakeBoundary(face.corner), BoxOf(face.corner, reach)};
  }
};

template <typename Params>
SoftBatch BatchOfMask(const Params& params) {
  return {params.image, params.num_vertices,
          params.faces, params.vertices_clip,
          {true, 0, 0}, static_cast<float>(params.settings.box_length)};
}

struct DrawMaskPixel {
  FacesOfPixels<MaskFace> faces;
  DibrMaskParams<float> params;

  MR_DEVICE void operator()(int64_t i) const {
    const PixelPlace place = PlaceInBins(faces.lists.grid, i);
    if (!place.inside) return;
    const int64_t pixel = place.index(params.image);
    const int32_t num_faces = static_cast<int32_t>(params.faces.num_faces);
    params.last_face[pixel] = num_faces;
    params.mask[pixel] = 1.0f;
    if (params.face_id[pixel] >= 0) return;
    const Vec2<float> center = CenterOf(params.image, place.row, place.column);
    const float sigma_inv = static_cast<float>(params.settings.sigma_inv);
    const bool linear = params.settings.falloff == Falloff::kLinear;
    float product = 1.0f;  // of 1 - A
    int left = params.settings.k_faces;
    ForEachFace(faces, i, place, [&](int32_t f, const MaskFace& face) {
      if (!InHalfOpenBox(center, face.box)) return true;
      product *= 1.0f - DibrProbability(SquaredDistance(center, face.boundary), sigma_inv, linear);
      if (--left != 0) return true;  // never 0 where all count
      params.last_face[pixel] = f;
      return false;
    });
    params.mask[pixel] = 1.0f - product;
  }
};

template <typename Device>
void DibrMaskOnDevice(const DibrMaskParams<float>& params, Device& device) {
  const MakeMaskFace make = {static_cast<float>(params.settings.box_length)};
  const FacesOfPixels<MaskFace> faces =
      ListFacesOfPixels<MaskFace>(device, BatchOfMask(params), make);
  device.For(faces.lists.grid.num_pixels(), DrawMaskPixel{faces, params});
}

// What one pixel gives to the corners of a face.
struct AddMaskPixel {
  const float* weight;  // grad_mask * (1 - mask) where no face is, else 0
  const int32_t* last_face;
  DibrMaskSettings settings;

  MR_DEVICE void operator()(const MaskFace& face, const FacePlace& place, int64_t pixel,
                            const Vec2<float>& center, CornerSums<float>* sums) const {
    if (weight[pixel] == 0.0f || !InHalfOpenBox(center, face.box)) return;
    if (settings.k_faces > 0 && last_face[pixel] < place.face) return;
    const BoundaryPoint<float> nearest = NearestOnBoundary(center, face.boundary);
    const float grad =
        DibrFaceBackward(nearest.square, weight[pixel], static_cast<float>(settings.sigma_inv),
                         static_cast<float>(settings.eps), settings.falloff == Falloff::kLinear);
    AddSquaredDistanceGradient(nearest, grad, sums);
  }
};

template <typename Device>
void DibrMaskGradOnDevice(const DibrMaskGradParams<float>& params, Device& device) {
  const int64_t num_pixels = params.image.batch * params.image.pixels();
  float* weight = device.template Scratch<float>(num_pixels);
  device.For(num_pixels, [=] MR_DEVICE(int64_t i) {
    weight[i] = params.face_id[i] < 0 ? params.grad_mask[i] * (1.0f - params.mask[i]) : 0.0f;
  });
  const MakeMaskFace make = {static_cast<float>(params.settings.box_length)};
  const PlacedFaces<MaskFace> faces = PlaceFaces<MaskFace>(device, BatchOfMask(params), make);
  const float* corners = SumOverPixels<PlaceSums>(
      device, faces, AddMaskPixel{weight, params.last_face, params.settings});
  CornersToVertices(device, faces, corners, 2, params.grad_vertices_clip);
}

}  // namespace mesh_renderer
