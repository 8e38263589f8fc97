#include "cc/ops/shape_fns.h"

#include "cc/ops/checks.h"

namespace mesh_renderer {

using tensorflow::shape_inference::DimensionHandle;
using tensorflow::shape_inference::ShapeHandle;

absl::Status InferSizes(const Signature& signature, InferenceContext* c, Sizes* sizes) {
  for (size_t i = 0; i < signature.inputs().size(); ++i) {
    const ShapeHandle shape = c->input(static_cast<int64_t>(i));
    if (!c->RankKnown(shape)) continue;
    std::vector<int64_t> dims;
    for (int32_t axis = 0; axis < c->Rank(shape); ++axis) {
      const DimensionHandle dim = c->Dim(shape, axis);
      dims.push_back(c->ValueKnown(dim) ? c->Value(dim) : kUnknownSize);
    }
    const absl::Status status = sizes->Match(signature.op, signature.inputs()[i], dims);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status InferImageSize(const char* op, int input, InferenceContext* c, Sizes* sizes) {
  if (const tensorflow::Tensor* known = c->input_tensor(input)) {
    const auto sides = known->flat<int32_t>();
    const absl::Status status = CheckImageSize(op, sides(0), sides(1));
    if (!status.ok()) return status;
  }
  ShapeHandle image_size;
  const absl::Status status = c->MakeShapeFromShapeTensor(input, &image_size);
  if (!status.ok() || !c->RankKnown(image_size)) return status;
  constexpr char kLetters[] = {'H', 'W'};
  for (int axis = 0; axis < 2; ++axis) {
    const DimensionHandle side = c->Dim(image_size, axis);
    if (c->ValueKnown(side)) sizes->Bind(kLetters[axis], c->Value(side), "image_size");
  }
  return absl::OkStatus();
}

void SetOutputShapes(const Signature& signature, const Sizes& sizes, InferenceContext* c) {
  for (size_t i = 0; i < signature.outputs().size(); ++i) {
    std::vector<DimensionHandle> dims;
    for (int64_t size : sizes.Of(signature.outputs()[i])) {
      dims.push_back(size == kUnknownSize ? c->UnknownDim() : c->MakeDim(size));
    }
    c->set_output(static_cast<int>(i), c->MakeShape(dims));
  }
}

absl::Status InferShapes(const Signature& signature, InferenceContext* c) {
  Sizes sizes;
  const absl::Status status = InferSizes(signature, c, &sizes);
  if (status.ok()) SetOutputShapes(signature, sizes, c);
  return status;
}

}  // namespace mesh_renderer
