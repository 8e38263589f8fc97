#include "absl/strings/str_cat.h"
#include "cc/kernels/softras_color.h"
#include "cc/ops/register_op.h"
#include "cc/ops/softras_color_op.h"
#include "cc/ops/softras_inputs.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(SoftrasColor);
MR_KERNEL(SoftrasColorGrad);

// The attributes that both directions have.
struct Settings {
  SoftBlur blur;
  SoftMixing mixing;
  SoftView view;
};

template <typename T>
absl::Status ReadSettings(const char* op, const Attributes& attributes, Settings* settings) {
  TF_RETURN_IF_ERROR(ReadBlur(op, attributes, &settings->blur));
  TF_RETURN_IF_ERROR(ReadMixing<T>(op, attributes, &settings->mixing));
  return ReadSoftView(op, attributes, &settings->view);
}

// Hard colours remember their face as a T.
template <typename T>
absl::Status CheckFaceIdsFit(const char* op, RgbAggregation rgb, int64_t num_faces) {
  constexpr int64_t kLargest = sizeof(T) == sizeof(float) ? int64_t{1} << 24 : int64_t{1} << 52;
  if (rgb == RgbAggregation::kSoftmax || num_faces <= kLargest) return absl::OkStatus();
  return BadArgument(op, "faces",
                     {absl::StrCat("at most ", kLargest, " faces with aggregate_rgb = 'hard'"),
                      absl::StrCat(num_faces), "compute in float64"});
}

// Everything but the image size, which each direction has from elsewhere, is in `sizes`.
template <typename T, typename Params, typename Backend>
absl::Status FillParams(const Signature& signature, const Settings& settings, const OpCall& call,
                        const Backend& backend, Sizes* sizes, Params* params) {
  TF_RETURN_IF_ERROR(MatchColors(signature.op, sizes));
  TF_RETURN_IF_ERROR(CheckFaceIdsFit<T>(signature.op, settings.mixing.rgb, (*sizes)['F']));
  TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, *sizes, params));
  const bool of_texels = call.input(kColorsPlace).rank() == 4;
  params->color_layout = {(*sizes)['C'], of_texels ? TexelSide((*sizes)['S']) : 0,
                          of_texels && (*sizes)['N'] == 1};
  params->blur = settings.blur;
  params->mixing = settings.mixing;
  params->view = settings.view;
  params->colors = InputData<T>(call, kColorsPlace);
  return absl::OkStatus();
}

template <typename T>
class SoftrasColorOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings<T>(kSoftrasColorSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasColorSignature;
    Sizes sizes;
    SoftrasColorParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, call.input(kColorImageSizePlace), &sizes));
    TF_RETURN_IF_ERROR(FillParams<T>(signature, settings_, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    params.background = InputData<T>(call, 3);
    params.color_image = outputs.At<T>(0);
    params.aggregates = outputs.At<T>(1);
    return SoftrasColor(params, backend);
  }

 private:
  Settings settings_;
};

template <typename T>
class SoftrasColorGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadSettings<T>(kSoftrasColorGradSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasColorGradSignature;
    Sizes sizes;
    SoftrasColorGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(FillParams<T>(signature, settings_, call, backend, &sizes, &params));
    Outputs outputs;
    const bool of_texels = params.color_layout.side > 0;
    TF_RETURN_IF_ERROR(
        AllocateOutputs(of_texels ? kSoftrasTexelsGradOutputs : signature, sizes, call, &outputs));
    params.color_image = InputData<T>(call, 3);
    params.aggregates = InputData<T>(call, 4);
    params.grad_image = InputData<T>(call, 5);
    params.grad_vertices_clip = outputs.At<T>(0);
    params.grad_colors = outputs.At<T>(1);
    params.grad_background = outputs.At<T>(2);
    return SoftrasColorGrad(params, backend);
  }

 private:
  Settings settings_;
};

MR_REGISTER_OP("MeshRenderer>SoftrasColor", SoftrasColorOp, .HostMemory("image_size"));
MR_REGISTER_OP("MeshRenderer>SoftrasColorGrad", SoftrasColorGradOp);

}  // namespace
}  // namespace mesh_renderer
