// SoftrasFragments on a Device: pixels forwards, faces backwards.
#pragma once

#include "cc/kernels/softras_device.h"
#include "cc/kernels/softras_fragments.h"

namespace mesh_renderer {

// A pixel keeps the ids and depths of its nearest faces sorted in the outputs themselves; weights
// and coverage, which would have to be moved along, are found once all is sorted.
struct DrawFragmentsPixel {
  FacesOfPixels<ViewedFace<float>> faces;
  BlurScale<float> blur;
  ViewScale<float> view;
  SoftrasFragmentsParams<float> params;

  MR_DEVICE void operator()(int64_t i) const {
    const PixelPlace place = PlaceInBins(faces.lists.grid, i);
    if (!place.inside) return;
    const int64_t pixel = place.index(params.image);
    const Vec2<float> center = CenterOf(params.image, place.row, place.column);
    int32_t count = 0;
    ForEachFace(faces, i, place, [&](int32_t f, const ViewedFace<float>& face) {
      if (!face.is_shown) return true;
      const FaceAtPixel<float> at = LookAt(face.blurred, blur, center);
      if (!at.reached) return true;
      const PointAtPixel<float> seen = PointAt(face, view, at);
      if (!seen.in_range) return true;
      Insert(pixel, count, f, seen.point.depth);
      ++count;
      return true;
    });
    params.count[pixel] = count;
    const int64_t first_face = place.image * params.faces.num_faces;
    for (int k = 0; k < params.num_fragments; ++k) {
      WriteFragment(pixel * params.num_fragments + k, k < count, first_face, center);
    }
  }

 private:
  // Equals stand in the order of their arrival; what falls out at the end is lost.
  MR_DEVICE void Insert(int64_t pixel, int32_t count, int32_t f, float depth) const {
    float* depths = params.depth + pixel * params.num_fragments;
    int32_t* ids = params.face_id + pixel * params.num_fragments;
    int k = count < params.num_fragments ? count : params.num_fragments;
    if (k == params.num_fragments && (k == 0 || !(depth < depths[--k]))) return;
    for (; k > 0 && depth < depths[k - 1]; --k) {
      depths[k] = depths[k - 1];
      ids[k] = ids[k - 1];
    }
    depths[k] = depth;
    ids[k] = f;
  }

  MR_DEVICE void WriteFragment(int64_t at_output, bool exists, int64_t first_face,
                               const Vec2<float>& center) const {
    float* barycentrics = params.barycentrics + at_output * 3;
    if (!exists) {
      params.face_id[at_output] = -1;
      params.depth[at_output] = params.coverage[at_output] = 0.0f;
      for (int k = 0; k < 3; ++k) barycentrics[k] = 0.0f;
      return;
    }
    const ViewedFace<float>& face =
        faces.placed.records[first_face + params.face_id[at_output]].face;
    const FaceAtPixel<float> at = LookAt(face.blurred, blur, center);
    const PointAtPixel<float> seen = PointAt(face, view, at);
    params.coverage[at_output] = CoverageAt(at, blur).hit;
    for (int k = 0; k < 3; ++k) barycentrics[k] = seen.point.weight[k];
  }
};

template <typename Device>
void SoftrasFragmentsOnDevice(const SoftrasFragmentsParams<float>& params, Device& device) {
  const FacesOfPixels<ViewedFace<float>> faces =
      ListFacesOfPixels<ViewedFace<float>>(device, ViewedBatch(params), MakerOfViewed(params));
  device.For(faces.lists.grid.num_pixels(),
             DrawFragmentsPixel{faces, BlurScaleOf<float>(params.blur),
                                ViewScaleOf<float>(params.view), params});
}

// What the fragments of one pixel that show a face give to its corners.
struct AddFragmentPixel {
  BlurScale<float> blur;
  ViewScale<float> view;
  SoftrasFragmentsGradParams<float> params;

  MR_DEVICE void operator()(const ViewedFace<float>& face, const FacePlace& place, int64_t pixel,
                            const Vec2<float>& center, CornerSums<float>* sums) const {
    const int64_t fragment = Find(static_cast<int32_t>(place.face), pixel);
    if (fragment < 0) return;
    const FaceAtPixel<float> at = LookAt(face.blurred, blur, center);
    const PointAtPixel<float> seen = PointAt(face, view, at);
    float grad_weights[3];
    AddPointGradient(face, view.perspective, at, seen, params.grad_depth[fragment],
                     params.grad_barycentrics + fragment * 3, grad_weights, sums);
    const SoftCoverage<float> coverage = CoverageAt(at, blur);
    AddDistanceGradient(face.blurred, blur, center, at,
                        params.grad_coverage[fragment] * coverage.hit * coverage.miss, grad_weights,
                        sums);
  }

 private:
  // The fragment of a pixel that shows a face, -1 if none does. Empty ones come last.
  MR_DEVICE int64_t Find(int32_t f, int64_t pixel) const {
    const int64_t begin = pixel * params.num_fragments;
    for (int64_t i = begin; i < begin + params.num_fragments; ++i) {
      if (params.face_id[i] == f) return i;
      if (params.face_id[i] < 0) return -1;
    }
    return -1;
  }
};

template <typename Device>
void SoftrasFragmentsGradOnDevice(const SoftrasFragmentsGradParams<float>& params, Device& device) {
  const PlacedFaces<ViewedFace<float>> faces =
      PlaceFaces<ViewedFace<float>>(device, ViewedBatch(params), MakerOfViewed(params));
  float* corners = SumOverPixels<PlaceAndDepthSums>(
      device, faces,
      AddFragmentPixel{BlurScaleOf<float>(params.blur), ViewScaleOf<float>(params.view), params});
  CornerDepthsBackward(device, faces, corners);
  CornersToVertices(device, faces, corners, 3, params.grad_vertices_clip);
}

}  // namespace mesh_renderer
