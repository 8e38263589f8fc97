// Checks at the border between TensorFlow and the kernels, which trust their inputs. They run in
// every Compute: eager mode and unknown shapes never meet the shape function.
#pragma once

#include <vector>

#include "cc/kernels/mesh_view.h"
#include "cc/kernels/parallel_for.h"
#include "cc/ops/signature.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace mesh_renderer {

using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;

// Matches the shapes of all inputs.
absl::Status ReadSizes(const Signature& signature, OpKernelContext* context, Sizes* sizes);

// Allocates all outputs; an error if their number of elements overflows.
absl::Status AllocateOutputs(const Signature& signature, const Sizes& sizes,
                             OpKernelContext* context, std::vector<Tensor*>* outputs);

// Values in one argument of one op.
struct Operand {
  const char* op;
  const char* name;
  const Tensor& tensor;
};

// Coordinates must be finite (and in double not so large that their products overflow).
template <typename T>
absl::Status CheckCoordinates(const Operand& vertices, const ParallelFor& parallel_for);

// Rows of three indices in [0, num_vertices), or of -1. `has_padding` may be null.
absl::Status CheckFaces(const Operand& faces, int64_t num_vertices, const ParallelFor& parallel_for,
                        bool* has_padding);

// Face ids in [-1, num_faces).
absl::Status CheckFaceIds(const Operand& face_id, int64_t num_faces,
                          const ParallelFor& parallel_for);

// Faces and the face ids that name them: no pixel may show a padded face.
absl::Status CheckFacesAndIds(const Operand& faces, const Operand& face_id, int64_t num_vertices,
                              const ParallelFor& parallel_for);

// Two sizes in [1, kMaxImageSide].
absl::Status CheckImageSize(const char* op, int64_t height, int64_t width);

// Binds H and W to the height and width that `image_size` holds, after checking them.
absl::Status ReadImageSize(const char* op, const Tensor& image_size, Sizes* sizes);

FacesView ViewFaces(const Tensor& faces);
ImageShape ViewImage(const Sizes& sizes);

// The attribute eps: finite, positive or, where `zero_allowed`, not negative.
absl::Status ReadEps(const char* op, bool zero_allowed, OpKernelConstruction* context, double* eps);

}  // namespace mesh_renderer
