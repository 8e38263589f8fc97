// Texture and TextureGrad: names, inputs, outputs and what the shapes must satisfy beyond.
#pragma once

#include "absl/strings/str_cat.h"
#include "cc/kernels/validate.h"
#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

// N is B, or 1 for a texture that serves the whole batch; Y and X are its height and width.
inline constexpr char kTextureShape[] = "[N, Y, X, C]";
inline constexpr Input kTexture = {"texture", kTextureShape,
                                   "pass one picture per image, or one for all with N = 1"};
inline constexpr Input kUv = {"uv", "[B, H, W, 2]",
                              "pass texture coordinates (u, v) of every pixel"};

// Its place among the inputs, and among the outputs its gradient, which has its shape.
inline constexpr int kUvDerivativesPlace = 2;
inline constexpr char kUvDerivativesShape[] = "[B, H, W, 2, 2]";
inline constexpr Input kUvDerivatives = {
    "uv_derivatives", "[B, H, W, 2, 2] or [0]",
    "pass d (u, v) / d (column, row) for trilinear lookups, and nothing, [0], for others"};

inline constexpr Input kCovered = {"covered", "[B, H, W] or [0]",
                                   "pass whether each pixel is to be read, or nothing, [0]"};

inline constexpr Signature kTextureSignature = {
    "Texture", {kTexture, kUv, kUvDerivatives, kCovered}, {"[B, H, W, C]"}};

// Without grad_uv_derivatives, whose shape depends on the filter.
inline constexpr Signature kTextureGradSignature = {
    "TextureGrad",
    {kTexture, kUv, kUvDerivatives, kCovered, {"grad_output", "[B, H, W, C]", kLikeForwardHint}},
    {kTextureShape, "[B, H, W, 2]"}};

// N is B or 1, and both sides can be halved down to 1 in a fixed number of steps; unknown sizes
// pass.
inline absl::Status CheckTextureSizes(const char* op, const Sizes& sizes) {
  const int64_t items = sizes['N'], batch = sizes['B'];
  if (items != 1 && items != batch && items != kUnknownSize && batch != kUnknownSize) {
    return BadArgument(op, kTexture.name,
                       {absl::StrCat("shape ", kTextureShape, " with N = 1 or N = B = ", batch),
                        absl::StrCat("N = ", items), kTexture.hint});
  }
  for (char letter : {'Y', 'X'}) {
    const int64_t side = sizes[letter];
    if (side == kUnknownSize || (side >= 1 && side <= kMaxImageSide)) continue;
    return BadArgument(
        op, kTexture.name,
        {absl::StrCat("shape ", kTextureShape, " with 1 <= Y, X <= ", kMaxImageSide),
         absl::StrCat(std::string(1, letter), " = ", side), "cut larger textures into several"});
  }
  return absl::OkStatus();
}

// Derivatives come with trilinear lookups and only with them. An unknown rank is negative.
inline absl::Status CheckUvDerivativesRank(const char* op, bool trilinear, int rank) {
  if (rank < 0 || trilinear == (rank > 1)) return absl::OkStatus();
  return BadArgument(
      op, kUvDerivatives.name,
      {trilinear ? absl::StrCat("shape ", kUvDerivativesShape, " with filter = 'trilinear'")
                 : "shape [0] unless filter = 'trilinear'",
       absl::StrCat("rank ", rank), kUvDerivatives.hint});
}

}  // namespace mesh_renderer
