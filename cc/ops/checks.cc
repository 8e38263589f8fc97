#include "cc/ops/checks.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cc/kernels/validate.h"

namespace mesh_renderer {
namespace {

constexpr char kSameFacesHint[] = "pass the fragments that were rasterized from the same faces";

// "[12, 1]": the place of a flat position in a tensor.
std::string PlaceText(int64_t flat, absl::Span<const int64_t> dims) {
  std::vector<int64_t> place(dims.size());
  for (size_t axis = dims.size(); axis-- > 0;) {
    place[axis] = flat % dims[axis];
    flat /= dims[axis];
  }
  return absl::StrCat("[", absl::StrJoin(place, ", "), "]");
}

// A value of the operand is wrong.
struct BadValue {
  int64_t flat;
  std::string expected;
  std::string hint;
};

template <typename T>
absl::Status Refuse(const Operand& operand, const BadValue& bad, T value) {
  const std::string received = absl::StrCat(value, " at ", PlaceText(bad.flat, operand.array.dims));
  return BadArgument(operand.op, operand.name, {bad.expected, received, bad.hint});
}

template <typename Backend>
absl::Status RefuseIndex(const Operand& operand, const BadValue& bad, const Backend& backend) {
  int32_t index = 0;
  const int32_t* at = operand.array.As<int32_t>() + bad.flat;
  TF_RETURN_IF_ERROR(backend.ReadBack(at, sizeof(index), &index));
  return Refuse(operand, bad, index);
}

// Whether a tensor of this shape can be: zeros do not help against sizes that overflow before them.
bool FitsInt64(absl::Span<const int64_t> dims) {
  int64_t count = 1;
  for (int64_t dim : dims) {
    if (__builtin_mul_overflow(count, dim, &count)) return false;
  }
  return true;
}

// Rows of faces, which may be padding.
template <typename Backend>
absl::Status CheckRows(const Operand& faces, int64_t num_vertices, const Backend& backend,
                       bool* has_padding) {
  FacesReport report;
  TF_RETURN_IF_ERROR(
      backend.CheckFaces(faces.array.As<int32_t>(), faces.array.size() / 3, num_vertices, &report));
  *has_padding = report.has_padding;
  if (report.bad_entry == kNoOffender) return absl::OkStatus();
  return RefuseIndex(
      faces,
      {report.bad_entry, absl::StrCat("indices in [0, ", num_vertices, ") or rows of -1"),
       "faces index the vertices from 0; fill unused rows with -1 in all three"},
      backend);
}

}  // namespace

absl::Status ReadSizes(const Signature& signature, const OpCall& call, Sizes* sizes) {
  for (size_t i = 0; i < signature.inputs().size(); ++i) {
    const Array input = call.input(static_cast<int>(i));
    TF_RETURN_IF_ERROR(sizes->Match(signature.op, signature.inputs()[i], input.dims));
  }
  return absl::OkStatus();
}

absl::Status AllocateOutputs(const Signature& signature, const Sizes& sizes, OpCall& call,
                             Outputs* outputs) {
  for (const char* output : signature.outputs()) {
    const std::vector<int64_t> dims = sizes.Of(output);
    if (!FitsInt64(dims)) {
      return BadArgument(
          signature.op, signature.inputs()[0].name,
          {"a batch whose output has fewer than 2^63 elements",
           absl::StrCat("one of shape [", absl::StrJoin(dims, ", "), "]"), "split the batch"});
    }
    void* data = nullptr;
    TF_RETURN_IF_ERROR(call.Allocate(outputs->count(), dims, &data));
    outputs->Add(data);
  }
  return absl::OkStatus();
}

template <typename T, typename Backend>
absl::Status CheckCoordinates(const Operand& vertices, const Backend& backend, const bool* mask) {
  const Array& array = vertices.array;
  const T* values = array.As<T>();
  const int64_t num_pixels = mask == nullptr ? 1 : array.dims[0] * array.dims[1] * array.dims[2];
  const int64_t per_pixel = num_pixels == 0 ? 0 : array.size() / num_pixels;
  int64_t bad;
  TF_RETURN_IF_ERROR(
      backend.FindBadCoordinate(MaskedCoordinates<T>{values, mask, num_pixels, per_pixel}, &bad));
  if (bad == kNoOffender) return absl::OkStatus();
  T value = 0;
  TF_RETURN_IF_ERROR(backend.ReadBack(values + bad, sizeof(value), &value));
  const std::string limit = absl::StrCat("magnitudes of at most ", kLargestCoordinate<T>);
  return Refuse(vertices,
                {bad, std::isfinite(value) ? limit : "finite values",
                 "look for a division by zero or a diverged optimization before this op"},
                value);
}

template <typename Backend>
absl::Status CheckFaces(const Operand& faces, int64_t num_vertices, const Backend& backend) {
  bool has_padding;
  return CheckRows(faces, num_vertices, backend, &has_padding);
}

template <typename Backend>
absl::Status CheckFaceIds(const Operand& face_id, int64_t num_faces, const Backend& backend) {
  const Array& ids = face_id.array;
  int64_t bad;
  TF_RETURN_IF_ERROR(backend.FindBadFaceId(ids.As<int32_t>(), ids.size(), num_faces, &bad));
  if (bad == kNoOffender) return absl::OkStatus();
  return RefuseIndex(
      face_id, {bad, absl::StrCat("face ids in [-1, ", num_faces, ")"), kSameFacesHint}, backend);
}

// Ids in range and, if there is padding, none that names it.
template <typename Backend>
absl::Status CheckIds(const Operand& faces, const Operand& face_id, bool has_padding,
                      const Backend& backend) {
  const FacesView view = ViewFaces(faces.array);
  TF_RETURN_IF_ERROR(CheckFaceIds(face_id, view.num_faces, backend));
  if (!has_padding) return absl::OkStatus();
  const Array& ids = face_id.array;
  const ImageShape image{ids.dims[0], static_cast<int>(ids.dims[1]), static_cast<int>(ids.dims[2])};
  int64_t bad;
  TF_RETURN_IF_ERROR(backend.FindPaddedFaceId(view, image, ids.As<int32_t>(), &bad));
  if (bad == kNoOffender) return absl::OkStatus();
  return RefuseIndex(face_id, {bad, "ids of faces that are not padding", kSameFacesHint}, backend);
}

template <typename Backend>
absl::Status CheckFacesAndIds(const Operand& faces, const Operand& face_id, int64_t num_vertices,
                              const Backend& backend) {
  bool has_padding = false;
  TF_RETURN_IF_ERROR(CheckRows(faces, num_vertices, backend, &has_padding));
  return CheckIds(faces, face_id, has_padding, backend);
}

template <typename Backend>
absl::Status WatchedFacesAndIds::CheckBefore(int64_t num_vertices, const Backend& backend) const {
  bool has_padding = false;
  TF_RETURN_IF_ERROR(CheckRows(faces_, num_vertices, backend, &has_padding));
  // The kernel knows nothing of padding.
  if (Backend::kKernelsWatchInputs && !has_padding) return absl::OkStatus();
  return CheckIds(faces_, face_id_, has_padding, backend);
}

template <typename Backend>
absl::Status WatchedFacesAndIds::CheckAfter(const Backend& backend) const {
  if (!met_bad_) return absl::OkStatus();
  return CheckFaceIds(face_id_, ViewFaces(faces_.array).num_faces, backend);
}

template <typename T, typename Backend>
absl::Status WatchedCoordinates<T, Backend>::CheckBefore() const {
  if (Backend::kKernelsWatchInputs) return absl::OkStatus();
  return CheckCoordinates<T>(coordinates_, backend_, mask_);
}

template <typename T, typename Backend>
absl::Status WatchedCoordinates<T, Backend>::CheckAfter() const {
  if (!met_bad_) return absl::OkStatus();
  return CheckCoordinates<T>(coordinates_, backend_, mask_);
}

#define MR_CHECKS_OF(Backend)                                                                      \
  template absl::Status CheckCoordinates<float>(const Operand&, const Backend&, const bool*);      \
  template class WatchedCoordinates<float, Backend>;                                               \
  template absl::Status CheckFaces(const Operand&, int64_t, const Backend&);                       \
  template absl::Status CheckFaceIds(const Operand&, int64_t, const Backend&);                     \
  template absl::Status CheckFacesAndIds(const Operand&, const Operand&, int64_t, const Backend&); \
  template absl::Status WatchedFacesAndIds::CheckBefore(int64_t, const Backend&) const;            \
  template absl::Status WatchedFacesAndIds::CheckAfter(const Backend&) const;

MR_CHECKS_OF(CpuBackend)
template absl::Status CheckCoordinates<double>(const Operand&, const CpuBackend&, const bool*);
template class WatchedCoordinates<double, CpuBackend>;
#if MR_CUDA
MR_CHECKS_OF(CudaBackend)
#endif

absl::Status CheckImageSize(const char* op, int64_t height, int64_t width) {
  const auto legal = [](int64_t side) { return side >= 1 && side <= kMaxImageSide; };
  if (legal(height) && legal(width)) return absl::OkStatus();
  return BadArgument(
      op, "image_size",
      {absl::StrCat("(height, width) from 1 to ", kMaxImageSide),
       absl::StrCat("(", height, ", ", width, ")"), "render larger images in parts"});
}

absl::Status ReadImageSize(const char* op, const Array& image_size, Sizes* sizes) {
  const int32_t* values = image_size.As<int32_t>();
  TF_RETURN_IF_ERROR(CheckImageSize(op, values[0], values[1]));
  sizes->Bind('H', values[0], "image_size");
  sizes->Bind('W', values[1], "image_size");
  return absl::OkStatus();
}

FacesView ViewFaces(const Array& faces) {
  const bool batched = faces.rank() == 3;
  return {faces.As<int32_t>(), faces.dims[batched ? 1 : 0], batched};
}

ImageShape ViewImage(const Sizes& sizes) {
  return {sizes['B'], static_cast<int>(sizes['H']), static_cast<int>(sizes['W'])};
}

absl::Status ReadEps(const char* op, bool zero_allowed, const Attributes& attributes, double* eps) {
  float value;
  TF_RETURN_IF_ERROR(attributes.Get("eps", &value));
  *eps = value;
  if (std::isfinite(value) && (value > 0 || (zero_allowed && value == 0))) {
    return absl::OkStatus();
  }
  return BadArgument(op, "eps",
                     {zero_allowed ? "a finite number >= 0" : "a finite number > 0",
                      absl::StrCat(value), "1e-3 is the usual value"});
}

}  // namespace mesh_renderer
