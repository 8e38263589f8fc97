// RasterizeLayers on a Device: every pixel sorts the fragments of its bin's faces by insertion.
#pragma once

#include <type_traits>

#include "cc/kernels/rasterize_bins_device.h"
#include "cc/kernels/rasterize_layers.h"

namespace mesh_renderer {

// The fragments of one pixel while they are sorted, nearest first. Depth keys are kept where depths
// will be, and places in the bin's list where face ids will be.
struct SortedFragmentsOfPixel {
  float* keys;
  int32_t* places;
  int64_t stride;  // from layer to layer
  int num_layers;

  // Adds a fragment to `count` others; those of equal depth stay in the order in which they come.
  MR_HOST_DEVICE void Insert(float key, int32_t place, int32_t count) const {
    int64_t layer = count;
    if (count >= num_layers) {
      layer = num_layers - 1;
      if (!(key > keys[layer * stride])) return;
    }
    for (; layer > 0 && key > keys[(layer - 1) * stride]; --layer) {
      keys[layer * stride] = keys[(layer - 1) * stride];
      places[layer * stride] = places[(layer - 1) * stride];
    }
    keys[layer * stride] = key;
    places[layer * stride] = place;
  }
};

// One pixel.
template <typename Faces>
struct DrawLayersOfPixel {
  Faces faces;
  RasterizeLayersParams<float> params;
  float far_key, near_key;

  MR_DEVICE void operator()(int64_t i) const {
    const RasterizeParams<float>& layers = params.layers;
    const PixelPlace place = PlaceInBins(faces.grid, i);
    if (!place.inside) return;
    const int64_t bin = faces.grid.BinOf(i);
    const int64_t begin = faces.begin[bin], end = faces.begin[bin + 1];
    const int64_t pixel = place.index(layers.image);
    const int64_t stride = layers.image.batch * layers.image.pixels();
    const SortedFragmentsOfPixel sorted = {layers.depth + pixel, layers.face_id + pixel, stride,
                                           params.num_layers};
    int32_t count = 0;
    for (int64_t entry = begin; entry < end; ++entry) {
      if (!faces.Reaches(entry, place)) continue;
      const PlaneValues at = faces.At(entry, place);
      if (!IsInFront(at, far_key, near_key)) continue;
      sorted.Insert(at.key, static_cast<int32_t>(entry - begin), count++);
    }
    for (int layer = 0; layer < params.num_layers; ++layer) {
      int32_t face = -1;
      PlaneValues at = {};
      if (layer < count) {
        const int64_t entry = begin + sorted.places[layer * stride];
        face = faces.FaceAt(entry);
        at = faces.At(entry, place);
      }
      WriteFragment(layers, layer * stride + pixel, face, at);
    }
    params.count[pixel] = count;
  }
};

template <typename Device>
void RasterizeLayersInBins(const RasterizeLayersParams<float>& params, const FacePairs& pairs,
                           Device& device) {
  const DepthKeys keys = KeysOf(params.layers.settings);
  DrawInBins(params.layers, pairs, device, [&](const auto& faces) {
    using Faces = std::decay_t<decltype(faces)>;
    device.For(faces.grid.num_pixels(),
               DrawLayersOfPixel<Faces>{faces, params, static_cast<float>(keys.far_key),
                                        static_cast<float>(keys.near_key)});
  });
}

template <typename Device>
void RasterizeLayersOnDevice(const RasterizeLayersParams<float>& params, Device& device) {
  const PixelBox* blocks = FindBlocks(params.layers, device);
  const FacePairs pairs =
      PairFacesWithBins(device, params.layers.image, params.layers.faces.num_faces, blocks);
  RasterizeLayersInBins(params, pairs, device);
}

}  // namespace mesh_renderer
