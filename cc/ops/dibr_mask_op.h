// DibrMask and DibrMaskGrad: names, inputs and outputs.
#pragma once

#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr Signature kDibrMaskSignature = {
    "DibrMask", {kVerticesClip, kFaces, kFaceId}, {"[B, H, W]", "[B, H, W]"}};

inline constexpr char kLikeMaskHint[] = "pass what DibrMask returned";
inline constexpr Signature kDibrMaskGradSignature = {"DibrMaskGrad",
                                                     {kVerticesClip,
                                                      kFaces,
                                                      kFaceId,
                                                      {"mask", "[B, H, W]", kLikeMaskHint},
                                                      {"last_face", "[B, H, W]", kLikeMaskHint},
                                                      {"grad_mask", "[B, H, W]", kLikeForwardHint}},
                                                     {"[B, V, 4]"}};

}  // namespace mesh_renderer
