// Gradient of Rasterize on a Device: pixels -> moments of their face -> gradients of its vertices.
#pragma once

#include "cc/core/triangle.h"
#include "cc/kernels/device_pair_sums.h"
#include "cc/kernels/device_sums.h"
#include "cc/kernels/device_visible_faces.h"
#include "cc/kernels/rasterize.h"

namespace mesh_renderer {

// Sums per face: [corner][row of inverse(Q)], then the gradient to z of each corner, which is only
// there if depth comes from z.
constexpr int kMoments = 9;

// Nine moments of the pixels of a pair, and three gradients to z.
struct PairMoments {
  float moment[3][3];
  float grad_z[3];

  MR_HOST_DEVICE void Add(const float* b, const BarycentricResponse<float>& pixel) {
    for (int k = 0; k < 3; ++k) {
      for (int j = 0; j < 3; ++j) moment[k][j] += b[k] * pixel.response[j];
      grad_z[k] += pixel.grad_z_over_b * b[k];
    }
  }
};

// What the pixels of a face need to know of it.
struct CornerDepths {
  float z[3], w[3];
  float depth_per_ndc;
  bool from_w;

  MR_HOST_DEVICE CornerDepths(const RasterizeGradParams<float>& params, int64_t b, int64_t face)
      : depth_per_ndc(static_cast<float>((params.settings.far - params.settings.near) * 0.5)),
        from_w(params.settings.depth_from == DepthFrom::kW) {
    const int32_t* corner = params.faces.OfImage(b) + face * 3;
    for (int k = 0; k < 3; ++k) {
      const float* q = params.vertices_clip + (b * params.num_vertices + corner[k]) * 4;
      z[k] = q[2];
      w[k] = q[3];
    }
  }

  MR_HOST_DEVICE BarycentricResponse<float> Response(const float* b, const float* grad_b,
                                                     float grad_depth) const {
    if (!from_w) return DepthFromZBackward(b, grad_b, grad_depth * depth_per_ndc, z, w);
    const float depth = b[0] * w[0] + b[1] * w[1] + b[2] * w[2];
    return DepthFromWBackward(b, grad_b, grad_depth, depth);
  }
};

// [9 or 12][pairs] the moments of each face, in its first pair.
template <typename Device>
const float* SumMoments(const RasterizeGradParams<float>& params, const FacePairs& pairs,
                        Device& device) {
  const int num_sums = params.settings.depth_from == DepthFrom::kW ? kMoments : kMoments + 3;
  float* sums = device.template Scratch<float>(num_sums * pairs.count);
  device.For(pairs.count, [=] MR_DEVICE(int64_t i) {
    const FacePair pair = PairAt(pairs, i);
    const PixelBox part = PartInBin(pairs, pair);
    const int64_t b = pair.box / pairs.num_faces, face = pair.box % pairs.num_faces;
    const CornerDepths depth(params, b, face);
    PairMoments moments = {};
    for (int row = part.row_begin; row < part.row_end; ++row) {
      const int64_t row_begin = (b * params.image.height + row) * params.image.width;
      for (int column = part.column_begin; column < part.column_end; ++column) {
        const int64_t pixel = row_begin + column;
        if (params.face_id[pixel] != face) continue;
        const float* bary = params.barycentrics + pixel * 3;
        moments.Add(bary, depth.Response(bary, params.grad_barycentrics + pixel * 3,
                                         params.grad_depth[pixel]));
      }
    }
    for (int j = 0; j < kMoments; ++j) sums[j * pairs.count + i] = moments.moment[j / 3][j % 3];
    if (depth.from_w) return;
    for (int k = 0; k < 3; ++k) sums[(kMoments + k) * pairs.count + i] = moments.grad_z[k];
  });
  AddPairsOfFaces(pairs, num_sums, sums, device);
  return sums;
}

// Gradient to (x, y, z, w) of one corner.
struct alignas(16) CornerGradients {
  float to[4];
};

// [B, F, 3] gradients to the corners of visible faces. An overflow is clamped here if it has not
// come to infinity; `suspicious[b]` becomes 1 if one has.
template <typename Device>
CornerGradients* ToCornerGradients(const RasterizeGradParams<float>& params, const FacePairs& pairs,
                                   const float* sums, int32_t* suspicious, Device& device) {
  const int64_t num_boxes = params.image.batch * pairs.num_faces;
  const bool from_z = params.settings.depth_from == DepthFrom::kZ;
  CornerGradients* gradients = device.template Scratch<CornerGradients>(3 * num_boxes);
  device.For(num_boxes, [=] MR_DEVICE(int64_t i) {
    const int64_t first = pairs.begin[i];
    if (first == pairs.begin[i + 1]) return;
    const int64_t b = i / pairs.num_faces;
    const int32_t* corner = params.faces.OfImage(b) + i % pairs.num_faces * 3;
    Vec3<double> q[3];
    for (int k = 0; k < 3; ++k) {
      const float* vertex = params.vertices_clip + (b * params.num_vertices + corner[k]) * 4;
      q[k] = {vertex[0], vertex[1], vertex[3]};
    }
    const TriangleEdges<double> edges = ComputeTriangleEdges(q[0], q[1], q[2]);
    for (int k = 0; k < 3; ++k) {
      const float* moment = sums + k * 3 * pairs.count + first;
      const Vec3<double> grad =
          CornerGradient<double>(edges, moment[0], moment[pairs.count], moment[2 * pairs.count]);
      const float grad_z = from_z ? sums[(kMoments + k) * pairs.count + first] : 0.0f;
      const double to[4] = {grad.x, grad.y, grad_z, grad.z};
      for (int c = 0; c < 4; ++c) {
        const bool finite = std::isfinite(to[c]);
        gradients[3 * i + k].to[c] =
            finite ? ClampToFinite<float>(to[c]) : static_cast<float>(to[c]);
        if (!finite) RaiseTo(&suspicious[b], 1);
      }
    }
  });
  return gradients;
}

// [B] 1 for the suspicious images whose upstream gradients are not all finite, else 0.
template <typename Device>
const int32_t* FindNonFiniteUpstream(const RasterizeGradParams<float>& params,
                                     const int32_t* suspicious, Device& device) {
  const ImageShape image = params.image;
  const int64_t pixels = image.pixels();
  int32_t* found = device.template Scratch<int32_t>(image.batch);
  device.Fill(found, image.batch, int32_t{0});
  device.For(image.batch * pixels, [=] MR_DEVICE(int64_t i) {
    const int64_t b = i / pixels;
    if (suspicious[b] == 0) return;
    const float* grad_b = params.grad_barycentrics + i * 3;
    const float zeros =
        params.grad_depth[i] * 0.0f + grad_b[0] * 0.0f + grad_b[1] * 0.0f + grad_b[2] * 0.0f;
    if (!(zeros == 0.0f)) RaiseTo(&found[b], 1);
  });
  return found;
}

// Hands the gradients of the corners of one face to its vertices.
struct CornersToVertices {
  RasterizeGradParams<float> params;
  const int64_t* begin;
  const CornerGradients* gradients;
  const int32_t* upstream_is_bad;

  template <typename Add>
  MR_DEVICE void operator()(int64_t i, const Add& add) const {
    const int64_t box = i / 3, num_faces = params.faces.num_faces;
    if (begin[box] == begin[box + 1]) return;
    const int64_t b = box / num_faces;
    const int32_t vertex = params.faces.OfImage(b)[box % num_faces * 3 + i % 3];
    const CornerGradients grad = gradients[i];
    const bool pass = upstream_is_bad[b] != 0;
    for (int c = 0; c < 4; ++c) {
      add((b * params.num_vertices + vertex) * 4 + c,
          pass ? grad.to[c] : ClampToFinite<float>(grad.to[c]));
    }
  }
};

template <typename Device>
void RasterizeGradOnDevice(const RasterizeGradParams<float>& params, Device& device) {
  const int64_t batch = params.image.batch, num_faces = params.faces.num_faces;
  const PixelBox* boxes = BoxVisibleFaces(params.image, num_faces, params.face_id, device);
  const FacePairs pairs = PairFacesWithBins(device, params.image, num_faces, boxes);
  const float* sums = SumMoments(params, pairs, device);
  int32_t* suspicious = device.template Scratch<int32_t>(batch);
  device.Fill(suspicious, batch, int32_t{0});
  const CornerGradients* gradients = ToCornerGradients(params, pairs, sums, suspicious, device);
  const int32_t* bad = FindNonFiniteUpstream(params, suspicious, device);
  ScatterSums(device, 3 * batch * num_faces, 3 * num_faces,
              CornersToVertices{params, pairs.begin, gradients, bad},
              4 * batch * params.num_vertices, params.grad_vertices_clip);
}

}  // namespace mesh_renderer
