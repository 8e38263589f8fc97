// SoftrasSilhouette and SoftrasSilhouetteGrad: names, inputs and outputs.
#pragma once

#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr Signature kSoftrasSilhouetteSignature = {
    "SoftrasSilhouette", {kVerticesClip, kFaces, kImageSize}, {"[B, H, W]"}};

inline constexpr Signature kSoftrasSilhouetteGradSignature = {
    "SoftrasSilhouetteGrad",
    {kVerticesClip,
     kFaces,
     {"alpha", "[B, H, W]", "pass what SoftrasSilhouette returned"},
     {"grad_alpha", "[B, H, W]", kLikeForwardHint}},
    {"[B, V, 4]"}};

}  // namespace mesh_renderer
