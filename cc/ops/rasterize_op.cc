#include "cc/ops/rasterize_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status RasterizeShape(InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(kRasterizeSignature, c, &sizes));
  TF_RETURN_IF_ERROR(InferImageSize(kRasterizeSignature.op, kImageSizePlace, c, &sizes));
  SetOutputShapes(kRasterizeSignature, sizes, c);
  return absl::OkStatus();
}

absl::Status RasterizeGradShape(InferenceContext* c) {
  return InferShapes(kRasterizeGradSignature, c);
}

}  // namespace

REGISTER_OP("MeshRenderer>Rasterize")
    .Attr("T: {float, double}")
    .Attr("cull: {'back', 'front', 'none'} = 'back'")
    .Attr("near: float = 0.0")
    .Attr("far: float = inf")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("image_size: int32")
    .Output("face_id: int32")
    .Output("barycentrics: T")
    .Output("depth: T")
    .SetShapeFn(RasterizeShape)
    .Doc(R"doc(
Finds the nearest face, its perspective-correct barycentrics and its depth at every pixel.

Row 0 of the image is the top. A face covers a pixel if the pixel's centre lies in it or on its
edge; equal depths go to the lowest face id. Faces that cross the camera plane are exact.

vertices_clip: [B, V, 4] clip space (x, y, z, w), finite.
faces: [F, 3] or [B, F, 3] vertex indices, counter-clockwise seen from the front; rows of -1 are
  skipped.
image_size: [2] height and width, 1 to 32768 each.
cull: Which side is not drawn.
near: Fragments at this depth and nearer are not drawn.
far: Fragments at this depth and farther are not drawn.
depth_from: 'w' takes w as depth (perspective cameras); 'z' takes
  near + (z / w + 1) / 2 * (far - near).
face_id: [B, H, W] index into faces, -1 where empty.
barycentrics: [B, H, W, 3] weights of the face's vertices, 0 where empty.
depth: [B, H, W] depth, larger is farther, 0 where empty.
)doc");

REGISTER_OP("MeshRenderer>RasterizeGrad")
    .Attr("T: {float, double}")
    .Attr("near: float = 0.0")
    .Attr("far: float = inf")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("face_id: int32")
    .Input("barycentrics: T")
    .Input("grad_barycentrics: T")
    .Input("grad_depth: T")
    .Output("grad_vertices_clip: T")
    .SetShapeFn(RasterizeGradShape)
    .Doc(R"doc(
Gradient of Rasterize with respect to the vertices, with visibility held fixed.

vertices_clip: [B, V, 4] as given to Rasterize.
faces: [F, 3] or [B, F, 3] as given to Rasterize.
face_id: [B, H, W] as returned by Rasterize.
barycentrics: [B, H, W, 3] as returned by Rasterize.
grad_barycentrics: [B, H, W, 3] gradient with respect to barycentrics.
grad_depth: [B, H, W] gradient with respect to depth.
near: As given to Rasterize.
far: As given to Rasterize.
depth_from: As given to Rasterize.
grad_vertices_clip: [B, V, 4] gradient with respect to all of x, y, z, w.
)doc");

}  // namespace mesh_renderer
