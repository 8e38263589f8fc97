// Interpolate and InterpolateGrad: names, inputs and outputs.
#pragma once

#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr Input kAttributes = {"attributes", "[B, V, D]",
                                      "pass one row of values per vertex, with a batch axis"};

inline constexpr Signature kInterpolateSignature = {
    "Interpolate", {kAttributes, kFaces, kFaceId, kBarycentrics}, {"[B, H, W, D]"}};

inline constexpr Signature kInterpolateGradSignature = {
    "InterpolateGrad",
    {kAttributes,
     kFaces,
     kFaceId,
     kBarycentrics,
     {"grad_output", "[B, H, W, D]", kLikeForwardHint}},
    {"[B, V, D]", "[B, H, W, 3]"}};

}  // namespace mesh_renderer
