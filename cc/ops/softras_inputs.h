// What SoftRas' ops read alike: attributes and inputs.
#pragma once

#include "cc/kernels/softras_settings.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"

namespace mesh_renderer {

// sigma, dist_eps and distance.
absl::Status ReadBlur(const char* op, OpKernelConstruction* context, SoftBlur* blur);

// The attribute `name`, which says how alpha is formed.
absl::Status ReadAlphaAggregation(const char* name, OpKernelConstruction* context,
                                  AlphaAggregation* aggregation);

// near, far, depth_from, cull and perspective_correct.
absl::Status ReadSoftView(const char* op, OpKernelConstruction* context, SoftView* view);

// gamma, eps, both aggregations and original_gradient; T is the type of the op.
template <typename T>
absl::Status ReadMixing(const char* op, OpKernelConstruction* context, SoftMixing* mixing);

// Inputs 0 and 1, vertices_clip and faces, checked and written into `params`; `sizes` holds all
// shapes.
template <typename T, typename Params>
absl::Status ReadSoftMesh(const Signature& signature, OpKernelContext* context,
                          const ParallelFor& parallel_for, const Sizes& sizes, Params* params) {
  const Tensor& vertices_clip = context->input(0);
  const Tensor& faces = context->input(1);
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
  TF_RETURN_IF_ERROR(CheckFaces({signature.op, "faces", faces}, sizes['V'], parallel_for, nullptr));
  params->image = ViewImage(sizes);
  params->num_vertices = sizes['V'];
  params->faces = ViewFaces(faces);
  params->vertices_clip = InputData<T>(context, 0);
  return absl::OkStatus();
}

}  // namespace mesh_renderer
