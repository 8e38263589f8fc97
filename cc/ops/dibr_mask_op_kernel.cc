#include <cmath>

#include "absl/strings/str_cat.h"
#include "cc/kernels/dibr_mask.h"
#include "cc/ops/checks.h"
#include "cc/ops/dibr_mask_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(DibrMask);
MR_KERNEL(DibrMaskGrad);

absl::Status ReadNumber(const char* op, const char* name, const Attributes& attributes,
                        double* number) {
  float value;
  TF_RETURN_IF_ERROR(attributes.Get(name, &value));
  *number = value;
  if (std::isfinite(value) && value >= 0) return absl::OkStatus();
  return BadArgument(op, name,
                     {"a finite number >= 0", absl::StrCat(value),
                      "the defaults are the released code's, but for eps, which is 1e-7 there"});
}

absl::Status ReadSettings(const char* op, const Attributes& attributes,
                          DibrMaskSettings* settings) {
  TF_RETURN_IF_ERROR(ReadNumber(op, "sigma_inv", attributes, &settings->sigma_inv));
  TF_RETURN_IF_ERROR(ReadNumber(op, "box_length", attributes, &settings->box_length));
  TF_RETURN_IF_ERROR(ReadNumber(op, "eps", attributes, &settings->eps));
  TF_RETURN_IF_ERROR(attributes.Get("k_faces", &settings->k_faces));
  if (settings->k_faces < 0) {
    return BadArgument(op, "k_faces",
                       {"a number >= 0", absl::StrCat(settings->k_faces), "0 counts all faces"});
  }
  std::string falloff;
  TF_RETURN_IF_ERROR(attributes.Get("falloff", &falloff));
  settings->falloff = falloff == "linear" ? Falloff::kLinear : Falloff::kSquared;
  return absl::OkStatus();
}

// The inputs that both directions share, checked and written into `params`. A face may be seen
// that is padding here: which faces blur the silhouette and which are drawn are separate choices.
template <typename T, typename Params, typename Backend>
absl::Status ReadInputs(const Signature& signature, const OpCall& call, const Backend& backend,
                        Sizes* sizes, Params* params) {
  const Array face_id = call.input(2);
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, *sizes, params));
  params->face_id = face_id.As<int32_t>();
  return CheckFaceIds({signature.op, "face_id", face_id}, params->faces.num_faces, backend);
}

template <typename T>
class DibrMaskOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings(kDibrMaskSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    DibrMaskParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs<T>(kDibrMaskSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kDibrMaskSignature, sizes, call, &outputs));
    params.settings = settings_;
    params.mask = outputs.At<T>(0);
    params.last_face = outputs.At<int32_t>(1);
    return DibrMask(params, backend);
  }

 private:
  DibrMaskSettings settings_;
};

template <typename T>
class DibrMaskGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings(kDibrMaskGradSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    DibrMaskGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs<T>(kDibrMaskGradSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kDibrMaskGradSignature, sizes, call, &outputs));
    params.settings = settings_;
    params.mask = InputData<T>(call, 3);
    params.last_face = InputData<int32_t>(call, 4);
    params.grad_mask = InputData<T>(call, 5);
    params.grad_vertices_clip = outputs.At<T>(0);
    return DibrMaskGrad(params, backend);
  }

 private:
  DibrMaskSettings settings_;
};

MR_REGISTER_OP("MeshRenderer>DibrMask", DibrMaskOp);
MR_REGISTER_OP("MeshRenderer>DibrMaskGrad", DibrMaskGradOp);

}  // namespace
}  // namespace mesh_renderer
