// What every binding checks before it calls a kernel: coordinates are finite and indices in range.
//
// A Validator has the functions of cc/kernels/validate.h, without their last argument: one for
// memory of the CPU, one for that of a GPU.
#pragma once

#include <string>

#include "tools/gpu/kernel_list.h"

namespace mesh_renderer {

template <typename Validator>
class InputChecks {
 public:
  explicit InputChecks(Validator* validator) : validator_(validator) {}

  // The first thing that is wrong, empty if nothing is.
  const std::string& error() const { return error_; }

  void Coordinates(const char* name, const float* values, int64_t count) {
    if (values == nullptr) return;
    Expect(validator_->FindBadCoordinate(values, count), name, "finite numbers of at most 1e37");
  }

  template <typename Params>
  void Mesh(const Params& params, const ImageShape& image) {
    Coordinates("vertices_clip", params.vertices_clip, image.batch * params.num_vertices * 4);
    Faces(params, image);
  }

  template <typename Params>
  void Faces(const Params& params, const ImageShape& image) {
    const int64_t rows = params.faces.num_faces * (params.faces.batched ? image.batch : 1);
    const FacesReport report = validator_->CheckFaces(params.faces.data, rows, params.num_vertices);
    has_padding_ = report.has_padding;
    Expect(report.bad_entry, "faces", "indices of vertices or rows of -1");
  }

  void FaceIds(const int32_t* face_id, int64_t count, int64_t num_faces) {
    if (!error_.empty()) return;
    Expect(validator_->FindBadFaceId(face_id, count, num_faces), "face_id", "-1 or ids of faces");
  }

  // Ids of faces that are drawn, which padding is not.
  template <typename Params>
  void DrawnFaceIds(const Params& params, const ImageShape& image) {
    FaceIds(params.face_id, image.batch * image.pixels(), params.faces.num_faces);
    if (!error_.empty() || !has_padding_) return;
    Expect(validator_->FindPaddedFaceId(params.faces, image, params.face_id), "face_id",
           "ids of faces that are not padding");
  }

 private:
  void Expect(int64_t offender, const char* name, const char* expected) {
    if (offender == kNoOffender || !error_.empty()) return;
    error_ = std::string("argument `") + name + "`: expected " + expected + ", entry " +
             std::to_string(offender) + " is something else";
  }

  Validator* const validator_;
  bool has_padding_ = false;
  std::string error_;
};

// Which inputs the kernels have.

template <typename Checks>
void CheckInputs(const RasterizeParams<float>& params, Checks* checks) {
  checks->Mesh(params, params.image);
}

template <typename Checks>
void CheckInputs(const RasterizeLayersParams<float>& params, Checks* checks) {
  checks->Mesh(params.layers, params.layers.image);
}

template <typename Checks>
void CheckInputs(const RasterizeGradParams<float>& params, Checks* checks) {
  checks->Mesh(params, params.image);
  checks->DrawnFaceIds(params, params.image);
}

template <typename Checks>
void CheckInputs(const InterpolateParams<float>& params, Checks* checks) {
  checks->Faces(params, params.image);
  checks->DrawnFaceIds(params, params.image);
}

template <typename Checks>
void CheckInputs(const InterpolateGradParams<float>& params, Checks* checks) {
  checks->Faces(params, params.image);
  checks->DrawnFaceIds(params, params.image);
}

template <typename Checks>
void CheckInputs(const FaceTextureParams<float>& params, Checks* checks) {
  checks->FaceIds(params.face_id, params.image.batch * params.image.pixels(), params.num_faces);
}

template <typename Checks>
void CheckInputs(const FaceTextureGradParams<float>& params, Checks* checks) {
  checks->FaceIds(params.face_id, params.image.batch * params.image.pixels(), params.num_faces);
}

template <typename Params, typename Checks>
void CheckTextureInputs(const Params& params, Checks* checks) {
  const int64_t pixels = params.image.batch * params.image.pixels();
  checks->Coordinates("uv", params.uv, pixels * 2);
  checks->Coordinates("uv_derivatives", params.uv_derivatives, pixels * 4);
}

template <typename Checks>
void CheckInputs(const TextureParams<float>& params, Checks* checks) {
  CheckTextureInputs(params, checks);
}

template <typename Checks>
void CheckInputs(const TextureGradParams<float>& params, Checks* checks) {
  CheckTextureInputs(params, checks);
}

template <typename Checks>
void CheckInputs(const N3mrGradParams<float>& params, Checks* checks) {
  checks->Mesh(params, params.image_shape);
  checks->DrawnFaceIds(params, params.image_shape);
}

// A face may be seen that is padding in the list of faces that blur the silhouette.
template <typename Params, typename Checks>
void CheckDibrInputs(const Params& params, Checks* checks) {
  checks->Mesh(params, params.image);
  checks->FaceIds(params.face_id, params.image.batch * params.image.pixels(),
                  params.faces.num_faces);
}

template <typename Checks>
void CheckInputs(const DibrMaskParams<float>& params, Checks* checks) {
  CheckDibrInputs(params, checks);
}

template <typename Checks>
void CheckInputs(const DibrMaskGradParams<float>& params, Checks* checks) {
  CheckDibrInputs(params, checks);
}

template <typename Checks>
void CheckInputs(const SoftrasFragmentsGradParams<float>& params, Checks* checks) {
  checks->Mesh(params, params.image);
  checks->FaceIds(params.face_id, params.image.batch * params.image.pixels() * params.num_fragments,
                  params.faces.num_faces);
}

// The other kernels of SoftRas read a mesh and numbers that may be anything.
template <typename Params, typename Checks>
void CheckInputs(const Params& params, Checks* checks) {
  checks->Mesh(params, params.image);
}

}  // namespace mesh_renderer
