// FaceTexture and FaceTextureGrad: names, inputs, outputs and what their letters must satisfy.
#pragma once

#include "absl/strings/str_cat.h"
#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

// N is B, or 1 for textures that serve the whole batch.
inline constexpr char kTexturesShape[] = "[N, F, T, T, T, C]";
inline constexpr Input kTextures = {"textures", kTexturesShape,
                                    "pass one T x T x T cube of texels per face; N is B or 1"};

inline constexpr Signature kFaceTextureSignature = {
    "FaceTexture", {kTextures, kFaceId, kBarycentrics}, {"[B, H, W, C]"}};

inline constexpr Signature kFaceTextureGradSignature = {
    "FaceTextureGrad",
    {kTextures, kFaceId, kBarycentrics, {"grad_output", "[B, H, W, C]", kLikeForwardHint}},
    {kTexturesShape, "[B, H, W, 3]"}};

// N is B or 1; unknown sizes pass.
inline absl::Status CheckTextureItems(const char* op, const Sizes& sizes) {
  const int64_t items = sizes['N'], batch = sizes['B'];
  if (items == 1 || items == batch || items == kUnknownSize || batch == kUnknownSize) {
    return absl::OkStatus();
  }
  return BadArgument(op, kTextures.name,
                     {absl::StrCat("shape ", kTexturesShape, " with N = 1 or N = B = ", batch),
                      absl::StrCat("N = ", items), kTextures.hint});
}

}  // namespace mesh_renderer
