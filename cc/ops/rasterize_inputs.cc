#include "cc/ops/rasterize_inputs.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace mesh_renderer {

absl::Status ReadCull(const Attributes& attributes, Cull* cull) {
  std::string name;
  TF_RETURN_IF_ERROR(attributes.Get("cull", &name));
  *cull = name == "back" ? Cull::kBack : name == "front" ? Cull::kFront : Cull::kNone;
  return absl::OkStatus();
}

absl::Status ReadDepthSettings(const char* op, const Attributes& attributes,
                               RasterizeSettings* settings) {
  float near, far;
  std::string depth_from;
  TF_RETURN_IF_ERROR(attributes.Get("near", &near));
  TF_RETURN_IF_ERROR(attributes.Get("far", &far));
  TF_RETURN_IF_ERROR(attributes.Get("depth_from", &depth_from));
  settings->depth_from = depth_from == "w" ? DepthFrom::kW : DepthFrom::kZ;
  settings->near = near;
  settings->far = far;
  const std::string received = absl::StrCat("near = ", near, ", far = ", far);
  if (!(near < far)) {
    return BadArgument(op, "near", {"near < far", received, "exchange them or widen the range"});
  }
  if (settings->depth_from == DepthFrom::kZ && !(std::isfinite(near) && std::isfinite(far))) {
    return BadArgument(op, std::isfinite(near) ? "far" : "near",
                       {"finite near and far with depth_from = 'z'", received,
                        "pass the planes of the camera, or -1 and 1 for depth in NDC"});
  }
  return absl::OkStatus();
}

}  // namespace mesh_renderer
