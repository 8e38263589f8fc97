// SoftrasSilhouette on a Device: pixels forwards, faces backwards.
#pragma once

#include "cc/kernels/softras_device.h"
#include "cc/kernels/softras_silhouette.h"

namespace mesh_renderer {

struct DrawAlphaPixel {
  FacesOfPixels<BlurredFace<float>> faces;
  BlurScale<float> blur;
  AlphaAggregation aggregation;
  const int64_t* num_faces;
  float* alpha;

  MR_DEVICE void operator()(int64_t i) const {
    const PixelPlace place = PlaceInBins(faces.lists.grid, i);
    if (!place.inside) return;
    const ImageShape& image = faces.placed.batch.image;
    const Vec2<float> center = CenterOf(image, place.row, place.column);
    float total = EmptyAlpha<float>(aggregation);
    ForEachFace(faces, i, place, [&](int32_t, const BlurredFace<float>& face) {
      const FaceAtPixel<float> at = LookAt(face, blur, center);
      if (at.reached) total = AddToAlpha<float>(aggregation, total, CoverageAt(at, blur), true);
      return true;
    });
    alpha[place.index(image)] =
        AlphaOfTotal(aggregation, total, NumFacesOf(num_faces, place.image));
  }
};

template <typename Device>
void SoftrasSilhouetteOnDevice(const SoftrasSilhouetteParams<float>& params, Device& device) {
  const SoftBatch batch = BlurredBatch(params);
  const FacesOfPixels<BlurredFace<float>> faces =
      ListFacesOfPixels<BlurredFace<float>>(device, batch, MakerOfBlurred(params));
  device.For(faces.lists.grid.num_pixels(),
             DrawAlphaPixel{faces, BlurScaleOf<float>(params.blur), params.aggregation,
                            CountFacesOnDevice(device, params.aggregation, batch), params.alpha});
}

// What one pixel gives to the corners of a face.
struct AddAlphaPixel {
  BlurScale<float> blur;
  AlphaAggregation aggregation;
  const float* shared;  // see AlphaBackward

  MR_DEVICE void operator()(const BlurredFace<float>& face, const FacePlace&, int64_t pixel,
                            const Vec2<float>& center, CornerSums<float>* sums) const {
    if (shared[pixel] == 0.0f) return;
    const FaceAtPixel<float> at = LookAt(face, blur, center);
    if (!at.reached) return;
    const float grad_logit = FaceAlphaBackward<float>(aggregation, /*original=*/false,
                                                      CoverageAt(at, blur), shared[pixel]);
    if (blur.distance == SoftDistance::kEuclidean) {  // no weights to care for
      return AddSquareGradient(face, blur, center, at, grad_logit, sums);
    }
    float grad_weights[3] = {};
    AddDistanceGradient(face, blur, center, at, grad_logit, grad_weights, sums);
  }
};

template <typename Device>
void SoftrasSilhouetteGradOnDevice(const SoftrasSilhouetteGradParams<float>& params,
                                   Device& device) {
  const SoftBatch batch = BlurredBatch(params);
  const int64_t pixels = params.image.pixels(), num_pixels = params.image.batch * pixels;
  const int64_t* num_faces = CountFacesOnDevice(device, params.aggregation, batch);
  float* shared = device.template Scratch<float>(num_pixels);
  device.For(num_pixels, [=] MR_DEVICE(int64_t i) {
    shared[i] = AlphaBackward(params.aggregation, /*original=*/false, params.alpha[i],
                              NumFacesOf(num_faces, i / pixels), params.grad_alpha[i]);
  });
  const PlacedFaces<BlurredFace<float>> faces =
      PlaceFaces<BlurredFace<float>>(device, batch, MakerOfBlurred(params));
  const float* corners = SumOverPixels<PlaceSums>(
      device, faces, AddAlphaPixel{BlurScaleOf<float>(params.blur), params.aggregation, shared});
  CornersToVertices(device, faces, corners, 2, params.grad_vertices_clip);
}

}  // namespace mesh_renderer
