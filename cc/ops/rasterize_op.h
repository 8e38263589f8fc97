// Rasterize and RasterizeGrad: names, inputs and outputs.
#pragma once

#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr Signature kRasterizeSignature = {
    "Rasterize", {kVerticesClip, kFaces, kImageSize}, {"[B, H, W]", "[B, H, W, 3]", "[B, H, W]"}};

inline constexpr Signature kRasterizeGradSignature = {
    "RasterizeGrad",
    {kVerticesClip,
     kFaces,
     kFaceId,
     kBarycentrics,
     {"grad_barycentrics", "[B, H, W, 3]", kLikeForwardHint},
     {"grad_depth", "[B, H, W]", kLikeForwardHint}},
    {"[B, V, 4]"}};

}  // namespace mesh_renderer
