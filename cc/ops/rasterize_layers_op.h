// RasterizeLayers: name, inputs, outputs and how many of them there may be. Its gradient is
// RasterizeGrad of every layer.
#pragma once

#include "absl/strings/str_cat.h"
#include "cc/kernels/rasterize_layers.h"
#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

// K is the attribute num_layers.
inline constexpr Signature kRasterizeLayersSignature = {
    "RasterizeLayers",
    {kVerticesClip, kFaces, kImageSize},
    {"[K, B, H, W]", "[K, B, H, W, 3]", "[K, B, H, W]", "[B, H, W]"}};

inline absl::Status CheckNumLayers(int num_layers) {
  if (num_layers >= 1 && num_layers <= kMaxLayers) return absl::OkStatus();
  return BadArgument(kRasterizeLayersSignature.op, "num_layers",
                     {absl::StrCat("an integer from 1 to ", kMaxLayers), absl::StrCat(num_layers),
                      "take as many layers as faces overlap"});
}

}  // namespace mesh_renderer
