#include "cc/kernels/interpolate.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/interpolate_op.h"

namespace mesh_renderer {
namespace {

// The inputs that both directions share, checked and written into `params`.
template <typename Params>
absl::Status ReadInputs(const Signature& signature, OpKernelContext* context,
                        const ParallelFor& parallel_for, Sizes* sizes, Params* params) {
  const Tensor& faces = context->input(1);
  const Tensor& face_id = context->input(2);
  TF_RETURN_IF_ERROR(ReadSizes(signature, context, sizes));
  TF_RETURN_IF_ERROR(CheckFacesAndIds({signature.op, "faces", faces},
                                      {signature.op, "face_id", face_id}, (*sizes)['V'],
                                      parallel_for));
  params->image = ViewImage(*sizes);
  params->num_vertices = (*sizes)['V'];
  params->num_channels = (*sizes)['D'];
  params->faces = ViewFaces(faces);
  params->face_id = face_id.flat<int32_t>().data();
  return absl::OkStatus();
}

template <typename T>
class InterpolateOp final : public StatusOpKernel {
 public:
  using StatusOpKernel::StatusOpKernel;

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    InterpolateParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kInterpolateSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateSignature, sizes, context, &outputs));
    params.attributes = InputData<T>(context, 0);
    params.barycentrics = InputData<T>(context, 3);
    params.output = OutputData<T>(outputs, 0);
    InterpolateCpu(params, parallel_for);
    return absl::OkStatus();
  }
};

template <typename T>
class InterpolateGradOp final : public StatusOpKernel {
 public:
  using StatusOpKernel::StatusOpKernel;

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    InterpolateGradParams<T> params;
    TF_RETURN_IF_ERROR(
        ReadInputs(kInterpolateGradSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateGradSignature, sizes, context, &outputs));
    params.attributes = InputData<T>(context, 0);
    params.barycentrics = InputData<T>(context, 3);
    params.grad_output = InputData<T>(context, 4);
    params.grad_attributes = OutputData<T>(outputs, 0);
    params.grad_barycentrics = OutputData<T>(outputs, 1);
    InterpolateGradCpu(params, parallel_for);
    return absl::OkStatus();
  }
};

MR_REGISTER_CPU("MeshRenderer>Interpolate", InterpolateOp);
MR_REGISTER_CPU("MeshRenderer>InterpolateGrad", InterpolateGradOp);

}  // namespace
}  // namespace mesh_renderer
