// Checks at the border between a framework and the kernels, which trust their inputs. They run in
// every call: eager mode and unknown shapes never meet the shape function.
#pragma once

#include <atomic>
#include <vector>

#include "cc/kernels/mesh_view.h"
#include "cc/ops/backend.h"
#include "cc/ops/op_call.h"
#include "cc/ops/signature.h"
#include "tensorflow/core/platform/errors.h"

namespace mesh_renderer {

// Matches the shapes of all inputs.
absl::Status ReadSizes(const Signature& signature, const OpCall& call, Sizes* sizes);

// The outputs of one call, of whatever types.
class Outputs {
 public:
  template <typename T>
  T* At(int place) const {
    return static_cast<T*>(data_[place]);
  }
  void Add(void* data) { data_.push_back(data); }
  int count() const { return static_cast<int>(data_.size()); }

 private:
  absl::InlinedVector<void*, Signature::kMaxOutputs> data_;
};

// Allocates all outputs; an error if their number of elements overflows.
absl::Status AllocateOutputs(const Signature& signature, const Sizes& sizes, OpCall& call,
                             Outputs* outputs);

// Values in one argument of one op.
struct Operand {
  const char* op;
  const char* name;
  Array array;
};

// Coordinates must be finite (and in double not so large that their products overflow).
// Those of pixels [B, H, W, ...] need not be where a mask [B, H, W] is false.
template <typename T, typename Backend>
absl::Status CheckCoordinates(const Operand& vertices, const Backend& backend,
                              const bool* mask = nullptr);

// CheckCoordinates for a kernel that watches the coordinates it reads, where the backend's do: they
// are then looked at here only after it met a bad one.
template <typename T, typename Backend>
class WatchedCoordinates {
 public:
  WatchedCoordinates(const Operand& coordinates, const Backend& backend, const bool* mask)
      : coordinates_(coordinates), backend_(backend), mask_(mask) {}

  absl::Status CheckBefore() const;

  // For the params of the kernel.
  std::atomic<bool>* met_bad() { return &met_bad_; }

  absl::Status CheckAfter() const;

 private:
  const Operand coordinates_;
  const Backend& backend_;
  const bool* const mask_;
  std::atomic<bool> met_bad_{false};
};

// Rows of three indices in [0, num_vertices), or of -1.
template <typename Backend>
absl::Status CheckFaces(const Operand& faces, int64_t num_vertices, const Backend& backend);

// Face ids in [-1, num_faces).
template <typename Backend>
absl::Status CheckFaceIds(const Operand& face_id, int64_t num_faces, const Backend& backend);

// Faces and the face ids that name them: no pixel may show a padded face.
template <typename Backend>
absl::Status CheckFacesAndIds(const Operand& faces, const Operand& face_id, int64_t num_vertices,
                              const Backend& backend);

// CheckFacesAndIds for a kernel that watches the ids it reads, where the backend's do: ids are then
// looked at here only after it met a bad one.
class WatchedFacesAndIds {
 public:
  WatchedFacesAndIds(const Operand& faces, const Operand& face_id)
      : faces_(faces), face_id_(face_id) {}

  template <typename Backend>
  absl::Status CheckBefore(int64_t num_vertices, const Backend& backend) const;

  // For the params of the kernel.
  std::atomic<bool>* met_bad() { return &met_bad_; }

  template <typename Backend>
  absl::Status CheckAfter(const Backend& backend) const;

 private:
  const Operand faces_, face_id_;
  std::atomic<bool> met_bad_{false};
};

// Two sizes in [1, kMaxImageSide].
absl::Status CheckImageSize(const char* op, int64_t height, int64_t width);

// Binds H and W to the height and width that `image_size`, which lies in host memory, holds, after
// checking them.
absl::Status ReadImageSize(const char* op, const Array& image_size, Sizes* sizes);

FacesView ViewFaces(const Array& faces);
ImageShape ViewImage(const Sizes& sizes);

// Inputs 0 and 1, vertices_clip and faces, checked and written into `params` with the sizes of the
// image; `sizes` holds all shapes.
template <typename T, typename Params, typename Backend>
absl::Status ReadMesh(const Signature& signature, const OpCall& call, const Backend& backend,
                      const Sizes& sizes, Params* params) {
  const Array vertices_clip = call.input(0);
  const Array faces = call.input(1);
  TF_RETURN_IF_ERROR(CheckCoordinates<T>({signature.op, "vertices_clip", vertices_clip}, backend));
  TF_RETURN_IF_ERROR(CheckFaces({signature.op, "faces", faces}, sizes['V'], backend));
  params->image = ViewImage(sizes);
  params->num_vertices = sizes['V'];
  params->faces = ViewFaces(faces);
  params->vertices_clip = vertices_clip.As<T>();
  return absl::OkStatus();
}

// The attribute eps: finite, positive or, where `zero_allowed`, not negative.
absl::Status ReadEps(const char* op, bool zero_allowed, const Attributes& attributes, double* eps);

}  // namespace mesh_renderer
