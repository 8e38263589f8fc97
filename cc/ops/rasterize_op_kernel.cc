#include "cc/kernels/rasterize.h"
#include "cc/ops/checks.h"
#include "cc/ops/cpu_kernel.h"
#include "cc/ops/rasterize_inputs.h"
#include "cc/ops/rasterize_op.h"

namespace mesh_renderer {
namespace {

template <typename T>
class RasterizeOp final : public StatusOpKernel {
 public:
  explicit RasterizeOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    OP_REQUIRES_OK(context, ReadCull(context, &settings_.cull));
    OP_REQUIRES_OK(context, ReadDepthSettings(kRasterizeSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const TfParallelFor parallel_for(context);
    Sizes sizes;
    RasterizeParams<T> params;
    params.settings = settings_;
    TF_RETURN_IF_ERROR(
        ReadRasterizeInputs(kRasterizeSignature, context, parallel_for, &sizes, &params));
    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(kRasterizeSignature, sizes, context, &outputs));
    SetRasterizeOutputs(outputs, &params);
    RasterizeCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  RasterizeSettings settings_;
};

template <typename T>
class RasterizeGradOp final : public StatusOpKernel {
 public:
  explicit RasterizeGradOp(OpKernelConstruction* context) : StatusOpKernel(context) {
    // The faces that were drawn are known by their ids; nothing is left to cull.
    settings_.cull = Cull::kNone;
    OP_REQUIRES_OK(context, ReadDepthSettings(kRasterizeGradSignature.op, context, &settings_));
  }

 protected:
  absl::Status Run(OpKernelContext* context) const override {
    const Signature& signature = kRasterizeGradSignature;
    const Tensor& vertices_clip = context->input(0);
    const Tensor& faces = context->input(1);
    const Tensor& face_id = context->input(2);
    const TfParallelFor parallel_for(context);

    Sizes sizes;
    TF_RETURN_IF_ERROR(ReadSizes(signature, context, &sizes));
    TF_RETURN_IF_ERROR(
        CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, parallel_for));
    TF_RETURN_IF_ERROR(CheckFacesAndIds({signature.op, "faces", faces},
                                        {signature.op, "face_id", face_id}, sizes['V'],
                                        parallel_for));

    std::vector<Tensor*> outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, context, &outputs));
    RasterizeGradParams<T> params;
    params.image = ViewImage(sizes);
    params.num_vertices = sizes['V'];
    params.faces = ViewFaces(faces);
    params.settings = settings_;
    params.vertices_clip = vertices_clip.flat<T>().data();
    params.face_id = face_id.flat<int32_t>().data();
    params.barycentrics = InputData<T>(context, 3);
    params.grad_barycentrics = InputData<T>(context, 4);
    params.grad_depth = InputData<T>(context, 5);
    params.grad_vertices_clip = OutputData<T>(outputs, 0);
    RasterizeGradCpu(params, parallel_for);
    return absl::OkStatus();
  }

 private:
  RasterizeSettings settings_;
};

MR_REGISTER_CPU("MeshRenderer>Rasterize", RasterizeOp);
MR_REGISTER_CPU("MeshRenderer>RasterizeGrad", RasterizeGradOp);

}  // namespace
}  // namespace mesh_renderer
