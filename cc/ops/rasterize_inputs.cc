#include "cc/ops/rasterize_inputs.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/rasterize_op.h"

namespace mesh_renderer {

absl::Status ReadCull(OpKernelConstruction* context, Cull* cull) {
  std::string name;
  TF_RETURN_IF_ERROR(context->GetAttr("cull", &name));
  *cull = name == "back" ? Cull::kBack : name == "front" ? Cull::kFront : Cull::kNone;
  return absl::OkStatus();
}

absl::Status ReadDepthSettings(const char* op, OpKernelConstruction* context,
                               RasterizeSettings* settings) {
  float near, far;
  std::string depth_from;
  TF_RETURN_IF_ERROR(context->GetAttr("near", &near));
  TF_RETURN_IF_ERROR(context->GetAttr("far", &far));
  TF_RETURN_IF_ERROR(context->GetAttr("depth_from", &depth_from));
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

template <typename T>
absl::Status ReadRasterizeInputs(const Signature& signature, OpKernelContext* context,
                                 const ParallelFor& parallel_for, Sizes* sizes,
                                 RasterizeParams<T>* params) {
  const Tensor& vertices_clip = context->input(0);
  const Tensor& faces = context->input(1);
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(ReadImageSize(signature.op, context->input(kImageSizeInput), sizes));
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
  TF_RETURN_IF_ERROR(
      CheckFaces({signature.op, "faces", faces}, (*sizes)['V'], parallel_for, nullptr));
  params->image = ViewImage(*sizes);
  params->num_vertices = (*sizes)['V'];
  params->faces = ViewFaces(faces);
  params->vertices_clip = vertices_clip.flat<T>().data();
  return absl::OkStatus();
}

template <typename T>
void SetRasterizeOutputs(const std::vector<Tensor*>& outputs, RasterizeParams<T>* params) {
  params->face_id = OutputData<int32_t>(outputs, 0);
  params->barycentrics = OutputData<T>(outputs, 1);
  params->depth = OutputData<T>(outputs, 2);
}

template absl::Status ReadRasterizeInputs(const Signature&, OpKernelContext*, const ParallelFor&,
                                          Sizes*, RasterizeParams<float>*);
template absl::Status ReadRasterizeInputs(const Signature&, OpKernelContext*, const ParallelFor&,
                                          Sizes*, RasterizeParams<double>*);
template void SetRasterizeOutputs(const std::vector<Tensor*>&, RasterizeParams<float>*);
template void SetRasterizeOutputs(const std::vector<Tensor*>&, RasterizeParams<double>*);

}  // namespace mesh_renderer
