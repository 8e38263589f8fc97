#include "cc/ops/n3mr_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status N3mrShape(InferenceContext* c) { return InferShapes(kN3mrSignature, c); }

absl::Status N3mrGradShape(InferenceContext* c) { return InferShapes(kN3mrGradSignature, c); }

}  // namespace

REGISTER_OP("MeshRenderer>N3mr")
    .Attr("T: {float, double}")
    .Attr("eps: float = 0.001")
    .Input("image: T")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Output("output: T")
    .SetShapeFn(N3mrShape)
    .Doc(R"doc(
Returns the image unchanged and gives the vertices the approximate gradient of N3MR.

See Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.

image: [B, H, W, C] the finished image.
vertices_clip: [B, V, 4] the vertices it was rasterized from.
faces: [F, 3] or [B, F, 3] vertex indices; rows of -1 are padding.
face_id: [B, H, W] face seen by each pixel, -1 where empty.
eps: Added to the distance that an edge must move, in normalized device coordinates; positive.
output: [B, H, W, C] the image.
)doc");

REGISTER_OP("MeshRenderer>N3mrGrad")
    .Attr("T: {float, double}")
    .Attr("eps: float = 0.001")
    .Input("image: T")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("grad_image: T")
    .Output("grad_vertices_clip: T")
    .SetShapeFn(N3mrGradShape)
    .Doc(R"doc(
Approximate gradient of an image with respect to the vertices, by sweeping its rows and columns.

See Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.

image: [B, H, W, C] as given to N3mr.
vertices_clip: [B, V, 4] as given to N3mr.
faces: [F, 3] or [B, F, 3] as given to N3mr.
face_id: [B, H, W] as given to N3mr.
grad_image: [B, H, W, C] gradient with respect to the image.
eps: As given to N3mr.
grad_vertices_clip: [B, V, 4] gradient with respect to the vertices; the z component is 0.
)doc");

}  // namespace mesh_renderer
