#include <algorithm>
#include <memory>

#include "cc/core/blend.h"
#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/face_id_watch.h"
#include "cc/kernels/interpolate.h"
#include "cc/kernels/pixel_runs.h"

namespace mesh_renderer {
namespace {

// Vertices of one face.
struct Corners {
  int64_t vertex[3];
};

// Faces and attribute rows of one image.
template <typename T, int kChannels>
struct ImageMesh {
  const int32_t* faces;
  const T* attributes;
  int64_t num_channels;
  int64_t last_vertex;
  FaceIdWatch watch;

  template <typename Params>
  ImageMesh(const Params& params, int64_t b)
      : faces(params.faces.OfImage(b)),
        attributes(params.attributes + b * params.num_vertices * params.num_channels),
        num_channels(KnownOr<kChannels>(params.num_channels)),
        last_vertex(params.num_vertices - 1),
        watch(params.faces.num_faces, params.met_bad_face_id) {}

  MR_HOST_DEVICE Corners CornersOf(int32_t face) const {
    const int32_t* row = faces + int64_t{face} * 3;
    return {{row[0], row[1], row[2]}};
  }

  template <int N>
  MR_HOST_DEVICE ChannelLanes<T, N> Load(int64_t vertex, int64_t channel) const {
    const T* from = attributes + vertex * num_channels + channel;
    // Nothing may be read behind the last vertex of the batch.
    if (N == 3 && __builtin_expect(vertex == last_vertex, false)) {
      return ChannelLanes<T, N>::template Load<Reach::kExact>(from);
    }
    return ChannelLanes<T, N>::template Load<Reach::kRegister>(from);
  }
};

template <int kChannels, Reach kReach, typename T>
MR_HOST_DEVICE void BlendPixel(const InterpolateParams<T>& params,
                               const ImageMesh<T, kChannels>& mesh, int64_t pixel) {
  T* output = params.output + pixel * mesh.num_channels;
  const int32_t face = params.face_id[pixel];
  if (mesh.watch.IsEmpty(face)) return ClearChannels<kChannels, kReach>(output, mesh.num_channels);
  const Corners corners = mesh.CornersOf(face);
  const T* b = params.barycentrics + pixel * 3;
  ForEachChannelGroup<kChannels>(mesh.num_channels, [&](auto n, int64_t channel) {
    const auto blend = Blend(b, mesh.template Load<n>(corners.vertex[0], channel),
                             mesh.template Load<n>(corners.vertex[1], channel),
                             mesh.template Load<n>(corners.vertex[2], channel));
    blend.template Store<kReach>(output + channel);
  });
}

// The output of pixels [begin, end) of image b.
template <int kChannels, typename T>
void BlendSpan(const InterpolateParams<T>& shared_params, int64_t b, int64_t begin, int64_t end) {
  const InterpolateParams<T> params = shared_params;  // seen by nobody else: stays in registers
  const ImageMesh<T, kChannels> mesh(params, b);
  const auto blend_pixel = [&](auto reach, int64_t pixel) {
    BlendPixel<kChannels, reach>(params, mesh, pixel);
  };
  const auto blend_run = [&](int32_t face, int64_t run, int64_t run_end) {
    if (mesh.watch.IsEmpty(face)) {
      std::fill_n(params.output + run * mesh.num_channels, (run_end - run) * mesh.num_channels,
                  T(0));
      return;
    }
    for (; run < run_end; ++run) blend_pixel(ReachConstant<Reach::kRegister>(), run);
  };
  ForEachRunOrPixel(params.face_id, begin, end, blend_run, blend_pixel);
}

// grad_b_k = sum over channels of grad_output * attribute of corner k.
template <int kChannels, Reach kReach, typename T>
MR_HOST_DEVICE void BarycentricsGradOfPixel(const InterpolateGradParams<T>& params,
                                            const ImageMesh<T, kChannels>& mesh, int64_t pixel,
                                            const Corners& corners) {
  const T* grad_output = params.grad_output + pixel * mesh.num_channels;
  auto sums = ChannelLanes<T, 3>::Zero();
  ForEachChannelGroup<kChannels>(mesh.num_channels, [&](auto n, int64_t channel) {
    const auto grad = ChannelLanes<T, n>::template Load<kReach>(grad_output + channel);
    sums = sums + SumsOverChannels(grad * mesh.template Load<n>(corners.vertex[0], channel),
                                   grad * mesh.template Load<n>(corners.vertex[1], channel),
                                   grad * mesh.template Load<n>(corners.vertex[2], channel));
  });
  sums.template Store<kReach>(params.grad_barycentrics + pixel * 3);
}

// Row length of vertex sums. Rows of three channels are padded to a register while they are summed:
// a row is then one load and one store, and stores forward to later loads.
template <typename T, int kChannels>
MR_HOST_DEVICE int64_t SumStride(int64_t num_channels) {
  if constexpr (kChannels == 3) return ChannelLanes<T, kChannels>::kWidth;
  return num_channels;
}

// grad_attribute of corner k += b_k * grad_output, in sums[V, SumStride].
template <int kChannels, Reach kReach, typename T>
MR_HOST_DEVICE void AttributesGradOfPixel(const InterpolateGradParams<T>& params,
                                          const ImageMesh<T, kChannels>& mesh, int64_t pixel,
                                          const Corners& corners, T* sums) {
  const T* grad_output = params.grad_output + pixel * mesh.num_channels;
  const T* b = params.barycentrics + pixel * 3;
  const int64_t stride = SumStride<T, kChannels>(mesh.num_channels);
  ForEachChannelGroup<kChannels>(mesh.num_channels, [&](auto n, int64_t channel) {
    using Group = ChannelLanes<T, n>;
    const Group grad = Group::template Load<kReach>(grad_output + channel);
    for (int k = 0; k < 3; ++k) {
      T* sum = sums + corners.vertex[k] * stride + channel;
      const Group total = Group::template Load<Reach::kRegister>(sum) + b[k] * grad;
      total.template Store<Reach::kRegister>(sum);
    }
  });
}

// Both gradients of pixels [begin, end) of image b; those of the vertices are added to `sums`.
template <int kChannels, typename T>
void GradOfSpan(const InterpolateGradParams<T>& shared_params, int64_t b, int64_t begin,
                int64_t end, T* sums) {
  const InterpolateGradParams<T> params = shared_params;  // seen by nobody else: stays in registers
  const ImageMesh<T, kChannels> mesh(params, b);
  const auto grad_of_pixel = [&](auto reach, int64_t pixel) MR_LOOP_BODY {
    const int32_t face = params.face_id[pixel];
    if (mesh.watch.IsEmpty(face)) {
      return ChannelLanes<T, 3>::Zero().template Store<reach>(params.grad_barycentrics + pixel * 3);
    }
    const Corners corners = mesh.CornersOf(face);
    BarycentricsGradOfPixel<kChannels, reach>(params, mesh, pixel, corners);
    AttributesGradOfPixel<kChannels, reach>(params, mesh, pixel, corners, sums);
  };
  const auto grad_of_run = [&](int32_t face, int64_t run, int64_t run_end) {
    if (mesh.watch.IsEmpty(face)) {
      std::fill_n(params.grad_barycentrics + run * 3, (run_end - run) * 3, T(0));
      return;
    }
    for (; run < run_end; ++run) grad_of_pixel(ReachConstant<Reach::kRegister>(), run);
  };
  ForEachRunOrPixel(params.face_id, begin, end, grad_of_run, grad_of_pixel);
}

// Bands of rows whose vertex sums are formed apart, in parallel, and then added in their order. The
// number depends on shapes alone, never on threads, so that every sum is always formed alike. (The
// usual deal, where each thread scans all pixels for the vertices it owns, does not pay: to find
// out whose a pixel's corners are costs as much as to add to them.)
int64_t NumBands(const ImageShape& image, int64_t num_vertices) {
  constexpr int64_t kMaxBands = 16;
  // Keeps the work of clearing and adding the sums of a band small beside that of its pixels.
  constexpr int64_t kPixelsPerVertexAndBand = 3;
  const int64_t affordable = image.pixels() / (kPixelsPerVertexAndBand * (num_vertices + 1));
  return std::clamp<int64_t>(affordable, 1,
                             std::min<int64_t>(kMaxBands, std::max(1, image.height)));
}

// sums[band, V, SumStride] of image b, each band from its own rows; fills grad_barycentrics.
template <int kChannels, typename T>
void GradOfBands(const InterpolateGradParams<T>& params, int64_t b, int64_t num_bands, T* sums,
                 const ParallelFor& parallel_for) {
  const int64_t size = params.num_vertices * SumStride<T, kChannels>(params.num_channels);
  const int64_t first_row = b * params.image.height;
  parallel_for.Run(num_bands, 1, [&](int64_t band, int64_t band_end) {
    for (; band < band_end; ++band) {
      std::fill_n(sums + band * size, size, T(0));
      const int64_t begin =
          (first_row + params.image.height * band / num_bands) * params.image.width;
      const int64_t end =
          (first_row + params.image.height * (band + 1) / num_bands) * params.image.width;
      if (begin < end) GradOfSpan<kChannels>(params, b, begin, end, sums + band * size);
    }
  });
}

// grad_attributes of one image: the bands' sums, added in the order of the bands.
template <int kChannels, typename T>
void AddBands(const InterpolateGradParams<T>& params, const T* sums, int64_t num_bands,
              T* grad_attributes, const ParallelFor& parallel_for) {
  constexpr int64_t kVerticesPerTask = 1 << 14;
  const int64_t stride = SumStride<T, kChannels>(params.num_channels);
  parallel_for.Run(params.num_vertices, kVerticesPerTask, [&](int64_t vertex, int64_t end) {
    for (; vertex < end; ++vertex) {
      ForEachChannelGroup<kChannels>(params.num_channels, [&](auto n, int64_t channel) {
        using Group = ChannelLanes<T, n>;
        const T* from = sums + vertex * stride + channel;
        Group total = Group::template Load<Reach::kRegister>(from);
        for (int64_t band = 1; band < num_bands; ++band) {
          from += params.num_vertices * stride;
          total = total + Group::template Load<Reach::kRegister>(from);
        }
        total.template Store<Reach::kExact>(grad_attributes + vertex * params.num_channels +
                                            channel);
      });
    }
  });
}

template <int kChannels, typename T>
void GradOfImage(const InterpolateGradParams<T>& params, int64_t b,
                 const ParallelFor& parallel_for) {
  const int64_t num_bands = NumBands(params.image, params.num_vertices);
  const int64_t stride = SumStride<T, kChannels>(params.num_channels);
  T* grad_attributes = params.grad_attributes + b * params.num_vertices * params.num_channels;
  if (num_bands == 1 && stride == params.num_channels) {
    return GradOfBands<kChannels>(params, b, num_bands, grad_attributes, parallel_for);
  }
  const std::unique_ptr<T[]> sums(new T[num_bands * params.num_vertices * stride]);
  GradOfBands<kChannels>(params, b, num_bands, sums.get(), parallel_for);
  AddBands<kChannels>(params, sums.get(), num_bands, grad_attributes, parallel_for);
}

}  // namespace

template <typename T>
void InterpolateCpu(const InterpolateParams<T>& params, const ParallelFor& parallel_for) {
  DispatchChannelCount(params.num_channels, [&](auto channels) {
    ForEachSpan(params.image, parallel_for, [&](int64_t b, int64_t begin, int64_t end) {
      BlendSpan<channels>(params, b, begin, end);
    });
  });
}

template <typename T>
void InterpolateGradCpu(const InterpolateGradParams<T>& params, const ParallelFor& parallel_for) {
  DispatchChannelCount(params.num_channels, [&](auto channels) {
    ForEachImage(params.image.batch, parallel_for, [&](int64_t b, const ParallelFor& inner) {
      GradOfImage<channels>(params, b, inner);
    });
  });
}

template void InterpolateCpu(const InterpolateParams<float>&, const ParallelFor&);
template void InterpolateCpu(const InterpolateParams<double>&, const ParallelFor&);
template void InterpolateGradCpu(const InterpolateGradParams<float>&, const ParallelFor&);
template void InterpolateGradCpu(const InterpolateGradParams<double>&, const ParallelFor&);

}  // namespace mesh_renderer
