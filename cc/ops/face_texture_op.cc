#include "cc/ops/face_texture_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status InferTextureShapes(const Signature& signature, InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(signature, c, &sizes));
  TF_RETURN_IF_ERROR(CheckTextureItems(signature.op, sizes));
  SetOutputShapes(signature, sizes, c);
  return absl::OkStatus();
}

absl::Status FaceTextureShape(InferenceContext* c) {
  return InferTextureShapes(kFaceTextureSignature, c);
}

absl::Status FaceTextureGradShape(InferenceContext* c) {
  return InferTextureShapes(kFaceTextureGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>FaceTexture")
    .Attr("T: {float, double}")
    .Attr("eps: float = 0.001")
    .Attr("barycentrics_gradient: bool = false")
    .Input("textures: T")
    .Input("face_id: int32")
    .Input("barycentrics: T")
    .Output("output: T")
    .SetShapeFn(FaceTextureShape)
    .Doc(R"doc(
Reads a cube of texels per face trilinearly; axis k of a cube belongs to vertex k of its face.

textures: [B, F, T, T, T, C] texels, or [1, F, T, T, T, C] for the whole batch.
face_id: [B, H, W] face seen by each pixel, -1 where empty.
barycentrics: [B, H, W, 3] weights of the face's vertices.
eps: Positions in a cube are clamped to [0, T - 1 - eps].
barycentrics_gradient: Whether the gradient of this op reaches the barycentrics.
output: [B, H, W, C] texels, 0 where empty.
)doc");

REGISTER_OP("MeshRenderer>FaceTextureGrad")
    .Attr("T: {float, double}")
    .Attr("eps: float = 0.001")
    .Attr("barycentrics_gradient: bool = false")
    .Input("textures: T")
    .Input("face_id: int32")
    .Input("barycentrics: T")
    .Input("grad_output: T")
    .Output("grad_textures: T")
    .Output("grad_barycentrics: T")
    .SetShapeFn(FaceTextureGradShape)
    .Doc(R"doc(
Gradients of FaceTexture.

textures: [B, F, T, T, T, C] or [1, F, T, T, T, C] as given to FaceTexture.
face_id: [B, H, W] as given to FaceTexture.
barycentrics: [B, H, W, 3] as given to FaceTexture.
grad_output: [B, H, W, C] gradient with respect to the output.
eps: As given to FaceTexture.
barycentrics_gradient: Off leaves grad_barycentrics at 0.
grad_textures: Like textures, gradient with respect to them.
grad_barycentrics: [B, H, W, 3] gradient with respect to barycentrics.
)doc");

}  // namespace mesh_renderer
