#include "cc/ops/softras_fragments_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status SoftrasFragmentsShape(InferenceContext* c) {
  Sizes sizes;
  int num_fragments;
  TF_RETURN_IF_ERROR(c->GetAttr("num_fragments", &num_fragments));
  TF_RETURN_IF_ERROR(CheckNumFragments(kSoftrasFragmentsSignature.op, num_fragments));
  sizes.Bind('K', num_fragments, "num_fragments");
  TF_RETURN_IF_ERROR(InferSizes(kSoftrasFragmentsSignature, c, &sizes));
  TF_RETURN_IF_ERROR(InferImageSize(kSoftrasFragmentsSignature.op, kImageSizePlace, c, &sizes));
  SetOutputShapes(kSoftrasFragmentsSignature, sizes, c);
  return absl::OkStatus();
}

absl::Status SoftrasFragmentsGradShape(InferenceContext* c) {
  return InferShapes(kSoftrasFragmentsGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>SoftrasFragments")
    .Attr("T: {float, double}")
    .Attr("num_fragments: int")
    .Attr("on_overflow: {'error', 'truncate'} = 'truncate'")
    .Attr("sigma: float = 1e-5")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("near: float = 1.0")
    .Attr("far: float = 100.0")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Attr("cull: {'back', 'front', 'none'} = 'none'")
    .Attr("perspective_correct: bool = true")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("image_size: int32")
    .Output("face_id: int32")
    .Output("barycentrics: T")
    .Output("depth: T")
    .Output("coverage: T")
    .Output("count: int32")
    .SetShapeFn(SoftrasFragmentsShape)
    .Doc(R"doc(
Finds the K nearest faces that give colour to a pixel of SoftrasColor.

They are sorted from near to far; equal depths are sorted by face id.

vertices_clip: [B, V, 4] clip space (x, y, z, w), finite.
faces: [F, 3] or [B, F, 3] vertex indices, counter-clockwise seen from the front; rows of -1 are
  skipped.
image_size: [2] height and width, 1 to 32768 each.
num_fragments: K, 1 to 1024; what lies behind is counted, but not kept.
on_overflow: What to do if a pixel has more fragments than K. 'error' says how many would do;
  'truncate' drops the farthest.
sigma: How far a face blurs, squared NDC.
dist_eps: A face that covers less of a pixel is left out.
distance: 'euclidean' squares the distance to the boundary; 'barycentric' squares the lowest
  barycentric; 'hard' covers what lies on the face.
near: Nearer faces are left out.
far: Farther faces are left out.
depth_from: 'w' takes w as depth (perspective cameras); 'z' takes
  near + (z / w + 1) / 2 * (far - near).
cull: Which side is left out.
perspective_correct: Whether barycentrics are those on the face in space, not on the image.
face_id: [B, H, W, K] index into faces, -1 where there is none.
barycentrics: [B, H, W, K, 3] weights of the face's vertices, clipped beside it, 0 where there is
  none.
depth: [B, H, W, K] depth, larger is farther, 0 where there is none.
coverage: [B, H, W, K] part of the pixel that the face covers, 0 where there is none.
count: [B, H, W] how many fragments the pixel has, kept or not.
)doc");

REGISTER_OP("MeshRenderer>SoftrasFragmentsGrad")
    .Attr("T: {float, double}")
    .Attr("sigma: float = 1e-5")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("near: float = 1.0")
    .Attr("far: float = 100.0")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Attr("cull: {'back', 'front', 'none'} = 'none'")
    .Attr("perspective_correct: bool = true")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("grad_barycentrics: T")
    .Input("grad_depth: T")
    .Input("grad_coverage: T")
    .Output("grad_vertices_clip: T")
    .SetShapeFn(SoftrasFragmentsGradShape)
    .Doc(R"doc(
Gradient of SoftrasFragments with respect to the vertices, with the choice of faces held fixed.

vertices_clip: [B, V, 4] as given to SoftrasFragments.
faces: [F, 3] or [B, F, 3] as given to SoftrasFragments.
face_id: [B, H, W, K] as returned by SoftrasFragments: no face twice in a pixel.
grad_barycentrics: [B, H, W, K, 3] gradient with respect to barycentrics.
grad_depth: [B, H, W, K] gradient with respect to depth.
grad_coverage: [B, H, W, K] gradient with respect to coverage.
sigma: As given to SoftrasFragments.
dist_eps: As given to SoftrasFragments.
distance: As given to SoftrasFragments.
near: As given to SoftrasFragments.
far: As given to SoftrasFragments.
depth_from: As given to SoftrasFragments.
cull: As given to SoftrasFragments.
perspective_correct: As given to SoftrasFragments.
grad_vertices_clip: [B, V, 4] gradient with respect to the vertices.
)doc");

}  // namespace mesh_renderer
