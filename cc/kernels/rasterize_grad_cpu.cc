// Gradient of Rasterize on the CPU: pixels -> moments of their face -> gradients of its vertices.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>

#include "cc/core/triangle.h"
#include "cc/kernels/pixel_runs.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {
namespace {

// Zero-filled array; large ones come zeroed from the system page by page, as they are touched.
template <typename T>
struct ZeroedArray {
  explicit ZeroedArray(int64_t size)
      : owner(static_cast<T*>(std::calloc(size + 1, sizeof(T))), std::free) {
    if (owner == nullptr) throw std::bad_alloc();
  }
  T* at(int64_t i) const { return owner.get() + i; }
  std::unique_ptr<T, decltype(&std::free)> owner;
};

template <typename T>
class ImageGradient {
 public:
  ImageGradient(const RasterizeGradParams<T>& params, int64_t b, const ParallelFor& parallel_for)
      : image_(params.image),
        num_vertices_(params.num_vertices),
        num_faces_(params.faces.num_faces),
        settings_(params.settings),
        faces_(params.faces.OfImage(b)),
        vertices_(params.vertices_clip + b * params.num_vertices * 4),
        face_id_(params.face_id + b * params.image.pixels()),
        barycentrics_(params.barycentrics + b * params.image.pixels() * 3),
        grad_barycentrics_(params.grad_barycentrics + b * params.image.pixels() * 3),
        grad_depth_(params.grad_depth + b * params.image.pixels()),
        grad_vertices_(params.grad_vertices_clip + b * params.num_vertices * 4),
        parallel_for_(parallel_for),
        visible_(num_faces_),
        moments_(num_faces_ * kMoments),
        grad_z_(settings_.depth_from == DepthFrom::kZ ? num_faces_ * 3 : 0) {}

  void Run() {
    ForEachWorker(parallel_for_, [this](int64_t worker, int64_t num_workers) {
      ForEachRun(face_id_, image_.height, image_.width,
                 [&](int32_t face, int64_t begin, int64_t end) {
                   if (OwnedBy(face, worker, num_workers)) AddRun(face, begin, end);
                 });
    });
    constexpr int64_t kFacesPerTask = 2048;
    parallel_for_.Run(num_faces_, kFacesPerTask, [this](int64_t begin, int64_t end) {
      for (int64_t face = begin; face < end; ++face) {
        if (*visible_.at(face)) ToCornerGradients(face);
      }
    });
    ForEachWorker(parallel_for_, [this](int64_t worker, int64_t num_workers) {
      AddToVertices(worker, num_workers);
    });
  }

 private:
  // Per face [corner][row of inverse(Q)]; turned in place into gradients to (x, y, w) of the
  // corner.
  static constexpr int kMoments = 9;

  void AddRun(int64_t face, int64_t begin, int64_t end) {
    *visible_.at(face) = 1;
    if (settings_.depth_from == DepthFrom::kW) {
      AddRunDepthFromW(face, begin, end);
    } else {
      AddRunDepthFromZ(face, begin, end);
    }
  }

  void AddRunDepthFromW(int64_t face, int64_t begin, int64_t end) {
    const int32_t* corner = faces_ + face * 3;
    const T w[3] = {Vertex(corner[0])[3], Vertex(corner[1])[3], Vertex(corner[2])[3]};
    T sum[3][3] = {};
    for (int64_t pixel = begin; pixel < end; ++pixel) {
      const T* b = barycentrics_ + pixel * 3;
      const T depth = b[0] * w[0] + b[1] * w[1] + b[2] * w[2];
      const BarycentricResponse<T> r =
          DepthFromWBackward(b, grad_barycentrics_ + pixel * 3, grad_depth_[pixel], depth);
      AddOuterProduct(b, r.response, sum);
    }
    AddSum(sum, face);
  }

  void AddRunDepthFromZ(int64_t face, int64_t begin, int64_t end) {
    const int32_t* corner = faces_ + face * 3;
    const T* q[3] = {Vertex(corner[0]), Vertex(corner[1]), Vertex(corner[2])};
    const T z[3] = {q[0][2], q[1][2], q[2][2]}, w[3] = {q[0][3], q[1][3], q[2][3]};
    const T depth_per_ndc = static_cast<T>((settings_.far - settings_.near) * 0.5);
    T sum[3][3] = {};
    for (int64_t pixel = begin; pixel < end; ++pixel) {
      const T* b = barycentrics_ + pixel * 3;
      const BarycentricResponse<T> r = DepthFromZBackward(b, grad_barycentrics_ + pixel * 3,
                                                          grad_depth_[pixel] * depth_per_ndc, z, w);
      AddOuterProduct(b, r.response, sum);
      for (int k = 0; k < 3; ++k) grad_z_.at(face * 3)[k] += r.grad_z_over_b * b[k];
    }
    AddSum(sum, face);
  }

  static void AddOuterProduct(const T* b, const T* response, T sum[3][3]) {
    for (int k = 0; k < 3; ++k) {
      for (int j = 0; j < 3; ++j) sum[k][j] += b[k] * response[j];
    }
  }

  void AddSum(const T sum[3][3], int64_t face) {
    T* moment = moments_.at(face * kMoments);
    for (int i = 0; i < kMoments; ++i) moment[i] += sum[i / 3][i % 3];
  }

  void ToCornerGradients(int64_t face) {
    const int32_t* corner = faces_ + face * 3;
    Vec3<double> q[3];
    for (int k = 0; k < 3; ++k) {
      const T* vertex = Vertex(corner[k]);
      q[k] = {static_cast<double>(vertex[0]), static_cast<double>(vertex[1]),
              static_cast<double>(vertex[3])};
    }
    const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
    for (int k = 0; k < 3; ++k) {
      T* moment = moments_.at(face * kMoments + k * 3);
      const Vec3<double> grad = CornerGradient<double>(edges, moment[0], moment[1], moment[2]);
      moment[0] = Bounded(grad.x);
      moment[1] = Bounded(grad.y);
      moment[2] = Bounded(grad.z);
      if (settings_.depth_from == DepthFrom::kZ) {
        T* grad_z = grad_z_.at(face * 3 + k);
        *grad_z = Bounded(*grad_z);
      }
    }
  }

  // Overflow is clamped. What was not finite upstream must reach the vertices: loss scaling and
  // numeric checks wait for it.
  T Bounded(double value) {
    if (!std::isfinite(value) && !UpstreamIsFinite()) return static_cast<T>(value);
    return ClampToFinite<T>(value);
  }

  bool UpstreamIsFinite() {
    std::call_once(upstream_checked_, [this] {
      T zeros = 0;
      for (int64_t i = 0; i < image_.pixels(); ++i) zeros += grad_depth_[i] * T(0);
      for (int64_t i = 0; i < image_.pixels() * 3; ++i) zeros += grad_barycentrics_[i] * T(0);
      upstream_is_finite_ = zeros == T(0);
    });
    return upstream_is_finite_;
  }

  // Faces in index order, so that each vertex adds its faces in one order for any thread count.
  void AddToVertices(int64_t worker, int64_t num_workers) {
    for (int64_t v = 0; v < num_vertices_; ++v) {
      if (OwnedBy(v, worker, num_workers)) std::fill_n(grad_vertices_ + v * 4, 4, T(0));
    }
    const bool from_z = settings_.depth_from == DepthFrom::kZ;
    for (int64_t face = 0; face < num_faces_; ++face) {
      if (!*visible_.at(face)) continue;
      for (int k = 0; k < 3; ++k) {
        const int64_t v = faces_[face * 3 + k];
        if (!OwnedBy(v, worker, num_workers)) continue;
        const T* corner = moments_.at(face * kMoments + k * 3);
        T* grad = grad_vertices_ + v * 4;
        grad[0] += corner[0];
        grad[1] += corner[1];
        if (from_z) grad[2] += *grad_z_.at(face * 3 + k);
        grad[3] += corner[2];
      }
    }
  }

  const T* Vertex(int64_t v) const { return vertices_ + v * 4; }

  const ImageShape image_;
  const int64_t num_vertices_, num_faces_;
  const RasterizeSettings settings_;
  const int32_t* const faces_;
  const T* const vertices_;
  const int32_t* const face_id_;
  const T* const barycentrics_;
  const T* const grad_barycentrics_;
  const T* const grad_depth_;
  T* const grad_vertices_;
  const ParallelFor& parallel_for_;
  ZeroedArray<uint8_t> visible_;
  ZeroedArray<T> moments_;
  ZeroedArray<T> grad_z_;
  std::once_flag upstream_checked_;  // in the rare case that somebody asks
  bool upstream_is_finite_ = true;
};

}  // namespace

template <typename T>
void RasterizeGradCpu(const RasterizeGradParams<T>& params, const ParallelFor& parallel_for) {
  ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
    ImageGradient<T>(params, b, inner).Run();
  });
}

template void RasterizeGradCpu<float>(const RasterizeGradParams<float>&, const ParallelFor&);
template void RasterizeGradCpu<double>(const RasterizeGradParams<double>&, const ParallelFor&);

}  // namespace mesh_renderer
