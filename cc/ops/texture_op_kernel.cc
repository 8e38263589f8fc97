#include "cc/kernels/texture.h"
#include "cc/ops/checks.h"
#include "cc/ops/register_op.h"
#include "cc/ops/texture_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(Texture);
MR_KERNEL(TextureGrad);

absl::Status ReadSettings(const Attributes& attributes, TextureSettings* settings) {
  std::string filter, wrap;
  TF_RETURN_IF_ERROR(attributes.Get("filter", &filter));
  TF_RETURN_IF_ERROR(attributes.Get("wrap", &wrap));
  settings->filter = filter == "nearest"    ? TextureFilter::kNearest
                     : filter == "bilinear" ? TextureFilter::kBilinear
                                            : TextureFilter::kTrilinear;
  settings->wrap = wrap == "repeat"  ? TextureWrap::kRepeat
                   : wrap == "clamp" ? TextureWrap::kClamp
                                     : TextureWrap::kMirror;
  return absl::OkStatus();
}

const bool* Covered(const OpCall& call) {
  const Array covered = call.input(3);
  return covered.rank() > 1 ? covered.As<bool>() : nullptr;
}

template <typename T, typename Backend>
WatchedCoordinates<T, Backend> WatchedUv(const Signature& signature, const OpCall& call,
                                         const Backend& backend) {
  return {{signature.op, kUv.name, call.input(1)}, backend, Covered(call)};
}

// The inputs that both directions share, checked and written into `params` with the settings.
template <typename T, typename Params, typename Backend>
absl::Status ReadInputs(const Signature& signature, const TextureSettings& settings,
                        const OpCall& call, const Backend& backend, Sizes* sizes,
                        WatchedCoordinates<T, Backend>* watched, Params* params) {
  const Array uv_derivatives = call.input(kUvDerivativesPlace);
  const bool trilinear = settings.filter == TextureFilter::kTrilinear;
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(CheckTextureSizes(signature.op, *sizes));
  TF_RETURN_IF_ERROR(CheckUvDerivativesRank(signature.op, trilinear, uv_derivatives.rank()));
  params->covered = Covered(call);
  TF_RETURN_IF_ERROR(watched->CheckBefore());
  if (trilinear) {
    TF_RETURN_IF_ERROR(CheckCoordinates<T>({signature.op, kUvDerivatives.name, uv_derivatives},
                                           backend, params->covered));
  }
  params->met_bad_uv = watched->met_bad();
  params->image = ViewImage(*sizes);
  params->shape = {(*sizes)['N'] == 1, static_cast<int>((*sizes)['Y']),
                   static_cast<int>((*sizes)['X']), (*sizes)['C']};
  params->settings = settings;
  params->texture = InputData<T>(call, 0);
  params->uv = InputData<T>(call, 1);
  params->uv_derivatives = InputData<T>(call, kUvDerivativesPlace);
  return absl::OkStatus();
}

template <typename T>
class TextureOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings(attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    TextureParams<T> params;
    auto watched = WatchedUv<T>(kTextureSignature, call, backend);
    TF_RETURN_IF_ERROR(
        ReadInputs<T>(kTextureSignature, settings_, call, backend, &sizes, &watched, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kTextureSignature, sizes, call, &outputs));
    params.output = outputs.At<T>(0);
    TF_RETURN_IF_ERROR(Texture(params, backend));
    return watched.CheckAfter();
  }

 private:
  TextureSettings settings_;
};

template <typename T>
class TextureGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings(attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    TextureGradParams<T> params;
    auto watched = WatchedUv<T>(kTextureGradSignature, call, backend);
    TF_RETURN_IF_ERROR(
        ReadInputs<T>(kTextureGradSignature, settings_, call, backend, &sizes, &watched, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kTextureGradSignature, sizes, call, &outputs));
    void* grad_uv_derivatives = nullptr;
    TF_RETURN_IF_ERROR(call.Allocate(kUvDerivativesPlace, call.input(kUvDerivativesPlace).dims,
                                     &grad_uv_derivatives));
    params.grad_output = InputData<T>(call, 4);
    params.grad_texture = outputs.At<T>(0);
    params.grad_uv = outputs.At<T>(1);
    params.grad_uv_derivatives = static_cast<T*>(grad_uv_derivatives);
    TF_RETURN_IF_ERROR(TextureGrad(params, backend));
    return watched.CheckAfter();
  }

 private:
  TextureSettings settings_;
};

MR_REGISTER_OP("MeshRenderer>Texture", TextureOp);
MR_REGISTER_OP("MeshRenderer>TextureGrad", TextureGradOp);

}  // namespace
}  // namespace mesh_renderer
