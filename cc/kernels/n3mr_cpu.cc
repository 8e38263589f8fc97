// N3MR sweep on the CPU. An image costs its visible edges times the length of a scanline: faces
// that no pixel shows cannot contribute and are never looked at.
#include <utility>
#include <vector>

#include "cc/kernels/n3mr.h"
#include "cc/kernels/n3mr_mesh.h"
#include "cc/kernels/n3mr_scanlines.h"
#include "cc/kernels/n3mr_sweep.h"

namespace mesh_renderer {
namespace {

constexpr int64_t kFaceBlock = 64;  // faces per task: tens of microseconds

// The sweep of one image of the batch.
template <typename T>
class ImageSweep {
 public:
  ImageSweep(const N3mrGradParams<T>& params, int64_t item, const ParallelFor& parallel_for)
      : params_(params), parallel_for_(parallel_for), item_(item), mesh_(params, item) {}

  void Run() {
    FindVisibleFaces();
    corner_grads_.resize(visible_.size() * 3);
    if (!visible_.empty()) {
      ScanlineBuffer<T> buffer(params_, item_);
      SweepFaces(buffer.Fill(N3mrAxis::kColumns, parallel_for_));
      SweepFaces(buffer.Fill(N3mrAxis::kRows, parallel_for_));
    }
    SumToVertices();
  }

 private:
  void FindVisibleFaces() {
    const int64_t num_faces = params_.faces.num_faces;
    const int64_t num_pixels = params_.image_shape.pixels();
    const int32_t* face_id = params_.face_id + item_ * num_pixels;
    std::vector<uint8_t> is_visible(num_faces, 0);
    for (int64_t i = 0; i < num_pixels; ++i) {
      if (face_id[i] >= 0 && face_id[i] < num_faces) is_visible[face_id[i]] = 1;
    }
    for (int64_t f = 0; f < num_faces; ++f) {
      if (is_visible[f] && mesh_.HasVertices(f)) visible_.push_back(static_cast<int32_t>(f));
    }
  }

  // Gradients along y (columns) or x (rows) of every corner.
  void SweepFaces(const Scanlines<T>& lines) {
    switch (params_.num_channels) {
      case 1:
        return SweepFacesOf<1>(lines);
      case 3:
        return SweepFacesOf<3>(lines);
      case 4:
        return SweepFacesOf<4>(lines);
      default:
        return SweepFacesOf<0>(lines);
    }
  }

  template <int kChannels>
  void SweepFacesOf(const Scanlines<T>& lines) {
    const int64_t total = static_cast<int64_t>(visible_.size());
    parallel_for_.Run(total, kFaceBlock, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) SweepOneFace<kChannels>(lines, i);
    });
  }

  template <int kChannels>
  void SweepOneFace(const Scanlines<T>& lines, int64_t index) {
    N3mrVertex<T> vertices[3];
    const bool reversed = mesh_.ProjectFace(visible_[index], vertices);
    T grad[3];
    n3mr_sweep::SweepFace<T, kChannels>(lines, visible_[index], vertices,
                                        static_cast<T>(params_.eps), grad);
    if (reversed) std::swap(grad[0], grad[2]);
    for (int k = 0; k < 3; ++k) {
      Vec2<T>& to = corner_grads_[index * 3 + k];
      (lines.axis == N3mrAxis::kColumns ? to.y : to.x) = grad[k];
    }
  }

  // Every vertex belongs to one worker, which adds its corners in the order of the faces.
  void SumToVertices() {
    std::vector<Vec2<T>> sums(params_.num_vertices, Vec2<T>{T(0), T(0)});
    ForEachWorker(parallel_for_, [&](int64_t worker, int64_t num_workers) {
      for (size_t i = 0; i < corner_grads_.size(); ++i) {
        const int64_t vertex = mesh_.Corners(visible_[i / 3])[i % 3];
        if (!OwnedBy(vertex, worker, num_workers)) continue;
        sums[vertex].x += corner_grads_[i].x;
        sums[vertex].y += corner_grads_[i].y;
      }
      for (int64_t v = 0; v < params_.num_vertices; ++v) {
        if (OwnedBy(v, worker, num_workers)) mesh_.WriteGradient(v, sums[v]);
      }
    });
  }

  const N3mrGradParams<T>& params_;
  const ParallelFor& parallel_for_;
  const int64_t item_;
  const N3mrMesh<T> mesh_;
  std::vector<int32_t> visible_;       // faces that some pixel shows, ascending
  std::vector<Vec2<T>> corner_grads_;  // [visible, 3] gradient to (x_ndc, y_ndc)
};

}  // namespace

template <typename T>
void N3mrGradCpu(const N3mrGradParams<T>& params, const ParallelFor& parallel_for) {
  ForEachImage(params.image_shape.batch, parallel_for,
               [&](int64_t b, const ParallelFor& inner) { ImageSweep<T>(params, b, inner).Run(); });
}

template void N3mrGradCpu(const N3mrGradParams<float>&, const ParallelFor&);
template void N3mrGradCpu(const N3mrGradParams<double>&, const ParallelFor&);

}  // namespace mesh_renderer
