#include "cc/kernels/interpolate.h"
#include "cc/ops/checks.h"
#include "cc/ops/interpolate_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(Interpolate);
MR_KERNEL(InterpolateGrad);

// The inputs that both directions share, checked and written into `params`.
template <typename Params, typename Backend>
absl::Status ReadInputs(const Signature& signature, const OpCall& call, const Backend& backend,
                        Sizes* sizes, Params* params) {
  const Array faces = call.input(1);
  const Array face_id = call.input(2);
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(CheckFacesAndIds({signature.op, "faces", faces},
                                      {signature.op, "face_id", face_id}, (*sizes)['V'], backend));
  params->image = ViewImage(*sizes);
  params->num_vertices = (*sizes)['V'];
  params->num_channels = (*sizes)['D'];
  params->faces = ViewFaces(faces);
  params->face_id = face_id.As<int32_t>();
  return absl::OkStatus();
}

template <typename T>
class InterpolateOp {
 public:
  absl::Status ReadAttributes(const Attributes&) { return absl::OkStatus(); }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    InterpolateParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kInterpolateSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateSignature, sizes, call, &outputs));
    params.attributes = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 3);
    params.output = outputs.At<T>(0);
    return Interpolate(params, backend);
  }
};

template <typename T>
class InterpolateGradOp {
 public:
  absl::Status ReadAttributes(const Attributes&) { return absl::OkStatus(); }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    InterpolateGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadInputs(kInterpolateGradSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateGradSignature, sizes, call, &outputs));
    params.attributes = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 3);
    params.grad_output = InputData<T>(call, 4);
    params.grad_attributes = outputs.At<T>(0);
    params.grad_barycentrics = outputs.At<T>(1);
    return InterpolateGrad(params, backend);
  }
};

MR_REGISTER_OP("MeshRenderer>Interpolate", InterpolateOp);
MR_REGISTER_OP("MeshRenderer>InterpolateGrad", InterpolateGradOp);

}  // namespace
}  // namespace mesh_renderer
