#include "cc/kernels/softras_silhouette.h"
#include "cc/ops/rasterize_op.h"
#include "cc/ops/softras_inputs.h"
#include "cc/ops/softras_silhouette_op.h"

namespace mesh_renderer {
namespace {

template <typename T>
class SoftrasSilhouetteOp final : public StatusOpKernel {
 public:
  explicit SoftrasSilhouetteOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadBlur(kSoftrasSilhouetteSignature.op, context, &blur_));
    OP_REQUIRES_OK(context, ReadAlphaAggregation("aggregate", context, &aggregation_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasSilhouetteSignature;
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    SoftrasSilhouetteParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, context->input(kImageSizeInput), &sizes));
    TF_RETURN_IF_ERROR(ReadSoftMesh<T>(signature, context, parallel_for, sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    params.blur = blur_;
    params.aggregation = aggregation_;
    params.alpha = OutputData<T>(outputs, 0);
    SoftrasSilhouetteCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  SoftBlur blur_;
  AlphaAggregation aggregation_;
};

template <typename T>
class SoftrasSilhouetteGradOp final : public StatusOpKernel {
 public:
  explicit SoftrasSilhouetteGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadBlur(kSoftrasSilhouetteGradSignature.op, context, &blur_));
    OP_REQUIRES_OK(context, ReadAlphaAggregation("aggregate", context, &aggregation_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasSilhouetteGradSignature;
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    SoftrasSilhouetteGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(ReadSoftMesh<T>(signature, context, parallel_for, sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    params.blur = blur_;
    params.aggregation = aggregation_;
    params.alpha = InputData<T>(context, 2);
    params.grad_alpha = InputData<T>(context, 3);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    SoftrasSilhouetteGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  SoftBlur blur_;
  AlphaAggregation aggregation_;
};

MR_REGISTER_CPU("MeshRenderer>SoftrasSilhouette", SoftrasSilhouetteOp);
MR_REGISTER_CPU("MeshRenderer>SoftrasSilhouetteGrad", SoftrasSilhouetteGradOp);

}  // namespace
}  // namespace mesh_renderer
