// What the ops that draw hard-edged faces read alike: attributes and inputs.
#pragma once

#include "cc/kernels/rasterize.h"
#include "cc/ops/arguments.h"
#include "cc/ops/checks.h"

namespace mesh_renderer {

absl::Status ReadCull(const Attributes& attributes, Cull* cull);

// near, far and depth_from, which forward and backward share.
absl::Status ReadDepthSettings(const char* op, const Attributes& attributes,
                               RasterizeSettings* settings);

// Checks vertices_clip, faces and image_size, and fills what they tell of `params`.
template <typename T, typename Backend>
absl::Status ReadRasterizeInputs(const Signature& signature, const OpCall& call,
                                 const Backend& backend, Sizes* sizes, RasterizeParams<T>* params) {
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(ReadImageSize(signature.op, call.input(kImageSizePlace), sizes));
  return ReadMesh<T>(signature, call, backend, *sizes, params);
}

// The first three outputs: face_id, barycentrics, depth.
template <typename T>
void SetRasterizeOutputs(const Outputs& outputs, RasterizeParams<T>* params) {
  params->face_id = outputs.At<int32_t>(0);
  params->barycentrics = outputs.At<T>(1);
  params->depth = outputs.At<T>(2);
}

}  // namespace mesh_renderer
