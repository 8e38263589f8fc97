#include "cc/kernels/softras_silhouette.h"
#include "cc/ops/register_op.h"
#include "cc/ops/softras_inputs.h"
#include "cc/ops/softras_silhouette_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(SoftrasSilhouette);
MR_KERNEL(SoftrasSilhouetteGrad);

template <typename T>
class SoftrasSilhouetteOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    TF_RETURN_IF_ERROR(ReadBlur(kSoftrasSilhouetteSignature.op, attributes, &blur_));
    return ReadAlphaAggregation("aggregate", attributes, &aggregation_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasSilhouetteSignature;
    Sizes sizes;
    SoftrasSilhouetteParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, call.input(kImageSizePlace), &sizes));
    TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    params.blur = blur_;
    params.aggregation = aggregation_;
    params.alpha = outputs.At<T>(0);
    return SoftrasSilhouette(params, backend);
  }

 private:
  SoftBlur blur_;
  AlphaAggregation aggregation_;
};

template <typename T>
class SoftrasSilhouetteGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    TF_RETURN_IF_ERROR(ReadBlur(kSoftrasSilhouetteGradSignature.op, attributes, &blur_));
    return ReadAlphaAggregation("aggregate", attributes, &aggregation_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasSilhouetteGradSignature;
    Sizes sizes;
    SoftrasSilhouetteGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    params.blur = blur_;
    params.aggregation = aggregation_;
    params.alpha = InputData<T>(call, 2);
    params.grad_alpha = InputData<T>(call, 3);
    params.grad_vertices_clip = outputs.At<T>(0);
    return SoftrasSilhouetteGrad(params, backend);
  }

 private:
  SoftBlur blur_;
  AlphaAggregation aggregation_;
};

MR_REGISTER_OP("MeshRenderer>SoftrasSilhouette", SoftrasSilhouetteOp, .HostMemory("image_size"));
MR_REGISTER_OP("MeshRenderer>SoftrasSilhouetteGrad", SoftrasSilhouetteGradOp);

}  // namespace
}  // namespace mesh_renderer
