// Gradient of Rasterize on the CPU: pixels -> moments of their face -> gradients of its vertices.
#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <vector>

#include "cc/core/triangle.h"
#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/face_id_watch.h"
#include "cc/kernels/pixel_runs.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {
namespace {

// Per face and corner: one moment for each row of inverse(Q), and the gradient to z.
constexpr int kPerCorner = 4;
constexpr int kGradZ = 3;
constexpr int kMoments = 3 * kPerCorner;

// Moments of the faces that a band of rows shows.
template <typename T>
struct BandMoments {
  explicit BandMoments(int64_t num_faces)
      : visible(new bool[num_faces]()), moments(new T[num_faces * kMoments]) {}

  T* at(int64_t face, int corner) const { return &moments[face * kMoments + corner * kPerCorner]; }

  std::unique_ptr<bool[]> visible;
  std::unique_ptr<T[]> moments;  // of what is visible
};

// Bands whose moments are formed apart, in parallel, and then added in their order. The number
// depends on the image alone, never on threads, so that every sum is always formed alike. It is
// small because each band has moments of all faces.
int64_t NumBands(const ImageShape& image) {
  constexpr int64_t kPixelsPerBand = 1 << 17;
  return std::clamp<int64_t>(image.pixels() / kPixelsPerBand, 1, 2);
}

// What pixels add to the moments of their faces, in one band.
template <typename T, DepthFrom kDepthFrom>
struct PixelMoments {
  using Lanes = ChannelLanes<T, kPerCorner>;

  T depth_per_ndc;
  const int32_t* faces;
  const T* vertices;
  const T* barycentrics;
  const T* grad_barycentrics;
  const T* grad_depth;
  bool* visible;
  T* moments;

  // Pixels [begin, end), which show `face`. Its moments are cleared when it is met for the first
  // time: those of hidden faces, of large meshes most of all, need not be touched.
  MR_HOST_DEVICE void Add(int64_t face, int64_t begin, int64_t end) const {
    T* of_face = moments + face * kMoments;
    // A run is summed by itself: a face of millions of pixels would swallow single ones.
    Lanes sum[3] = {Lanes::Zero(), Lanes::Zero(), Lanes::Zero()};
    for (int64_t pixel = begin; pixel < end; ++pixel) {
      const T* b = barycentrics + pixel * 3;
      const BarycentricResponse<T> r = Response(face, pixel);
      const Lanes response = {{r.response[0], r.response[1], r.response[2], r.grad_z_over_b}};
      for (int k = 0; k < 3; ++k) sum[k] = sum[k] + b[k] * response;
    }
    for (int k = 0; k < 3; ++k) {
      T* moment = of_face + k * kPerCorner;
      if (visible[face]) sum[k] = Lanes::template Load<Reach::kExact>(moment) + sum[k];
      sum[k].template Store<Reach::kExact>(moment);
    }
    visible[face] = true;
  }

  MR_HOST_DEVICE BarycentricResponse<T> Response(int64_t face, int64_t pixel) const {
    const int32_t* corner = faces + face * 3;
    const T* q[3] = {vertices + int64_t{corner[0]} * 4, vertices + int64_t{corner[1]} * 4,
                     vertices + int64_t{corner[2]} * 4};
    const T w[3] = {q[0][3], q[1][3], q[2][3]};
    const T* b = barycentrics + pixel * 3;
    const T* grad_b = grad_barycentrics + pixel * 3;
    if constexpr (kDepthFrom == DepthFrom::kW) {
      const T depth = b[0] * w[0] + b[1] * w[1] + b[2] * w[2];
      return DepthFromWBackward(b, grad_b, grad_depth[pixel], depth);
    } else {
      const T z[3] = {q[0][2], q[1][2], q[2][2]};
      return DepthFromZBackward(b, grad_b, grad_depth[pixel] * depth_per_ndc, z, w);
    }
  }
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
        watch_(params.faces.num_faces, params.met_bad_face_id),
        parallel_for_(parallel_for) {
    const int64_t num_bands = NumBands(image_);
    for (int64_t band = 0; band < num_bands; ++band) bands_.emplace_back(num_faces_);
  }

  void Run() {
    // Threads beyond the number of bands share the faces of each.
    const int64_t num_bands = static_cast<int64_t>(bands_.size());
    const int64_t owners = std::max<int64_t>(1, parallel_for_.num_threads() / num_bands);
    parallel_for_.Run(num_bands * owners, 1, [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; ++task) {
        AddPixels(task / owners, task % owners, owners);
      }
    });
    constexpr int64_t kFacesPerTask = 2048;
    parallel_for_.Run(num_faces_, kFacesPerTask, [this](int64_t begin, int64_t end) {
      for (int64_t face = begin; face < end; ++face) {
        AddBands(face);
        if (bands_[0].visible[face]) ToCornerGradients(face);
      }
    });
    ForEachWorker(parallel_for_, [this](int64_t worker, int64_t num_workers) {
      AddToVertices(worker, num_workers);
    });
  }

 private:
  void AddPixels(int64_t band, int64_t owner, int64_t num_owners) {
    if (settings_.depth_from == DepthFrom::kW) {
      AddPixels<DepthFrom::kW>(band, owner, num_owners);
    } else {
      AddPixels<DepthFrom::kZ>(band, owner, num_owners);
    }
  }

  template <DepthFrom kDepthFrom>
  void AddPixels(int64_t band, int64_t owner, int64_t num_owners) {
    // Seen by nobody else, so that pointers stay in registers.
    const PixelMoments<T, kDepthFrom> pixels = {
        static_cast<T>((settings_.far - settings_.near) * 0.5),
        faces_,
        vertices_,
        barycentrics_,
        grad_barycentrics_,
        grad_depth_,
        bands_[band].visible.get(),
        bands_[band].moments.get()};
    const int64_t num_bands = static_cast<int64_t>(bands_.size());
    const int64_t first = image_.height * band / num_bands * image_.width;
    const int64_t last = image_.height * (band + 1) / num_bands * image_.width;
    const int32_t* face_id = face_id_;
    const FaceIdWatch watch = watch_;
    const auto add_run = [=](int32_t face, int64_t begin, int64_t end) MR_LOOP_BODY {
      if (!watch.IsEmpty(face) && OwnedBy(face, owner, num_owners)) pixels.Add(face, begin, end);
    };
    const auto add_pixel = [=](auto, int64_t pixel) { add_run(face_id[pixel], pixel, pixel + 1); };
    ForEachRunOrPixel(face_id, first, last, add_run, add_pixel);
  }

  // Adds the moments of a face in all bands to those in the first.
  void AddBands(int64_t face) {
    using Lanes = ChannelLanes<T, kPerCorner>;
    BandMoments<T>& sums = bands_[0];
    for (size_t band = 1; band < bands_.size(); ++band) {
      if (!bands_[band].visible[face]) continue;
      for (int k = 0; k < 3; ++k) {
        Lanes sum = Lanes::template Load<Reach::kExact>(bands_[band].at(face, k));
        if (sums.visible[face]) sum = Lanes::template Load<Reach::kExact>(sums.at(face, k)) + sum;
        sum.template Store<Reach::kExact>(sums.at(face, k));
      }
      sums.visible[face] = true;
    }
  }

  // Turns the moments of a face in place into gradients to (x, y, w, z) of its corners.
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
      T* moment = bands_[0].at(face, k);
      const Vec3<double> grad = CornerGradient<double>(edges, moment[0], moment[1], moment[2]);
      moment[0] = Bounded(grad.x);
      moment[1] = Bounded(grad.y);
      moment[2] = Bounded(grad.z);
      moment[kGradZ] = Bounded(moment[kGradZ]);
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
    const BandMoments<T>& sums = bands_[0];
    for (int64_t face = 0; face < num_faces_; ++face) {
      if (!sums.visible[face]) continue;
      for (int k = 0; k < 3; ++k) {
        const int64_t v = faces_[face * 3 + k];
        if (!OwnedBy(v, worker, num_workers)) continue;
        const T* corner = sums.at(face, k);
        T* grad = grad_vertices_ + v * 4;
        grad[0] += corner[0];
        grad[1] += corner[1];
        grad[2] += corner[kGradZ];
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
  const FaceIdWatch watch_;
  const ParallelFor& parallel_for_;
  std::vector<BandMoments<T>> bands_;
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
