#include "absl/strings/str_cat.h"
#include "cc/kernels/softras_color.h"
#include "cc/ops/softras_color_op.h"
#include "cc/ops/softras_inputs.h"

namespace mesh_renderer {
namespace {

// The attributes that both directions have.
struct Settings {
  SoftBlur blur;
  SoftMixing mixing;
  SoftView view;
};

template <typename T>
absl::Status ReadSettings(const char* op, OpKernelConstruction* context, Settings* settings) {
  TF_RETURN_IF_ERROR(ReadBlur(op, context, &settings->blur));
  TF_RETURN_IF_ERROR(ReadMixing<T>(op, context, &settings->mixing));
  return ReadSoftView(op, context, &settings->view);
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
template <typename T, typename Params>
absl::Status FillParams(const Signature& signature, const Settings& settings,
                        OpKernelContext* context, const ParallelFor& parallel_for, Sizes* sizes,
                        Params* params) {
  TF_RETURN_IF_ERROR(MatchColors(signature.op, sizes));
  TF_RETURN_IF_ERROR(CheckFaceIdsFit<T>(signature.op, settings.mixing.rgb, (*sizes)['F']));
  TF_RETURN_IF_ERROR(ReadSoftMesh<T>(signature, context, parallel_for, *sizes, params));
  const bool of_texels = context->input(kColorsInput).dims() == 4;
  params->color_layout = {(*sizes)['C'], of_texels ? TexelSide((*sizes)['S']) : 0,
                          of_texels && (*sizes)['N'] == 1};
  params->blur = settings.blur;
  params->mixing = settings.mixing;
  params->view = settings.view;
  params->colors = InputData<T>(context, kColorsInput);
  return absl::OkStatus();
}

template <typename T>
class SoftrasColorOp final : public StatusOpKernel {
 public:
  explicit SoftrasColorOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings<T>(kSoftrasColorSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasColorSignature;
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    SoftrasColorParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, context->input(kColorImageSizeInput), &sizes));
    TF_RETURN_IF_ERROR(FillParams<T>(signature, settings_, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    params.background = InputData<T>(context, 3);
    params.color_image = OutputData<T>(outputs, 0);
    params.aggregates = OutputData<T>(outputs, 1);
    SoftrasColorCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  Settings settings_;
};

template <typename T>
class SoftrasColorGradOp final : public StatusOpKernel {
 public:
  explicit SoftrasColorGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadSettings<T>(kSoftrasColorGradSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasColorGradSignature;
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    SoftrasColorGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(FillParams<T>(signature, settings_, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    const bool of_texels = params.color_layout.side > 0;
    TF_RETURN_IF_ERROR(AllocateOutputs(of_texels ? kSoftrasTexelsGradOutputs : signature, sizes,
                                       context, &outputs));
    params.color_image = InputData<T>(context, 3);
    params.aggregates = InputData<T>(context, 4);
    params.grad_image = InputData<T>(context, 5);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    params.grad_colors = OutputData<T>(outputs, 1);
    params.grad_background = OutputData<T>(outputs, 2);
    SoftrasColorGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  Settings settings_;
};

MR_REGISTER_CPU("MeshRenderer>SoftrasColor", SoftrasColorOp);
MR_REGISTER_CPU("MeshRenderer>SoftrasColorGrad", SoftrasColorGradOp);

}  // namespace
}  // namespace mesh_renderer
