#include "cc/ops/softras_silhouette_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status SoftrasSilhouetteShape(InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(kSoftrasSilhouetteSignature, c, &sizes));
  TF_RETURN_IF_ERROR(InferImageSize(kSoftrasSilhouetteSignature.op, kImageSizePlace, c, &sizes));
  SetOutputShapes(kSoftrasSilhouetteSignature, sizes, c);
  return absl::OkStatus();
}

absl::Status SoftrasSilhouetteGradShape(InferenceContext* c) {
  return InferShapes(kSoftrasSilhouetteGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>SoftrasSilhouette")
    .Attr("T: {float, double}")
    .Attr("sigma: float = 1e-5")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("aggregate: {'product', 'sum', 'hard'} = 'product'")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("image_size: int32")
    .Output("alpha: T")
    .SetShapeFn(SoftrasSilhouetteShape)
    .Doc(R"doc(
SoftRas' alpha: every face covers the pixels around it to a part that falls with the distance.

vertices_clip: [B, V, 4] clip space (x, y, z, w), finite.
faces: [F, 3] or [B, F, 3] vertex indices; rows of -1 are skipped.
image_size: [2] height and width, 1 to 32768 each.
sigma: How far a face blurs, squared NDC.
dist_eps: A face that covers less of a pixel is left out.
distance: 'euclidean' squares the distance to the boundary; 'barycentric' squares the lowest
  barycentric; 'hard' covers what lies on the face.
aggregate: 'product' is 1 - prod(1 - D); 'sum' is sum(D) over the number of faces; 'hard' is
  whether some D > 1/2.
alpha: [B, H, W] in [0, 1].
)doc");

REGISTER_OP("MeshRenderer>SoftrasSilhouetteGrad")
    .Attr("T: {float, double}")
    .Attr("sigma: float = 1e-5")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("aggregate: {'product', 'sum', 'hard'} = 'product'")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("alpha: T")
    .Input("grad_alpha: T")
    .Output("grad_vertices_clip: T")
    .SetShapeFn(SoftrasSilhouetteGradShape)
    .Doc(R"doc(
Exact gradient of SoftrasSilhouette with respect to the vertices.

vertices_clip: [B, V, 4] as given to SoftrasSilhouette.
faces: [F, 3] or [B, F, 3] as given to SoftrasSilhouette.
alpha: [B, H, W] as returned by SoftrasSilhouette.
grad_alpha: [B, H, W] gradient with respect to alpha.
sigma: As given to SoftrasSilhouette.
dist_eps: As given to SoftrasSilhouette.
distance: As given to SoftrasSilhouette.
aggregate: As given to SoftrasSilhouette.
grad_vertices_clip: [B, V, 4] gradient with respect to the vertices; the z component is 0.
)doc");

}  // namespace mesh_renderer
