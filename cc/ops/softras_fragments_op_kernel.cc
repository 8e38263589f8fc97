#include "cc/ops/rasterize_op.h"
#include "cc/ops/softras_fragments_op.h"
#include "cc/ops/softras_inputs.h"

namespace mesh_renderer {
namespace {

template <typename T>
class SoftrasFragmentsOp final : public StatusOpKernel {
 public:
  explicit SoftrasFragmentsOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    constexpr const char* kOp = kSoftrasFragmentsSignature.op;
    OP_REQUIRES_OK(context, context->GetAttr("num_fragments", &num_fragments_));
    OP_REQUIRES_OK(context, CheckNumFragments(kOp, num_fragments_));
    OP_REQUIRES_OK(context, ReadBlur(kOp, context, &blur_));
    OP_REQUIRES_OK(context, ReadSoftView(kOp, context, &view_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasFragmentsSignature;
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    sizes.Bind('K', num_fragments_, "num_fragments");
    SoftrasFragmentsParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, context->input(kImageSizeInput), &sizes));
    TF_RETURN_IF_ERROR(ReadSoftMesh<T>(signature, context, parallel_for, sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    params.blur = blur_;
    params.view = view_;
    params.num_fragments = num_fragments_;
    params.face_id = OutputData<int32_t>(outputs, 0);
    params.barycentrics = OutputData<T>(outputs, 1);
    params.depth = OutputData<T>(outputs, 2);
    params.coverage = OutputData<T>(outputs, 3);
    params.count = OutputData<int32_t>(outputs, 4);
    SoftrasFragmentsCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  int num_fragments_;
  SoftBlur blur_;
  SoftView view_;
};

template <typename T>
class SoftrasFragmentsGradOp final : public StatusOpKernel {
 public:
  explicit SoftrasFragmentsGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    constexpr const char* kOp = kSoftrasFragmentsGradSignature.op;
    OP_REQUIRES_OK(context, ReadBlur(kOp, context, &blur_));
    OP_REQUIRES_OK(context, ReadSoftView(kOp, context, &view_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kSoftrasFragmentsGradSignature;
    const Tensor& face_id = context->input(2);
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    SoftrasFragmentsGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(CheckNumFragments(signature.op, sizes['K']));
    TF_RETURN_IF_ERROR(ReadSoftMesh<T>(signature, context, parallel_for, sizes, &params));
    TF_RETURN_IF_ERROR(
        CheckFaceIds({signature.op, "face_id", face_id}, params.faces.num_faces, parallel_for));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    params.blur = blur_;
    params.view = view_;
    params.num_fragments = static_cast<int>(sizes['K']);
    params.face_id = face_id.flat<int32_t>().data();
    params.grad_barycentrics = InputData<T>(context, 3);
    params.grad_depth = InputData<T>(context, 4);
    params.grad_coverage = InputData<T>(context, 5);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    SoftrasFragmentsGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  SoftBlur blur_;
  SoftView view_;
};

MR_REGISTER_CPU("MeshRenderer>SoftrasFragments", SoftrasFragmentsOp);
MR_REGISTER_CPU("MeshRenderer>SoftrasFragmentsGrad", SoftrasFragmentsGradOp);

}  // namespace
}  // namespace mesh_renderer
