#include "cc/kernels/face_texture.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/face_texture_op.h"

namespace mesh_renderer {
namespace {

// The inputs that both directions share, checked and written into `params`.
template <typename Params>
absl::Status ReadInputs(const Signature& signature, OpKernelContext* context,
                        const ParallelFor& parallel_for, Sizes* sizes, Params* params) {
  const Tensor& face_id = context->input(1);
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(CheckTextureItems(signature.op, *sizes));
  TF_RETURN_IF_ERROR(CheckFaceIds({signature.op, "face_id", face_id}, (*sizes)['F'], parallel_for));
  params->image = ViewImage(*sizes);
  params->num_faces = (*sizes)['F'];
  params->side = (*sizes)['T'];
  params->num_channels = (*sizes)['C'];
  params->shared = (*sizes)['N'] == 1;
  params->face_id = face_id.flat<int32_t>().data();
  return absl::OkStatus();
}

template <typename T>
class FaceTextureOp final : public StatusOpKernel {
 public:
  explicit FaceTextureOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context,
                   ReadEps(kFaceTextureSignature.op, /*zero_allowed=*/true, context, &eps_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    FaceTextureParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kFaceTextureSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kFaceTextureSignature, sizes, context, &outputs));
    params.eps = eps_;
    params.textures = InputData<T>(context, 0);
    params.barycentrics = InputData<T>(context, 2);
    params.output = OutputData<T>(outputs, 0);
    FaceTextureCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  double eps_;
};

template <typename T>
class FaceTextureGradOp final : public StatusOpKernel {
 public:
  explicit FaceTextureGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context,
                   ReadEps(kFaceTextureGradSignature.op, /*zero_allowed=*/true, context, &eps_));
    OP_REQUIRES_OK(context, context->GetAttr("barycentrics_gradient", &barycentrics_gradient_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    FaceTextureGradParams<T> params;
    TF_RETURN_IF_ERROR(
        ReadInputs(kFaceTextureGradSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kFaceTextureGradSignature, sizes, context, &outputs));
    params.eps = eps_;
    params.barycentrics_gradient = barycentrics_gradient_;
    params.textures = InputData<T>(context, 0);
    params.barycentrics = InputData<T>(context, 2);
    params.grad_output = InputData<T>(context, 3);
    params.grad_textures = OutputData<T>(outputs, 0);
    params.grad_barycentrics = OutputData<T>(outputs, 1);
    FaceTextureGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  double eps_;
  bool barycentrics_gradient_;
};

MR_REGISTER_CPU("MeshRenderer>FaceTexture", FaceTextureOp);
MR_REGISTER_CPU("MeshRenderer>FaceTextureGrad", FaceTextureGradOp);

}  // namespace
}  // namespace mesh_renderer
