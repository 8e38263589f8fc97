#include "cc/ops/checks.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {
namespace {

using tensorflow::TensorShape;

constexpr char kSameFacesHint[] = "pass the fragments that were rasterized from the same faces";

// "[12, 1]": the place of a flat position in a tensor.
std::string PlaceText(int64_t flat, const TensorShape& shape) {
  std::vector<int64_t> place(shape.dims());
  for (int axis = shape.dims() - 1; axis >= 0; --axis) {
    place[axis] = flat % shape.dim_size(axis);
    flat /= shape.dim_size(axis);
  }
  return absl::StrCat("[", absl::StrJoin(place, ", "), "]");
}

// A value of the operand is wrong.
template <typename T>
absl::Status BadValue(const Operand& operand, int64_t flat, const std::string& expected,
                      const std::string& hint) {
  const std::string received =
      absl::StrCat(operand.tensor.flat<T>()(flat), " at ", PlaceText(flat, operand.tensor.shape()));
  return BadArgument(operand.op, operand.name, {expected, received, hint});
}

}  // namespace

absl::Status ReadSizes(const Signature& signature, OpKernelContext* context, Sizes* sizes) {
  for (size_t i = 0; i < signature.inputs().size(); ++i) {
    const auto dims = context->input(static_cast<int>(i)).shape().dim_sizes();
    TF_RETURN_IF_ERROR(sizes->Match(signature.op, signature.inputs()[i], dims));
  }
  return absl::OkStatus();
}

absl::Status AllocateOutputs(const Signature& signature, const Sizes& sizes,
                             OpKernelContext* context, std::vector<Tensor*>* outputs) {
  for (const char* output : signature.outputs()) {
    const std::vector<int64_t> dims = sizes.Of(output);
    TensorShape shape;
    if (!TensorShape::BuildTensorShape(dims, &shape).ok()) {
      return BadArgument(
          signature.op, signature.inputs()[0].name,
          {"a batch whose output has fewer than 2^63 elements",
           absl::StrCat("one of shape [", absl::StrJoin(dims, ", "), "]"), "split the batch"});
    }
    Tensor* tensor = nullptr;
    TF_RETURN_IF_ERROR(context->allocate_output(static_cast<int>(outputs->size()), shape, &tensor));
    outputs->push_back(tensor);
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status CheckCoordinates(const Operand& vertices, const ParallelFor& parallel_for) {
  const auto values = vertices.tensor.flat<T>();
  const int64_t bad = FindBadCoordinate(values.data(), values.size(), parallel_for);
  if (bad == kNoOffender) return absl::OkStatus();
  const bool finite = std::isfinite(values(bad));
  const std::string limit = absl::StrCat("magnitudes of at most ", kLargestCoordinate<T>);
  return BadValue<T>(vertices, bad, finite ? limit : "finite values",
                     "look for a division by zero or a diverged optimization before this op");
}

template absl::Status CheckCoordinates<float>(const Operand&, const ParallelFor&);
template absl::Status CheckCoordinates<double>(const Operand&, const ParallelFor&);

absl::Status CheckFaces(const Operand& faces, int64_t num_vertices, const ParallelFor& parallel_for,
                        bool* has_padding) {
  const auto values = faces.tensor.flat<int32_t>();
  const FacesReport report =
      CheckFaces(values.data(), values.size() / 3, num_vertices, parallel_for);
  if (has_padding != nullptr) *has_padding = report.has_padding;
  if (report.bad_entry == kNoOffender) return absl::OkStatus();
  return BadValue<int32_t>(
      faces, report.bad_entry, absl::StrCat("indices in [0, ", num_vertices, ") or rows of -1"),
      "faces index the vertices from 0; fill unused rows with -1 in all three");
}

absl::Status CheckFaceIds(const Operand& face_id, int64_t num_faces,
                          const ParallelFor& parallel_for) {
  const auto values = face_id.tensor.flat<int32_t>();
  const int64_t bad = FindBadFaceId(values.data(), values.size(), num_faces, parallel_for);
  if (bad == kNoOffender) return absl::OkStatus();
  return BadValue<int32_t>(face_id, bad, absl::StrCat("face ids in [-1, ", num_faces, ")"),
                           kSameFacesHint);
}

absl::Status CheckFacesAndIds(const Operand& faces, const Operand& face_id, int64_t num_vertices,
                              const ParallelFor& parallel_for) {
  bool has_padding = false;
  TF_RETURN_IF_ERROR(CheckFaces(faces, num_vertices, parallel_for, &has_padding));
  const FacesView view = ViewFaces(faces.tensor);
  TF_RETURN_IF_ERROR(CheckFaceIds(face_id, view.num_faces, parallel_for));
  if (!has_padding) return absl::OkStatus();
  const TensorShape& shape = face_id.tensor.shape();
  const ImageShape image{shape.dim_size(0), static_cast<int>(shape.dim_size(1)),
                         static_cast<int>(shape.dim_size(2))};
  const int64_t bad =
      FindPaddedFaceId(view, image, face_id.tensor.flat<int32_t>().data(), parallel_for);
  if (bad == kNoOffender) return absl::OkStatus();
  return BadValue<int32_t>(face_id, bad, "ids of faces that are not padding", kSameFacesHint);
}

absl::Status CheckImageSize(const char* op, int64_t height, int64_t width) {
  const auto legal = [](int64_t side) { return side >= 1 && side <= kMaxImageSide; };
  if (legal(height) && legal(width)) return absl::OkStatus();
  return BadArgument(
      op, "image_size",
      {absl::StrCat("(height, width) from 1 to ", kMaxImageSide),
       absl::StrCat("(", height, ", ", width, ")"), "render larger images in parts"});
}

absl::Status ReadImageSize(const char* op, const Tensor& image_size, Sizes* sizes) {
  const auto values = image_size.flat<int32_t>();
  TF_RETURN_IF_ERROR(CheckImageSize(op, values(0), values(1)));
  sizes->Bind('H', values(0), "image_size");
  sizes->Bind('W', values(1), "image_size");
  return absl::OkStatus();
}

FacesView ViewFaces(const Tensor& faces) {
  const bool batched = faces.dims() == 3;
  return {faces.flat<int32_t>().data(), faces.dim_size(batched ? 1 : 0), batched};
}

ImageShape ViewImage(const Sizes& sizes) {
  return {sizes['B'], static_cast<int>(sizes['H']), static_cast<int>(sizes['W'])};
}

absl::Status ReadEps(const char* op, bool zero_allowed, OpKernelConstruction* context,
                     double* eps) {
  float value;
  TF_RETURN_IF_ERROR(context->GetAttr("eps", &value));
  *eps = value;
  if (std::isfinite(value) && (value > 0 || (zero_allowed && value == 0))) {
    return absl::OkStatus();
  }
  return BadArgument(op, "eps",
                     {zero_allowed ? "a finite number >= 0" : "a finite number > 0",
                      absl::StrCat(value), "1e-3 is the usual value"});
}

}  // namespace mesh_renderer
