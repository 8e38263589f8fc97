#include "absl/strings/str_cat.h"
#include "cc/kernels/rasterize_layers.h"
#include "cc/ops/checks.h"
#include "cc/ops/rasterize_inputs.h"
#include "cc/ops/rasterize_layers_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

constexpr const char* kOp = kRasterizeLayersSignature.op;

MR_KERNEL(RasterizeLayers);

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
class RasterizeLayersOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    TF_RETURN_IF_ERROR(attributes.Get("num_layers", &num_layers_));
    TF_RETURN_IF_ERROR(CheckNumLayers(num_layers_));
    TF_RETURN_IF_ERROR(ReadCull(attributes, &settings_.cull));
    TF_RETURN_IF_ERROR(ReadDepthSettings(kOp, attributes, &settings_));
    std::string on_overflow;
    TF_RETURN_IF_ERROR(attributes.Get("on_overflow", &on_overflow));
    truncates_ = on_overflow == "truncate";
    return absl::OkStatus();
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    sizes.Bind('K', num_layers_, "num_layers");
    RasterizeLayersParams<T> params;
    params.layers.settings = settings_;
    TF_RETURN_IF_ERROR(
        ReadRasterizeInputs(kRasterizeLayersSignature, call, backend, &sizes, &params.layers));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kRasterizeLayersSignature, sizes, call, &outputs));
    SetRasterizeOutputs(outputs, &params.layers);
    params.num_layers = num_layers_;
    params.count = outputs.At<int32_t>(3);
    TF_RETURN_IF_ERROR(RasterizeLayers(params, backend));
    if (truncates_) return absl::OkStatus();
    const ImageShape image = params.layers.image;
    int needed = 0;
    TF_RETURN_IF_ERROR(backend.FindLargest(params.count, image.batch * image.pixels(), &needed));
    return needed > num_layers_ ? TooFewLayers(needed, num_layers_) : absl::OkStatus();
  }

 private:
  int num_layers_;
  bool truncates_;
  RasterizeSettings settings_;
};

MR_REGISTER_OP("MeshRenderer>RasterizeLayers", RasterizeLayersOp, .HostMemory("image_size"));

}  // namespace
}  // namespace mesh_renderer
