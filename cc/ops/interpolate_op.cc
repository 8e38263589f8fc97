#include "cc/ops/interpolate_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status InterpolateShape(InferenceContext* c) { return InferShapes(kInterpolateSignature, c); }

absl::Status InterpolateGradShape(InferenceContext* c) {
  return InferShapes(kInterpolateGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>Interpolate")
    .Attr("T: {float, double}")
    .Input("attributes: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("barycentrics: T")
    .Output("output: T")
    .SetShapeFn(InterpolateShape)
    .Doc(R"doc(
Blends the attributes of a face's three vertices by the barycentrics of every pixel.

attributes: [B, V, D] values per vertex.
faces: [F, 3] or [B, F, 3] vertex indices; rows of -1 are padding.
face_id: [B, H, W] face seen by each pixel, -1 where empty.
barycentrics: [B, H, W, 3] weights of the face's vertices.
output: [B, H, W, D] blended values, 0 where empty.
)doc");

REGISTER_OP("MeshRenderer>InterpolateGrad")
    .Attr("T: {float, double}")
    .Input("attributes: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("barycentrics: T")
    .Input("grad_output: T")
    .Output("grad_attributes: T")
    .Output("grad_barycentrics: T")
    .SetShapeFn(InterpolateGradShape)
    .Doc(R"doc(
Gradients of Interpolate.

attributes: [B, V, D] as given to Interpolate.
faces: [F, 3] or [B, F, 3] as given to Interpolate.
face_id: [B, H, W] as given to Interpolate.
barycentrics: [B, H, W, 3] as given to Interpolate.
grad_output: [B, H, W, D] gradient with respect to the output.
grad_attributes: [B, V, D] gradient with respect to attributes.
grad_barycentrics: [B, H, W, 3] gradient with respect to barycentrics, 0 where empty.
)doc");

}  // namespace mesh_renderer
