// Rasterize on a Device: every pixel goes through the faces of its bin.
#pragma once

#include <type_traits>

#include "cc/kernels/rasterize_bins_device.h"

namespace mesh_renderer {

// One pixel. Faces come in the order of their ids, so that of equal depths the lowest id stays.
template <typename Faces>
struct DrawNearest {
  Faces faces;
  RasterizeParams<float> params;
  float far_key, near_key;

  MR_DEVICE void operator()(int64_t i) const {
    const PixelPlace place = PlaceInBins(faces.grid, i);
    if (!place.inside) return;
    const int64_t bin = faces.grid.BinOf(i), end = faces.begin[bin + 1];
    PlaneValues nearest = {{0.0f, 0.0f, 0.0f}, far_key};
    int64_t nearest_entry = -1;
    for (int64_t entry = faces.begin[bin]; entry < end; ++entry) {
      if (!faces.Reaches(entry, place)) continue;
      const PlaneValues at = faces.At(entry, place);
      if (!IsInFront(at, nearest.key, near_key)) continue;
      nearest = at;
      nearest_entry = entry;
    }
    const int32_t face = nearest_entry < 0 ? -1 : faces.FaceAt(nearest_entry);
    WriteFragment(params, place.index(params.image), face, nearest);
  }
};

template <typename Device>
void RasterizeInBins(const RasterizeParams<float>& params, const FacePairs& pairs, Device& device) {
  const DepthKeys keys = KeysOf(params.settings);
  DrawInBins(params, pairs, device, [&](const auto& faces) {
    using Faces = std::decay_t<decltype(faces)>;
    device.For(faces.grid.num_pixels(),
               DrawNearest<Faces>{faces, params, static_cast<float>(keys.far_key),
                                  static_cast<float>(keys.near_key)});
  });
}

template <typename Device>
void RasterizeOnDevice(const RasterizeParams<float>& params, Device& device) {
  const PixelBox* blocks = FindBlocks(params, device);
  const FacePairs pairs = PairFacesWithBins(device, params.image, params.faces.num_faces, blocks);
  RasterizeInBins(params, pairs, device);
}

}  // namespace mesh_renderer
