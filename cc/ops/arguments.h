// Inputs that several ops have.
#pragma once

#include "cc/ops/signature.h"

namespace mesh_renderer {

inline constexpr char kFragmentsHint[] = "pass the fragments that rasterize returned";
inline constexpr char kLikeForwardHint[] = "a gradient has the shape of the output it belongs to";

inline constexpr Input kVerticesClip = {
    "vertices_clip", "[B, V, 4]", "pass clip space (x, y, z, w), with a batch axis, from a camera"};
inline constexpr Input kFaces = {"faces", "[F, 3] or [B, F, 3]", "pass triangles"};
inline constexpr Input kImageSize = {"image_size", "[2]", "pass (height, width)"};
// In ops that take it right after the mesh.
inline constexpr int kImageSizePlace = 2;
inline constexpr Input kFaceId = {"face_id", "[B, H, W]", kFragmentsHint};
inline constexpr Input kBarycentrics = {"barycentrics", "[B, H, W, 3]", kFragmentsHint};

}  // namespace mesh_renderer
