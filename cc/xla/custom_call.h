// What the two sides of the custom call agree on: the one that XLA compiles and the one it runs.
#pragma once

namespace mesh_renderer {

// The one target of all ops, for every platform.
inline constexpr char kCustomCallTarget[] = "mesh_renderer_op";

// Attributes of the call beside those of the op, which keep their names.
inline constexpr char kOpAttribute[] = "mesh_renderer_op";      // "MeshRenderer>Rasterize"
inline constexpr char kTypeAttribute[] = "mesh_renderer_type";  // "float" or "double"

// The image size decides shapes, so XLA knows it when it compiles. It is no operand, but an
// attribute: kernels want it in host memory, and operands are where the device is.
inline constexpr char kImageSizeName[] = "image_size";
inline constexpr char kImageSizeAttribute[] = "mesh_renderer_image_size";             // two int32
inline constexpr char kImageSizePlaceAttribute[] = "mesh_renderer_image_size_place";  // int32

}  // namespace mesh_renderer
