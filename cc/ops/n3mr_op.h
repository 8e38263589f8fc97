// N3mr and N3mrGrad: names, inputs and outputs.
#pragma once

#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr Input kImage = {"image", "[B, H, W, C]",
                                 "pass the finished image, channels last, at the size rasterized"};

inline constexpr Signature kN3mrSignature = {
    "N3mr", {kImage, kVerticesClip, kFaces, kFaceId}, {"[B, H, W, C]"}};

inline constexpr Signature kN3mrGradSignature = {
    "N3mrGrad",
    {kImage, kVerticesClip, kFaces, kFaceId, {"grad_image", "[B, H, W, C]", kLikeForwardHint}},
    {"[B, V, 4]"}};

}  // namespace mesh_renderer
