#include "cc/kernels/face_texture.h"
#include "cc/ops/checks.h"
#include "cc/ops/face_texture_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(FaceTexture);
MR_KERNEL(FaceTextureGrad);

// The inputs that both directions share, checked and written into `params`.
template <typename Params, typename Backend>
absl::Status ReadInputs(const Signature& signature, const OpCall& call, const Backend& backend,
                        Sizes* sizes, Params* params) {
  const Array face_id = call.input(1);
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(CheckTextureItems(signature.op, *sizes));
  TF_RETURN_IF_ERROR(CheckFaceIds({signature.op, "face_id", face_id}, (*sizes)['F'], backend));
  params->image = ViewImage(*sizes);
  params->num_faces = (*sizes)['F'];
  params->side = (*sizes)['T'];
  params->num_channels = (*sizes)['C'];
  params->shared = (*sizes)['N'] == 1;
  params->face_id = face_id.As<int32_t>();
  return absl::OkStatus();
}

template <typename T>
class FaceTextureOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadEps(kFaceTextureSignature.op, /*zero_allowed=*/true, attributes, &eps_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    FaceTextureParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kFaceTextureSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kFaceTextureSignature, sizes, call, &outputs));
    params.eps = eps_;
    params.textures = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 2);
    params.output = outputs.At<T>(0);
    return FaceTexture(params, backend);
  }

 private:
  double eps_;
};

template <typename T>
class FaceTextureGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    TF_RETURN_IF_ERROR(
        ReadEps(kFaceTextureGradSignature.op, /*zero_allowed=*/true, attributes, &eps_));
    return attributes.Get("barycentrics_gradient", &barycentrics_gradient_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    FaceTextureGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kFaceTextureGradSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kFaceTextureGradSignature, sizes, call, &outputs));
    params.eps = eps_;
    params.barycentrics_gradient = barycentrics_gradient_;
    params.textures = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 2);
    params.grad_output = InputData<T>(call, 3);
    params.grad_textures = outputs.At<T>(0);
    params.grad_barycentrics = outputs.At<T>(1);
    return FaceTextureGrad(params, backend);
  }

 private:
  double eps_;
  bool barycentrics_gradient_;
};

MR_REGISTER_OP("MeshRenderer>FaceTexture", FaceTextureOp);
MR_REGISTER_OP("MeshRenderer>FaceTextureGrad", FaceTextureGradOp);

}  // namespace
}  // namespace mesh_renderer
