// Shape functions from signatures. They accept unknown ranks and sizes: what is not known stays so.
#pragma once

#include "cc/ops/signature.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace mesh_renderer {

using tensorflow::shape_inference::InferenceContext;

// Matches every input whose rank is known; `sizes` then holds what the inputs tell.
absl::Status InferSizes(const Signature& signature, InferenceContext* c, Sizes* sizes);

// Binds H and W if input `input`, the image size, is a constant, after checking it: the output
// shape is then static.
absl::Status InferImageSize(const char* op, int input, InferenceContext* c, Sizes* sizes);

// Sets the output shapes, with unknown sizes where `sizes` has none.
void SetOutputShapes(const Signature& signature, const Sizes& sizes, InferenceContext* c);

// Both, for ops whose inputs tell all sizes.
absl::Status InferShapes(const Signature& signature, InferenceContext* c);

}  // namespace mesh_renderer
