#include "cc/ops/rasterize_layers_op.h"

#include "cc/ops/shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace mesh_renderer {
namespace {

absl::Status RasterizeLayersShape(InferenceContext* c) {
  Sizes sizes;
  int num_layers;
  TF_RETURN_IF_ERROR(c->GetAttr("num_layers", &num_layers));
  TF_RETURN_IF_ERROR(CheckNumLayers(num_layers));
  sizes.Bind('K', num_layers, "num_layers");
  TF_RETURN_IF_ERROR(InferSizes(kRasterizeLayersSignature, c, &sizes));
  TF_RETURN_IF_ERROR(InferImageSize(kRasterizeLayersSignature.op, kImageSizePlace, c, &sizes));
  SetOutputShapes(kRasterizeLayersSignature, sizes, c);
  return absl::OkStatus();
}

}  // namespace

REGISTER_OP("MeshRenderer>RasterizeLayers")
    .Attr("T: {float, double}")
    .Attr("num_layers: int")
    .Attr("on_overflow: {'error', 'truncate'} = 'error'")
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
    .Output("count: int32")
    .SetShapeFn(RasterizeLayersShape)
    .Doc(R"doc(
Finds the K nearest faces, their perspective-correct barycentrics and their depths at every pixel.

The first layer is what Rasterize returns, bit for bit. Layers are sorted from near to far; equal
depths are sorted by face id.

vertices_clip: [B, V, 4] clip space (x, y, z, w), finite.
faces: [F, 3] or [B, F, 3] vertex indices, counter-clockwise seen from the front; rows of -1 are
  skipped.
image_size: [2] height and width, 1 to 32768 each.
num_layers: K, 1 to 1024.
on_overflow: What to do if a pixel has more fragments than K. 'error' says how many layers would
  do; 'truncate' drops the farthest.
cull: Which side is not drawn.
near: Fragments at this depth and nearer are not drawn.
far: Fragments at this depth and farther are not drawn.
depth_from: 'w' takes w as depth (perspective cameras); 'z' takes
  near + (z / w + 1) / 2 * (far - near).
face_id: [K, B, H, W] index into faces, -1 where empty.
barycentrics: [K, B, H, W, 3] weights of the face's vertices, 0 where empty.
depth: [K, B, H, W] depth, larger is farther, 0 where empty.
count: [B, H, W] how many fragments the pixel has, in a layer or dropped.
)doc");

}  // namespace mesh_renderer
