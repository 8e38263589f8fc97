#include "cc/ops/dibr_mask_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status DibrMaskShape(InferenceContext* c) { return InferShapes(kDibrMaskSignature, c); }

absl::Status DibrMaskGradShape(InferenceContext* c) {
  return InferShapes(kDibrMaskGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>DibrMask")
    .Attr("T: {float, double}")
    .Attr("sigma_inv: float = 7000.0")
    .Attr("box_length: float = 0.02")
    .Attr("k_faces: int = 0")
    .Attr("falloff: {'squared', 'linear'} = 'squared'")
    .Attr("eps: float = 0.0")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Output("mask: T")
    .Output("last_face: int32")
    .SetShapeFn(DibrMaskShape)
    .Doc(R"doc(
DIB-R's probability that a pixel belongs to the silhouette.

vertices_clip: [B, V, 4] vertices in clip space.
faces: [F, 3] or [B, F, 3] vertex indices, -1 in padding.
face_id: [B, H, W] face seen by each pixel, -1 where empty.
sigma_inv: Decay of the probability of a face, per NDC (squared).
box_length: NDC by which the bounding box of a face is enlarged; it counts inside only.
k_faces: Only the first k_faces faces whose box holds a pixel count; 0: all.
falloff: Whether the squared distance counts, or the distance.
eps: Added to 1 - probability where the gradient divides by it.
mask: [B, H, W] 1 where a face is seen, else 1 - prod(1 - probability).
last_face: [B, H, W] the last face that counted where k_faces cut, else F.
)doc");

REGISTER_OP("MeshRenderer>DibrMaskGrad")
    .Attr("T: {float, double}")
    .Attr("sigma_inv: float = 7000.0")
    .Attr("box_length: float = 0.02")
    .Attr("k_faces: int = 0")
    .Attr("falloff: {'squared', 'linear'} = 'squared'")
    .Attr("eps: float = 0.0")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("mask: T")
    .Input("last_face: int32")
    .Input("grad_mask: T")
    .Output("grad_vertices_clip: T")
    .SetShapeFn(DibrMaskGradShape)
    .Doc(R"doc(
Gradient of DibrMask.

vertices_clip: [B, V, 4] as given to DibrMask.
faces: [F, 3] or [B, F, 3] as given to DibrMask.
face_id: [B, H, W] as given to DibrMask.
mask: [B, H, W] as returned by DibrMask.
last_face: [B, H, W] as returned by DibrMask.
grad_mask: [B, H, W] gradient with respect to mask.
sigma_inv: As given to DibrMask.
box_length: As given to DibrMask.
k_faces: As given to DibrMask.
falloff: As given to DibrMask.
eps: As given to DibrMask.
grad_vertices_clip: [B, V, 4] gradient with respect to vertices_clip.
)doc");

}  // namespace mesh_renderer
