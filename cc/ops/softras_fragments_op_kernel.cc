#include "absl/strings/str_cat.h"
#include "cc/ops/register_op.h"
#include "cc/ops/softras_fragments_op.h"
#include "cc/ops/softras_inputs.h"

namespace mesh_renderer {
namespace {

MR_KERNEL(SoftrasFragments);
MR_KERNEL(SoftrasFragmentsGrad);

absl::Status TooFewFragments(int needed, int num_fragments) {
  return BadArgument(
      kSoftrasFragmentsSignature.op, "num_fragments",
      {absl::StrCat("at least ", needed, ", as many faces reach one pixel"),
       absl::StrCat(num_fragments),
       "raise it (`max_fragments` of SoftRas), lower sigma, or pass on_overflow = 'truncate'"});
}

template <typename T>
class SoftrasFragmentsOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    constexpr const char* kOp = kSoftrasFragmentsSignature.op;
    TF_RETURN_IF_ERROR(attributes.Get("num_fragments", &num_fragments_));
    TF_RETURN_IF_ERROR(CheckNumFragments(kOp, num_fragments_));
    std::string on_overflow;
    TF_RETURN_IF_ERROR(attributes.Get("on_overflow", &on_overflow));
    truncates_ = on_overflow == "truncate";
    TF_RETURN_IF_ERROR(ReadBlur(kOp, attributes, &blur_));
    return ReadSoftView(kOp, attributes, &view_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasFragmentsSignature;
    Sizes sizes;
    sizes.Bind('K', num_fragments_, "num_fragments");
    SoftrasFragmentsParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(ReadImageSize(signature.op, call.input(kImageSizePlace), &sizes));
    TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, sizes, &params));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    params.blur = blur_;
    params.view = view_;
    params.num_fragments = num_fragments_;
    params.face_id = outputs.At<int32_t>(0);
    params.barycentrics = outputs.At<T>(1);
    params.depth = outputs.At<T>(2);
    params.coverage = outputs.At<T>(3);
    params.count = outputs.At<int32_t>(4);
    TF_RETURN_IF_ERROR(SoftrasFragments(params, backend));
    if (truncates_) return absl::OkStatus();
    int needed = 0;
    TF_RETURN_IF_ERROR(
        backend.FindLargest(params.count, params.image.batch * params.image.pixels(), &needed));
    return needed > num_fragments_ ? TooFewFragments(needed, num_fragments_) : absl::OkStatus();
  }

 private:
  int num_fragments_;
  bool truncates_;
  SoftBlur blur_;
  SoftView view_;
};

template <typename T>
class SoftrasFragmentsGradOp {
 public:
  absl::Status ReadAttributes(const Attributes& attributes) {
    constexpr const char* kOp = kSoftrasFragmentsGradSignature.op;
    TF_RETURN_IF_ERROR(ReadBlur(kOp, attributes, &blur_));
    return ReadSoftView(kOp, attributes, &view_);
  }

  template <typename Backend>
  absl::Status Run(OpCall& call, const Backend& backend) const {
    const Signature& signature = kSoftrasFragmentsGradSignature;
    const Array face_id = call.input(2);
    Sizes sizes;
    SoftrasFragmentsGradParams<T> params;
    TF_RETURN_IF_ERROR(ReadSizes(signature, call, &sizes));
    TF_RETURN_IF_ERROR(CheckNumFragments(signature.op, sizes['K']));
    TF_RETURN_IF_ERROR(ReadMesh<T>(signature, call, backend, sizes, &params));
    TF_RETURN_IF_ERROR(
        CheckFaceIds({signature.op, "face_id", face_id}, params.faces.num_faces, backend));
    Outputs outputs;
    TF_RETURN_IF_ERROR(AllocateOutputs(signature, sizes, call, &outputs));
    params.blur = blur_;
    params.view = view_;
    params.num_fragments = static_cast<int>(sizes['K']);
    params.face_id = face_id.As<int32_t>();
    params.grad_barycentrics = InputData<T>(call, 3);
    params.grad_depth = InputData<T>(call, 4);
    params.grad_coverage = InputData<T>(call, 5);
    params.grad_vertices_clip = outputs.At<T>(0);
    return SoftrasFragmentsGrad(params, backend);
  }

 private:
  SoftBlur blur_;
  SoftView view_;
};

MR_REGISTER_OP("MeshRenderer>SoftrasFragments", SoftrasFragmentsOp, .HostMemory("image_size"));
MR_REGISTER_OP("MeshRenderer>SoftrasFragmentsGrad", SoftrasFragmentsGradOp);

}  // namespace
}  // namespace mesh_renderer
