#include "cc/kernels/n3mr.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/n3mr_op.h"

namespace mesh_renderer {
namespace {

// Inputs 0 to 3, which both directions share: shapes and values.
template <typename T>
absl::Status CheckInputs(const Signature& signature, OpKernelContext* context,
                         const ParallelFor& parallel_for, Sizes* sizes) {
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(
      CheckCoordinates<T>({signature.op, "vertices_clip", context->input(1)}, parallel_for));
  return CheckFacesAndIds({signature.op, "faces", context->input(2)},
                          {signature.op, "face_id", context->input(3)}, (*sizes)['V'],
                          parallel_for);
}

template <typename T>
class N3mrOp final : public StatusOpKernel {
 public:
  explicit N3mrOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    double eps;  // used by the backward pass, refused here where its author is near
    OP_REQUIRES_OK(context, ReadEps(kN3mrSignature.op, /*zero_allowed=*/false, context, &eps));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    TF_RETURN_IF_ERROR(CheckInputs<T>(kN3mrSignature, context, parallel_for, &sizes));
    context->set_output(0, context->input(0));
    return absl::OkStatus();
  }
};

template <typename T>
class N3mrGradOp final : public StatusOpKernel {
 public:
  explicit N3mrGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadEps(kN3mrGradSignature.op, /*zero_allowed=*/false, context, &eps_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    TF_RETURN_IF_ERROR(CheckInputs<T>(kN3mrGradSignature, context, parallel_for, &sizes));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kN3mrGradSignature, sizes, context, &outputs));
    N3mrGradParams<T> params;
    params.image_shape = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.num_channels = sizes['C'];
    params.faces = ViewFaces(context->input(2));
    params.eps = eps_;
    params.vertices_clip = InputData<T>(context, 1);
    params.face_id = InputData<int32_t>(context, 3);
    params.image = InputData<T>(context, 0);
    params.grad_image = InputData<T>(context, 4);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    N3mrGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  double eps_;
};

MR_REGISTER_CPU("MeshRenderer>N3mr", N3mrOp);
MR_REGISTER_CPU("MeshRenderer>N3mrGrad", N3mrGradOp);

}  // namespace
}  // namespace mesh_renderer
