#include "absl/strings/str_cat.h"
#include "cc/kernels/rasterize_layers.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/rasterize_inputs.h"
#include "cc/ops/rasterize_layers_op.h"

namespace mesh_renderer {
namespace {

constexpr const char* kOp = kRasterizeLayersSignature.op;

// More fragments lie in one pixel than there are layers.
absl::Status TooFewLayers(int needed, int num_layers) {
  constexpr char kTruncate[] = "on_overflow = 'truncate' to drop the farthest fragments";
  return BadArgument(
      kOp, "num_layers",
      {absl::StrCat("at least ", needed, ", as many faces overlap in one pixel"),
       absl::StrCat(num_layers),
       needed <= kMaxLayers
           ? absl::StrCat("pass num_layers = ", needed, ", or ", kTruncate)
           : absl::StrCat("more than ", kMaxLayers, " are not kept; pass ", kTruncate)});
}

template <typename T>
class RasterizeLayersOp final : public StatusOpKernel {
 public:
  explicit RasterizeLayersOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("num_layers", &num_layers_));
    OP_REQUIRES_OK(context, CheckNumLayers(num_layers_));
    OP_REQUIRES_OK(context, ReadCull(context, &settings_.cull));
    OP_REQUIRES_OK(context, ReadDepthSettings(kOp, context, &settings_));
    std::string on_overflow;
    OP_REQUIRES_OK(context, context->GetAttr("on_overflow", &on_overflow));
    truncates_ = on_overflow == "truncate";
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    sizes.Bind('K', num_layers_, "num_layers");
    RasterizeLayersParams<T> params;
    params.layers.settings = settings_;
    TF_RETURN_IF_ERROR(ReadRasterizeInputs(kRasterizeLayersSignature, context, parallel_for, &sizes,
                                           &params.layers));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kRasterizeLayersSignature, sizes, context, &outputs));
    SetRasterizeOutputs(outputs, &params.layers);
    params.num_layers = num_layers_;
    params.count = OutputData<int32_t>(outputs, 3);
    const int needed = RasterizeLayersCpu(params, parallel_for);
    if (needed > num_layers_ && !truncates_) return TooFewLayers(needed, num_layers_);
    return absl::OkStatus();
  }

 private:
  int num_layers_;
  bool truncates_;
  RasterizeSettings settings_;
};

MR_REGISTER_CPU("MeshRenderer>RasterizeLayers", RasterizeLayersOp);

}  // namespace
}  // namespace mesh_renderer
