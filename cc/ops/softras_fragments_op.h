// SoftrasFragments and SoftrasFragmentsGrad: names, inputs, outputs and how many there may be.
#pragma once

#include "absl/strings/str_cat.h"
#include "cc/kernels/softras_fragments.h"
#include "cc/ops/arguments.h"
#include "cc/ops/signature.h"

namespace mesh_renderer {

// K is the attribute num_fragments.
inline constexpr Signature kSoftrasFragmentsSignature = {
    "SoftrasFragments",
    {kVerticesClip, kFaces, kImageSize},
    {"[B, H, W, K]", "[B, H, W, K, 3]", "[B, H, W, K]", "[B, H, W, K]", "[B, H, W]"}};

inline constexpr Signature kSoftrasFragmentsGradSignature = {
    "SoftrasFragmentsGrad",
    {kVerticesClip,
     kFaces,
     {"face_id", "[B, H, W, K]", "pass what SoftrasFragments returned"},
     {"grad_barycentrics", "[B, H, W, K, 3]", kLikeForwardHint},
     {"grad_depth", "[B, H, W, K]", kLikeForwardHint},
     {"grad_coverage", "[B, H, W, K]", kLikeForwardHint}},
    {"[B, V, 4]"}};

inline absl::Status CheckNumFragments(const char* op, int64_t num_fragments) {
  if (num_fragments >= 1 && num_fragments <= kMaxFragments) return absl::OkStatus();
  return BadArgument(
      op, "num_fragments",
      {absl::StrCat("an integer from 1 to ", kMaxFragments), absl::StrCat(num_fragments),
       "take as many as faces overlap; softras_color mixes any number"});
}

}  // namespace mesh_renderer
