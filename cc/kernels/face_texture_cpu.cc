#include <algorithm>

#include "cc/kernels/channel_lanes.h"
#include "cc/kernels/face_texture.h"
#include "cc/kernels/face_texture_cubes.h"
#include "cc/kernels/pixel_spans.h"

namespace mesh_renderer {
namespace {

// Weighted sum of the eight texels of a lookup.
template <int kChannels, Reach kRead, Reach kWrite, typename T>
MR_HOST_DEVICE void BlendTexels(const TexelLookup<T>& lookup, const T* cube, int64_t num_channels,
                                T* output) {
  T weights[kTexelsPerLookup];
  TexelWeights(lookup, weights);
  ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
    using Group = ChannelLanes<T, n>;
    Group colour = Group::Zero();
    for (int texel = 0; texel < kTexelsPerLookup; ++texel) {
      const T* from = cube + TexelOffset(lookup, texel) * num_channels + channel;
      colour = colour + weights[texel] * Group::template Load<kRead>(from);
    }
    colour.template Store<kWrite>(output + channel);
  });
}

template <int kChannels, typename T>
void SampleSpan(const FaceTextureParams<T>& shared_params, int64_t b, int64_t begin, int64_t end) {
  const FaceTextureParams<T> params = shared_params;  // seen by nobody else: stays in registers
  const ImageCubes<T> cubes(params, b);
  const int64_t num_channels = KnownOr<kChannels>(params.num_channels);
  ForEachPixel(begin, end, [&](auto reach, int64_t pixel) {
    T* output = params.output + pixel * num_channels;
    const int32_t face = params.face_id[pixel];
    if (face < 0) return ClearChannels<kChannels, reach>(output, num_channels);
    const T* cube = params.textures + cubes.OfFace(face);
    const TexelLookup<T> lookup = LocateTexels(cubes.grid, params.barycentrics + pixel * 3);
    // Nothing may be read behind the last cube of the batch.
    if (face == cubes.last_face) {
      BlendTexels<kChannels, Reach::kExact, reach>(lookup, cube, num_channels, output);
    } else {
      BlendTexels<kChannels, Reach::kRegister, reach>(lookup, cube, num_channels, output);
    }
  });
}

// Adds weight * grad_output to the eight texels of every pixel whose face the worker owns. All
// channels of a texel are added one register at a time, exactly: the next texel may not be ours.
template <int kChannels, typename T>
void AddTexturesGradOfImage(const FaceTextureGradParams<T>& shared_params, int64_t b,
                            int64_t worker, int64_t num_workers) {
  const FaceTextureGradParams<T> params = shared_params;
  const ImageCubes<T> cubes(params, b);
  const int64_t num_channels = KnownOr<kChannels>(params.num_channels);
  const int64_t begin = b * params.image.pixels(), end = begin + params.image.pixels();
  for (int64_t pixel = begin; pixel < end; ++pixel) {
    const int32_t face = params.face_id[pixel];
    if (face < 0 || !OwnedBy(face, worker, num_workers)) continue;
    T* cube = params.grad_textures + cubes.OfFace(face);
    const TexelLookup<T> lookup = LocateTexels(cubes.grid, params.barycentrics + pixel * 3);
    T weights[kTexelsPerLookup];
    TexelWeights(lookup, weights);
    const T* grad_output = params.grad_output + pixel * num_channels;
    ForEachChannelGroup<kChannels>(num_channels, [&](auto n, int64_t channel) {
      using Group = ChannelLanes<T, n>;
      const Group grad = Group::template Load<Reach::kExact>(grad_output + channel);
      for (int texel = 0; texel < kTexelsPerLookup; ++texel) {
        T* sum = cube + TexelOffset(lookup, texel) * num_channels + channel;
        const Group total = Group::template Load<Reach::kExact>(sum) + weights[texel] * grad;
        total.template Store<Reach::kExact>(sum);
      }
    });
  }
}

template <int kChannels, typename T>
void BarycentricsGradOfSpan(const FaceTextureGradParams<T>& shared_params, int64_t b, int64_t begin,
                            int64_t end) {
  const FaceTextureGradParams<T> params = shared_params;
  const ImageCubes<T> cubes(params, b);
  const int64_t num_channels = KnownOr<kChannels>(params.num_channels);
  for (int64_t pixel = begin; pixel < end; ++pixel) {
    WriteBarycentricsGrad(params, cubes, num_channels, pixel);
  }
}

template <typename T>
void Clear(T* values, int64_t size, const ParallelFor& parallel_for) {
  constexpr int64_t kElementsPerTask = 1 << 16;
  parallel_for.Run(size, kElementsPerTask, [&](int64_t begin, int64_t end) {
    std::fill(values + begin, values + end, T(0));
  });
}

template <int kChannels, typename T>
void FillBarycentricsGrad(const FaceTextureGradParams<T>& params, const ParallelFor& parallel_for) {
  if (!params.barycentrics_gradient) {
    const int64_t pixels = params.image.batch * params.image.pixels();
    return Clear(params.grad_barycentrics, pixels * 3, parallel_for);
  }
  ForEachSpan(params.image, parallel_for, [&](int64_t b, int64_t begin, int64_t end) {
    BarycentricsGradOfSpan<kChannels>(params, b, begin, end);
  });
}

// Images that share their cubes add to them one after the other, in their order.
template <int kChannels, typename T>
void FillTexturesGrad(const FaceTextureGradParams<T>& params, const ParallelFor& parallel_for) {
  const int64_t cubes = (params.shared ? 1 : params.image.batch) * params.num_faces;
  const int64_t cube_size = params.side * params.side * params.side * params.num_channels;
  Clear(params.grad_textures, cubes * cube_size, parallel_for);
  const auto add_image = [&](int64_t b, const ParallelFor& inner) {
    ForEachWorker(inner, [&](int64_t worker, int64_t num_workers) {
      AddTexturesGradOfImage<kChannels>(params, b, worker, num_workers);
    });
  };
  if (!params.shared) return ForEachImage(params.image.batch, parallel_for, add_image);
  for (int64_t b = 0; b < params.image.batch; ++b) add_image(b, parallel_for);
}

}  // namespace

template <typename T>
void FaceTextureCpu(const FaceTextureParams<T>& params, const ParallelFor& parallel_for) {
  DispatchChannelCount(params.num_channels, [&](auto channels) {
    ForEachSpan(params.image, parallel_for, [&](int64_t b, int64_t begin, int64_t end) {
      SampleSpan<channels>(params, b, begin, end);
    });
  });
}

template <typename T>
void FaceTextureGradCpu(const FaceTextureGradParams<T>& params, const ParallelFor& parallel_for) {
  DispatchChannelCount(params.num_channels, [&](auto channels) {
    FillBarycentricsGrad<channels>(params, parallel_for);
    FillTexturesGrad<channels>(params, parallel_for);
  });
}

template void FaceTextureCpu(const FaceTextureParams<float>&, const ParallelFor&);
template void FaceTextureCpu(const FaceTextureParams<double>&, const ParallelFor&);
template void FaceTextureGradCpu(const FaceTextureGradParams<float>&, const ParallelFor&);
template void FaceTextureGradCpu(const FaceTextureGradParams<double>&, const ParallelFor&);

}  // namespace mesh_renderer
