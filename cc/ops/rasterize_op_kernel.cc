#include "cc/kernels/rasterize.h"
#include "cc/ops/checks.h"
#include "cc/ops/rasterize_inputs.h"
#include "cc/ops/rasterize_op.h"
#include "cc/ops/register_op.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(Rasterize);
MR_KERNEL(RasterizeGrad);

template <typename T>
class RasterizeOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    TF_RETURN_IF_ERROR(ReadCull(attributes, &settings_.cull));
    return ReadDepthSettings(kRasterizeSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    Sizes sizes;
    RasterizeParams<T> params;
    params.settings = settings_;
    TF_RETURN_IF_ERROR(ReadRasterizeInputs(kRasterizeSignature, call, backend, &sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kRasterizeSignature, sizes, call, &outputs));
    SetRasterizeOutputs(outputs, &params);
    return Rasterize(params, backend);
  }

 private:
  RasterizeSettings settings_;
};

template <typename T>
class RasterizeGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    // The faces that were drawn are known by their ids; nothing is left to cull.
    settings_.cull = Cull::kNone;
    return ReadDepthSettings(kRasterizeGradSignature.op, attributes, &settings_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kRasterizeGradSignature;
    const Array vertices_clip = call.input(0);
    const Array faces = call.input(1);
    const Array face_id = call.input(2);

    Sizes sizes;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(
        CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, backend));
    WatchedFacesAndIds watched({signature.op, "faces", faces}, {signature.op, "face_id", face_id});
    TF_RETURN_IF_ERROR(watched.CheckBefore(sizes['V'], backend));

    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    RasterizeGradParams<T> params;
    params.image = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.faces = ViewFaces(faces);
    params.settings = settings_;
    params.vertices_clip = vertices_clip.As<T>();
    params.face_id = face_id.As<int32_t>();
    params.barycentrics = InputData<T>(call, 3);
    params.grad_barycentrics = InputData<T>(call, 4);
    params.grad_depth = InputData<T>(call, 5);
    params.grad_vertices_clip = outputs.At<T>(0);
    params.met_bad_face_id = watched.met_bad();
    TF_RETURN_IF_ERROR(RasterizeGrad(params, backend));
    return watched.CheckAfter(backend);
  }

 private:
  RasterizeSettings settings_;
};

MR_REGISTER_OP("MeshRenderer>Rasterize", RasterizeOp, .HostMemory("image_size"));
MR_REGISTER_OP("MeshRenderer>RasterizeGrad", RasterizeGradOp);

}  // namespace
}  // namespace mesh_renderer
