#include "cc/kernels/n3mr.h"
#include "cc/ops/checks.h"
#include "cc/ops/n3mr_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(N3mrGrad);

// Inputs 0 to 3, which both directions share: shapes and values.
template <typename T, typename Backend>
absl::Status CheckInputs(const Signature& signature, const OpCall& call, const Backend& backend,
                         Sizes* sizes) {
  TF_RETURN_IF_ERROR(ReadSizes(signature, call, sizes));
  TF_RETURN_IF_ERROR(CheckCoordinates<T>({signature.op, "vertices_clip", call.input(1)}, backend));
  return CheckFacesAndIds({signature.op, "faces", call.input(2)},
                          {signature.op, "face_id", call.input(3)}, (*sizes)['V'], backend);
}

template <typename T>
class N3mrOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    double eps;  // used by the backward pass, refused here where its author is near
    return ReadEps(kN3mrSignature.op, /*zero_allowed=*/false, attributes, &eps);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    TF_RETURN_IF_ERROR(CheckInputs<T>(kN3mrSignature, call, backend, &sizes));
    return call.Forward(0, 0);
  }
};

template <typename T>
class N3mrGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    return ReadEps(kN3mrGradSignature.op, /*zero_allowed=*/false, attributes, &eps_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    TF_RETURN_IF_ERROR(CheckInputs<T>(kN3mrGradSignature, call, backend, &sizes));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kN3mrGradSignature, sizes, call, &outputs));
    N3mrGradParams<T> params;
    params.image_shape = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.num_channels = sizes['C'];
    params.faces = ViewFaces(call.input(2));
    params.eps = eps_;
    params.vertices_clip = InputData<T>(call, 1);
    params.face_id = InputData<int32_t>(call, 3);
    params.image = InputData<T>(call, 0);
    params.grad_image = InputData<T>(call, 4);
    params.grad_vertices_clip = outputs.At<T>(0);
    return N3mrGrad(params, backend);
  }

 private:
  double eps_;
};

MR_REGISTER_OP("MeshRenderer>N3mr", N3mrOp);
MR_REGISTER_OP("MeshRenderer>N3mrGrad", N3mrGradOp);

}  // namespace
}  // namespace mesh_renderer
