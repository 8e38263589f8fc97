#include "cc/ops/softras_color_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status SoftrasColorShape(InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(kSoftrasColorSignature, c, &sizes));
  TF_RETURN_IF_ERROR(InferImageSize(kSoftrasColorSignature.op, kColorImageSizePlace, c, &sizes));
  TF_RETURN_IF_ERROR(MatchColors(kSoftrasColorSignature.op, &sizes));
  SetOutputShapes(kSoftrasColorSignature, sizes, c);
  return absl::OkStatus();
}

absl::Status SoftrasColorGradShape(InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(kSoftrasColorGradSignature, c, &sizes));
  TF_RETURN_IF_ERROR(MatchColors(kSoftrasColorGradSignature.op, &sizes));
  SetOutputShapes(kSoftrasColorGradSignature, sizes, c);
  c->set_output(1, c->input(kColorsPlace));  // of either form
  return absl::OkStatus();
}

}  // namespace

REGISTER_OP("MeshRenderer>SoftrasColor")
    .Attr("T: {float, double}")
    .Attr("sigma: float = 1e-5")
    .Attr("gamma: float = 1e-4")
    .Attr("eps: float = 1e-3")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("aggregate_rgb: {'softmax', 'hard'} = 'softmax'")
    .Attr("aggregate_alpha: {'product', 'sum', 'hard'} = 'product'")
    .Attr("near: float = 1.0")
    .Attr("far: float = 100.0")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Attr("cull: {'back', 'front', 'none'} = 'none'")
    .Attr("perspective_correct: bool = true")
    .Attr("original_gradient: bool = false")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("colors: T")
    .Input("background: T")
    .Input("image_size: int32")
    .Output("image: T")
    .Output("aggregates: T")
    .SetShapeFn(SoftrasColorShape)
    .Doc(R"doc(
SoftRas' colour and alpha: every face covers the pixels around it, colours mix by depth.

vertices_clip: [B, V, 4] clip space (x, y, z, w), finite.
faces: [F, 3] or [B, F, 3] vertex indices, counter-clockwise seen from the front; rows of -1 are
  skipped.
colors: [B, V, C] colours of vertices, or [N, F, S, C] of R x R = S texels per face; N is B or 1.
background: [B, C] colour behind all faces.
image_size: [2] height and width, 1 to 32768 each.
sigma: How far a face blurs, squared NDC.
gamma: How sharply the nearest face wins.
eps: Nearness of the background; it has the weight exp(2 eps / gamma).
dist_eps: A face that covers less of a pixel is left out.
distance: 'euclidean' squares the distance to the boundary; 'barycentric' squares the lowest
  barycentric; 'hard' covers what lies on the face.
aggregate_rgb: 'softmax' mixes all faces; 'hard' takes the nearest that the pixel lies on.
aggregate_alpha: 'product' is 1 - prod(1 - D); 'sum' is sum(D) over the number of faces; 'hard' is
  whether some D > 1/2.
near: Nearer faces give no colour.
far: Farther faces give no colour.
depth_from: 'w' takes w as depth (perspective cameras); 'z' takes
  near + (z / w + 1) / 2 * (far - near).
cull: Which side gives no colour.
perspective_correct: Whether colours are interpolated with perspective.
original_gradient: Whether the gradient is the released program's instead of the exact one.
image: [B, H, W, C + 1] colour, mixed with the background, and alpha.
aggregates: [B, H, W, 2] for 'softmax' the sum of all weights relative to the largest nearness, and
  that; for 'hard' the depth and the face id, or -1.
)doc");

REGISTER_OP("MeshRenderer>SoftrasColorGrad")
    .Attr("T: {float, double}")
    .Attr("sigma: float = 1e-5")
    .Attr("gamma: float = 1e-4")
    .Attr("eps: float = 1e-3")
    .Attr("dist_eps: float = 1e-4")
    .Attr("distance: {'euclidean', 'barycentric', 'hard'} = 'euclidean'")
    .Attr("aggregate_rgb: {'softmax', 'hard'} = 'softmax'")
    .Attr("aggregate_alpha: {'product', 'sum', 'hard'} = 'product'")
    .Attr("near: float = 1.0")
    .Attr("far: float = 100.0")
    .Attr("depth_from: {'w', 'z'} = 'w'")
    .Attr("cull: {'back', 'front', 'none'} = 'none'")
    .Attr("perspective_correct: bool = true")
    .Attr("original_gradient: bool = false")
    .Input("vertices_clip: T")
    .Input("faces: int32")
    .Input("colors: T")
    .Input("image: T")
    .Input("aggregates: T")
    .Input("grad_image: T")
    .Output("grad_vertices_clip: T")
    .Output("grad_colors: T")
    .Output("grad_background: T")
    .SetShapeFn(SoftrasColorGradShape)
    .Doc(R"doc(
Gradient of SoftrasColor: that of the image, or the released program's.

vertices_clip: [B, V, 4] as given to SoftrasColor.
faces: [F, 3] or [B, F, 3] as given to SoftrasColor.
colors: [B, V, C] or [N, F, S, C] as given to SoftrasColor.
image: [B, H, W, C + 1] as returned by SoftrasColor.
aggregates: [B, H, W, 2] as returned by SoftrasColor.
grad_image: [B, H, W, C + 1] gradient with respect to the image.
sigma: As given to SoftrasColor.
gamma: As given to SoftrasColor.
eps: As given to SoftrasColor.
dist_eps: As given to SoftrasColor.
distance: As given to SoftrasColor.
aggregate_rgb: As given to SoftrasColor.
aggregate_alpha: As given to SoftrasColor.
near: As given to SoftrasColor.
far: As given to SoftrasColor.
depth_from: As given to SoftrasColor.
cull: As given to SoftrasColor.
perspective_correct: As given to SoftrasColor.
original_gradient: On leaves out how colour and depth at a pixel move with x and y, stops faces out
  of range for alpha too, takes hard alpha for the sum, and stops vertices where colour is hard.
grad_vertices_clip: [B, V, 4] gradient with respect to the vertices.
grad_colors: Like colors, gradient with respect to them.
grad_background: [B, C] gradient with respect to the background.
)doc");

}  // namespace mesh_renderer
