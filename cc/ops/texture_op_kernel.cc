#include "cc/kernels/texture.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/texture_op.h"

namespace mesh_renderer {
namespace {

absl::Status ReadSettings(OpKernelConstruction* context, TextureSettings* settings) {
  std::string filter, wrap;
  TF_RETURN_IF_ERROR(context->GetAttr("filter", &filter));
  TF_RETURN_IF_ERROR(context->GetAttr("wrap", &wrap));
  settings->filter = filter == "nearest"    ? TextureFilter::kNearest
                     : filter == "bilinear" ? TextureFilter::kBilinear
                                            : TextureFilter::kTrilinear;
  settings->wrap = wrap == "repeat"  ? TextureWrap::kRepeat
                   : wrap == "clamp" ? TextureWrap::kClamp
                                     : TextureWrap::kMirror;
  return absl::OkStatus();
}

// The inputs that both directions share, checked and written into `params` with the settings.
template <typename T, typename Params>
absl::Status ReadInputs(const Signature& signature, const TextureSettings& settings,
                        OpKernelContext* context, Sizes* sizes, Params* params) {
  const TfParallelFor parallel_for(context);
  const Tensor& uv_derivatives = context->input(kUvDerivativesPlace);
  const bool trilinear = settings.filter == TextureFilter::kTrilinear;
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(CheckTextureSizes(signature.op, *sizes));
  TF_RETURN_IF_ERROR(CheckUvDerivativesRank(signature.op, trilinear, uv_derivatives.dims()));
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, kUv.name, context->input(1)}, parallel_for));
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, kUvDerivatives.name, uv_derivatives}, parallel_for));
  params->image = ViewImage(*sizes);
  params->shape = {(*sizes)['N'] == 1, static_cast<int>((*sizes)['Y']),
                   static_cast<int>((*sizes)['X']), (*sizes)['C']};
  params->settings = settings;
  params->texture = InputData<T>(context, 0);
  params->uv = InputData<T>(context, 1);
  params->uv_derivatives = InputData<T>(context, kUvDerivativesPlace);
  const Tensor& covered = context->input(3);
  params->covered = covered.dims() > 1 ? covered.flat<bool>().data() : nullptr;
  return absl::OkStatus();
}

template <typename T>
class TextureOp final : public StatusOpKernel {
 public:
  explicit TextureOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings(context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    Sizes sizes;
    TextureParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs<T>(kTextureSignature, settings_, context, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kTextureSignature, sizes, context, &outputs));
    params.output = OutputData<T>(outputs, 0);
    TextureCpu(params, TfParallelFor(context));
    return absl::OkStatus();
  }

 private:
  TextureSettings settings_;
};

template <typename T>
class TextureGradOp final : public StatusOpKernel {
 public:
  explicit TextureGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings(context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    Sizes sizes;
    TextureGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs<T>(kTextureGradSignature, settings_, context, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kTextureGradSignature, sizes, context, &outputs));
    Tensor* grad_uv_derivatives = nullptr;
    TF_RETURN_IF_ERROR(context->allocate_output(
        kUvDerivativesPlace, context->input(kUvDerivativesPlace).shape(), &grad_uv_derivatives));
    params.grad_output = InputData<T>(context, 4);
    params.grad_texture = OutputData<T>(outputs, 0);
    params.grad_uv = OutputData<T>(outputs, 1);
    params.grad_uv_derivatives = grad_uv_derivatives->flat<T>().data();
    TextureGradCpu(params, TfParallelFor(context));
    return absl::OkStatus();
  }

 private:
  TextureSettings settings_;
};

MR_REGISTER_CPU("MeshRenderer>Texture", TextureOp);
MR_REGISTER_CPU("MeshRenderer>TextureGrad", TextureGradOp);

}  // namespace
}  // namespace mesh_renderer
