// What SoftRas' ops read alike: attributes and inputs.
#pragma once

#include "cc/kernels/softras_settings.h"
#include "cc/ops/checks.h"

namespace mesh_renderer {

// sigma, dist_eps and distance.
absl::Status ReadBlur(const char* op, const Attributes& attributes, SoftBlur* blur);

// The attribute `name`, which says how alpha is formed.
absl::Status ReadAlphaAggregation(const char* name, const Attributes& attributes,
                                  AlphaAggregation* aggregation);

// near, far, depth_from, cull and perspective_correct.
absl::Status ReadSoftView(const char* op, const Attributes& attributes, SoftView* view);

// gamma, eps, both aggregations and original_gradient; T is the type of the op.
template <typename T>
absl::Status ReadMixing(const char* op, const Attributes& attributes, SoftMixing* mixing);

// Inputs 0 and 1, vertices_clip and faces, checked and written into `params`; `sizes` holds all
// shapes.
template <typename T, typename Params, typename Backend>
absl::Status ReadSoftMesh(const Signature& signature, const OpCall& call, const Backend& backend,
                          const Sizes& sizes, Params* params) {
  const Array vertices_clip = call.input(0);
  const Array faces = call.input(1);
  TF_RETURN_IF_ERROR(CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, backend));
  TF_RETURN_IF_ERROR(CheckFaces({signature.op, "faces", faces}, sizes['V'], backend));
  params->image = ViewImage(sizes);
  params->num_vertices = sizes['V'];
  params->faces = ViewFaces(faces);
  params->vertices_clip = InputData<T>(call, 0);
  return absl::OkStatus();
}

}  // namespace mesh_renderer
