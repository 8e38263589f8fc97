#include "cc/ops/texture_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status InferTextureShapes(const Signature& signature, InferenceContext* c) {
  Sizes sizes;
  TF_RETURN_IF_ERROR(InferSizes(signature, c, &sizes));
  TF_RETURN_IF_ERROR(CheckTextureSizes(signature.op, sizes));
  std::string filter;
  TF_RETURN_IF_ERROR(c->GetAttr("filter", &filter));
  const auto derivatives = c->input(kUvDerivativesPlace);
  const int rank = c->RankKnown(derivatives) ? c->Rank(derivatives) : -1;
  TF_RETURN_IF_ERROR(CheckUvDerivativesRank(signature.op, filter == "trilinear", rank));
  SetOutputShapes(signature, sizes, c);
  return absl::OkStatus();
}

absl::Status TextureShapeFn(InferenceContext* c) {
  return InferTextureShapes(kTextureSignature, c);
}

absl::Status TextureGradShapeFn(InferenceContext* c) {
  TF_RETURN_IF_ERROR(InferTextureShapes(kTextureGradSignature, c));
  c->set_output(kUvDerivativesPlace, c->input(kUvDerivativesPlace));
  return absl::OkStatus();
}

}  // namespace

REGISTER_OP("MeshRenderer>Texture")
    .Attr("T: {float, double}")
    .Attr("filter: {'nearest', 'bilinear', 'trilinear'} = 'bilinear'")
    .Attr("wrap: {'repeat', 'clamp', 'mirror'} = 'repeat'")
    .Input("texture: T")
    .Input("uv: T")
    .Input("uv_derivatives: T")
    .Input("covered: bool")
    .Output("output: T")
    .SetShapeFn(TextureShapeFn)
    .Doc(R"doc(
Reads a picture at texture coordinates.

Texel (row r, column c) of a Y x X picture has its centre at u = (c + 1/2) / X,
v = 1 - (r + 1/2) / Y: v = 0 is the bottom of the picture.

texture: [B, Y, X, C] texels, or [1, Y, X, C] for the whole batch; sides of 1 to 32768.
uv: [B, H, W, 2] texture coordinates of every pixel, finite.
uv_derivatives: [B, H, W, 2, 2] derivatives of u and v by column and row, finite; [0] unless filter
  is 'trilinear'.
covered: [B, H, W] whether a pixel is read at all; [0] reads all. What belongs to others may be
  anything.
filter: 'nearest' takes the texel a coordinate lies in, 'bilinear' blends four texels, 'trilinear'
  blends two levels of the mip pyramid, chosen by uv_derivatives.
wrap: What lies outside [0, 1]: 'repeat', 'clamp' (the border goes on) or 'mirror'.
output: [B, H, W, C] values of the pixels, 0 where not covered.
)doc");

REGISTER_OP("MeshRenderer>TextureGrad")
    .Attr("T: {float, double}")
    .Attr("filter: {'nearest', 'bilinear', 'trilinear'} = 'bilinear'")
    .Attr("wrap: {'repeat', 'clamp', 'mirror'} = 'repeat'")
    .Input("texture: T")
    .Input("uv: T")
    .Input("uv_derivatives: T")
    .Input("covered: bool")
    .Input("grad_output: T")
    .Output("grad_texture: T")
    .Output("grad_uv: T")
    .Output("grad_uv_derivatives: T")
    .SetShapeFn(TextureGradShapeFn)
    .Doc(R"doc(
Gradients of Texture.

texture: [B, Y, X, C] or [1, Y, X, C] as given to Texture.
uv: [B, H, W, 2] as given to Texture.
uv_derivatives: [B, H, W, 2, 2] or [0] as given to Texture.
covered: [B, H, W] or [0] as given to Texture.
grad_output: [B, H, W, C] gradient with respect to the output.
filter: As given to Texture.
wrap: As given to Texture.
grad_texture: Like texture, gradient with respect to it.
grad_uv: [B, H, W, 2] gradient with respect to uv; 0 with 'nearest'.
grad_uv_derivatives: Like uv_derivatives, gradient with respect to them.
)doc");

}  // namespace mesh_renderer
