#include "cc/kernels/interpolate.h"
#include "cc/ops/checks.h"
#include "cc/ops/interpolate_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(Interpolate);
MR_KERNEL(InterpolateGrad);

WatchedFacesAndIds Watched(const Signature& signature, const OpCall& call) {
  return {{signature.op, "faces", call.input(1)}, {signature.op, "face_id", call.input(2)}};
}

// The inputs that both directions share, checked and written into `params`.
template <typename Params, typename Backend>
absl::Status ReadInputs(const Signature& signature, const OpCall& call, const Backend& backend,
                        Sizes* sizes, WatchedFacesAndIds* watched, Params* params) {
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(watched->CheckBefore((*sizes)['V'], backend));
  params->image = ViewImage(*sizes);
  params->num_vertices = (*sizes)['V'];
  params->num_channels = (*sizes)['D'];
  params->faces = ViewFaces(call.input(1));
  params->face_id = InputData<int32_t>(call, 2);
  params->met_bad_face_id = watched->met_bad();
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
    WatchedFacesAndIds watched = Watched(kInterpolateSignature, call);
    TF_RETURN_IF_ERROR(ReadInputs(kInterpolateSignature, call, backend, &sizes, &watched, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateSignature, sizes, call, &outputs));
    params.attributes = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 3);
    params.output = outputs.At<T>(0);
    TF_RETURN_IF_ERROR(Interpolate(params, backend));
    return watched.CheckAfter(backend);
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
    WatchedFacesAndIds watched = Watched(kInterpolateGradSignature, call);
    TF_RETURN_IF_ERROR(
        ReadInputs(kInterpolateGradSignature, call, backend, &sizes, &watched, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kInterpolateGradSignature, sizes, call, &outputs));
    params.attributes = InputData<T>(call, 0);
    params.barycentrics = InputData<T>(call, 3);
    params.grad_output = InputData<T>(call, 4);
    params.grad_attributes = outputs.At<T>(0);
    params.grad_barycentrics = outputs.At<T>(1);
    TF_RETURN_IF_ERROR(InterpolateGrad(params, backend));
    return watched.CheckAfter(backend);
  }
};

MR_REGISTER_OP("MeshRenderer>Interpolate", InterpolateOp);
MR_REGISTER_OP("MeshRenderer>InterpolateGrad", InterpolateGradOp);

}  // namespace
}  // namespace mesh_renderer
