#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/kernels/dibr_mask.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/dibr_mask_op.h"

namespace mesh_renderer {
namespace {

absl::Status ReadNumber(const char* op, const char* name, OpKernelConstruction* context,
                        double* number) {
  float value;
  TF_RETURN_IF_ERROR(context->GetAttr(name, &value));
  *number = value;
  if (std::isfinite(value) && value >= 0) return absl::OkStatus();
  return BadArgument(op, name,
                     {"a finite number >= 0", absl::StrCat(value),
                      "the defaults are the released code's, but for eps, which is 1e-7 there"});
}

absl::Status ReadSettings(const char* op, OpKernelConstruction* context,
                          DibrMaskSettings* settings) {
  TF_RETURN_IF_ERROR(ReadNumber(op, "sigma_inv", context, &settings->sigma_inv));
  TF_RETURN_IF_ERROR(ReadNumber(op, "box_length", context, &settings->box_length));
  TF_RETURN_IF_ERROR(ReadNumber(op, "eps", context, &settings->eps));
  TF_RETURN_IF_ERROR(context->GetAttr("k_faces", &settings->k_faces));
  if (settings->k_faces < 0) {
    return BadArgument(op, "k_faces",
                       {"a number >= 0", absl::StrCat(settings->k_faces), "0 counts all faces"});
  }
  std::string falloff;
  TF_RETURN_IF_ERROR(context->GetAttr("falloff", &falloff));
  settings->falloff = falloff == "linear" ? Falloff::kLinear : Falloff::kSquared;
  return absl::OkStatus();
}

// The inputs that both directions share, checked and written into `params`. A face may be seen
// that is padding here: which faces blur the silhouette and which are drawn are separate choices.
template <typename T, typename Params>
absl::Status ReadInputs(const Signature& signature, OpKernelContext* context,
                        const ParallelFor& parallel_for, Sizes* sizes, Params* params) {
  const Tensor& vertices_clip = context->input(0);
  const Tensor& faces = context->input(1);
  const Tensor& face_id = context->input(2);
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
  TF_RETURN_IF_ERROR(
      CheckFaces({signature.op, "faces", faces}, (*sizes)['V'], parallel_for, nullptr));
  params->image = ViewImage(*sizes);
  params->num_vertices = (*sizes)['V'];
  params->faces = ViewFaces(faces);
  params->vertices_clip = vertices_clip.flat<T>().data();
  params->face_id = face_id.flat<int32_t>().data();
  return CheckFaceIds({signature.op, "face_id", face_id}, params->faces.num_faces, parallel_for);
}

template <typename T>
class DibrMaskOp final : public StatusOpKernel {
 public:
  explicit DibrMaskOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings(kDibrMaskSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    DibrMaskParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs<T>(kDibrMaskSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kDibrMaskSignature, sizes, context, &outputs));
    params.settings = settings_;
    params.mask = OutputData<T>(outputs, 0);
    params.last_face = OutputData<int32_t>(outputs, 1);
    DibrMaskCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  DibrMaskSettings settings_;
};

template <typename T>
class DibrMaskGradOp final : public StatusOpKernel {
 public:
  explicit DibrMaskGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings(kDibrMaskGradSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    DibrMaskGradParams<T> params;
    TF_RETURN_IF_ERROR(
        ReadInputs<T>(kDibrMaskGradSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kDibrMaskGradSignature, sizes, context, &outputs));
    params.settings = settings_;
    params.mask = InputData<T>(context, 3);
    params.last_face = InputData<int32_t>(context, 4);
    params.grad_mask = InputData<T>(context, 5);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    DibrMaskGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  DibrMaskSettings settings_;
};

MR_REGISTER_CPU("MeshRenderer>DibrMask", DibrMaskOp);
MR_REGISTER_CPU("MeshRenderer>DibrMaskGrad", DibrMaskGradOp);

}  // namespace
}  // namespace mesh_renderer
