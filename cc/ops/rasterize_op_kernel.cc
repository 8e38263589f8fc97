#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/kernels/rasterize.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/rasterize_op.h"

namespace mesh_renderer {
namespace {

absl::Status ReadCull(OpKernelConstruction* context, Cull* cull) {
  std::string name;
  TF_RETURN_IF_ERROR(context->GetAttr("cull", &name));
  *cull = name == "back" ? Cull::kBack : name == "front" ? Cull::kFront : Cull::kNone;
  return absl::OkStatus();
}

// near, far and depth_from, which forward and backward share.
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

// The height and width that image_size holds.
absl::Status BindImageSize(const char* op, const Tensor& image_size, Sizes* sizes) {
  const auto values = image_size.flat<int32_t>();
  TF_RETURN_IF_ERROR(CheckImageSize(op, values(0), values(1)));
  sizes->Bind('H', values(0), "image_size");
  sizes->Bind('W', values(1), "image_size");
  return absl::OkStatus();
}

template <typename T>
class RasterizeOp final : public StatusOpKernel {
 public:
  explicit RasterizeOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadCull(context, &settings_.cull));
    OP_REQUIRES_OK(context, ReadDepthSettings(kRasterizeSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kRasterizeSignature;
    const Tensor& vertices_clip = context->input(0);
    const Tensor& faces = context->input(1);
    const TfParallelFor parallel_for(context);

    Sizes sizes;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(BindImageSize(signature.op, context->input(2), &sizes));
    TF_RETURN_IF_ERROR(
        CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
    TF_RETURN_IF_ERROR(
        CheckFaces({signature.op, "faces", faces}, sizes['V'], parallel_for, nullptr));

    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    RasterizeParams<T> params;
    params.image = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.faces = ViewFaces(faces);
    params.settings = settings_;
    params.vertices_clip = vertices_clip.flat<T>().data();
    params.face_id = OutputData<int32_t>(outputs, 0);
    params.barycentrics = OutputData<T>(outputs, 1);
    params.depth = OutputData<T>(outputs, 2);
    RasterizeCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  RasterizeSettings settings_;
};

template <typename T>
class RasterizeGradOp final : public StatusOpKernel {
 public:
  explicit RasterizeGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    // The faces that were drawn are known by their ids; nothing is left to cull.
    settings_.cull = Cull::kNone;
    OP_REQUIRES_OK(context, ReadDepthSettings(kRasterizeGradSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kRasterizeGradSignature;
    const Tensor& vertices_clip = context->input(0);
    const Tensor& faces = context->input(1);
    const Tensor& face_id = context->input(2);
    const TfParallelFor parallel_for(context);

    Sizes sizes;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(
        CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
    TF_RETURN_IF_ERROR(CheckFacesAndIds({signature.op, "faces", faces},
                                        {signature.op, "face_id", face_id}, sizes['V'],
                                        parallel_for));

    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    RasterizeGradParams<T> params;
    params.image = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.faces = ViewFaces(faces);
    params.settings = settings_;
    params.vertices_clip = vertices_clip.flat<T>().data();
    params.face_id = face_id.flat<int32_t>().data();
    params.barycentrics = InputData<T>(context, 3);
    params.grad_barycentrics = InputData<T>(context, 4);
    params.grad_depth = InputData<T>(context, 5);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    RasterizeGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  RasterizeSettings settings_;
};

MR_REGISTER_CPU("MeshRenderer>Rasterize", RasterizeOp);
MR_REGISTER_CPU("MeshRenderer>RasterizeGrad", RasterizeGradOp);

}  // namespace
}  // namespace mesh_renderer
