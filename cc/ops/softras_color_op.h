// SoftrasColor and SoftrasColorGrad: names, inputs, outputs and what their letters must satisfy.
#pragma once

#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr char kColorsHint[] =
    "pass a colour per vertex, or R x R texels per face, where N is B or 1";
inline constexpr Input kSoftColors = {"colors", "[B, V, C] or [N, F, S, C]", kColorsHint};

// D is C + 1: alpha is the last channel. S is R x R.
inline constexpr Signature kSoftrasColorSignature = {
    "SoftrasColor",
    {kVerticesClip,
     kFaces,
     kSoftColors,
     {"background", "[B, C]", "pass one colour per image"},
     kImageSize},
    {"[B, H, W, D]", "[B, H, W, 2]"}};
inline constexpr int kColorsPlace = 2;
inline constexpr int kColorImageSizePlace = 4;

inline constexpr char kLikeColorHint[] = "pass what SoftrasColor returned";
inline constexpr Signature kSoftrasColorGradSignature = {
    "SoftrasColorGrad",
    {kVerticesClip,
     kFaces,
     kSoftColors,
     {"image", "[B, H, W, D]", kLikeColorHint},
     {"aggregates", "[B, H, W, 2]", kLikeColorHint},
     {"grad_image", "[B, H, W, D]", kLikeForwardHint}},
    {"[B, V, 4]", "[B, V, C]", "[B, C]"}};
// The same with colours of texels: their gradient is like them.
inline constexpr Signature kSoftrasTexelsGradOutputs = {
    kSoftrasColorGradSignature.op, {}, {"[B, V, 4]", "[N, F, S, C]", "[B, C]"}};

// The R of R x R texels; 0 if their number is no such product.
inline int64_t TexelSide(int64_t texels) {
  const int64_t side = std::llround(std::sqrt(static_cast<double>(texels)));
  return side * side == texels ? side : 0;
}

// N is B or 1, S is R x R with R >= 1, D is C + 1; unknown sizes pass. Binds D if nothing has.
inline absl::Status MatchColors(const char* op, Sizes* sizes) {
  const int64_t items = (*sizes)['N'], batch = (*sizes)['B'], texels = (*sizes)['S'];
  const int64_t channels = (*sizes)['C'], with_alpha = (*sizes)['D'];
  const auto known = [](int64_t size) { return size != kUnknownSize; };
  if (known(items) && known(batch) && items != 1 && items != batch) {
    return BadArgument(op, kSoftColors.name,
                       {absl::StrCat("shape [N, F, S, C] with N = 1 or N = B = ", batch),
                        absl::StrCat("N = ", items), kColorsHint});
  }
  if (known(texels) && TexelSide(texels) == 0) {
    return BadArgument(op, kSoftColors.name,
                       {"shape [N, F, S, C] with S = R x R, R >= 1", absl::StrCat("S = ", texels),
                        "one texel per face is S = 1"});
  }
  if (known(texels) && known(channels) && texels * channels > INT32_MAX) {
    return BadArgument(op, kSoftColors.name,
                       {"faces of at most 2^31 - 1 numbers each",
                        absl::StrCat("S C = ", texels * channels), "use a texture with uv"});
  }
  if (known(channels) && !known(with_alpha)) sizes->Bind('D', channels + 1, kSoftColors.name);
  if (!known(channels) || (*sizes)['D'] == channels + 1) return absl::OkStatus();
  return BadArgument(op, "image",
                     {absl::StrCat("shape [B, H, W, D] with D = C + 1 = ", channels + 1),
                      absl::StrCat("D = ", with_alpha), kLikeColorHint});
}

}  // namespace mesh_renderer
