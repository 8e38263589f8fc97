// N3MR's gradient on a Device: one item per crossing of an edge and a scanline, which sweeps along
// the scanline. What it finds for the two ends of the edge is kept and added up face by face.
#pragma once

#include "cc/kernels/device_sums.h"
#include "cc/kernels/n3mr_crossings_device.h"

namespace mesh_renderer {

// First and last pixel with an upstream gradient of all scanlines: [B, width + height], those of an
// image beginning with its columns.
template <typename Device>
const N3mrRange* FindActiveRanges(const N3mrGradParams<float>& params, Device& device) {
  const ImageShape shape = params.image_shape;
  const int lines_per_image = shape.width + shape.height;
  const int64_t num_lines = shape.batch * lines_per_image;
  N3mrRange* active = device.template Scratch<N3mrRange>(num_lines);
  device.Fill(active, num_lines, N3mrRange{lines_per_image, -1});
  device.For(shape.batch * shape.pixels(), [=] MR_DEVICE(int64_t pixel) {
    const float* grad = params.grad_image + pixel * params.num_channels;
    int64_t c = 0;
    while (c < params.num_channels && grad[c] == 0) ++c;
    if (c == params.num_channels) return;
    const int column = static_cast<int>(pixel % shape.width);
    const int row = FlipRow(static_cast<int>(pixel / shape.width % shape.height), shape.height);
    N3mrRange* of_image = active + pixel / shape.pixels() * lines_per_image;
    LowerTo(&of_image[column].first, row);
    RaiseTo(&of_image[column].last, row);
    LowerTo(&of_image[shape.width + row].first, column);
    RaiseTo(&of_image[shape.width + row].last, column);
  });
  return active;
}

// The pixels of one scanline: pixel `at` is first + at * stride, counted from the start of the
// batch.
struct N3mrScanline {
  int64_t first, stride;

  MR_HOST_DEVICE N3mrScanline(const ImageShape& shape, const N3mrSweptEdge& edge, int step) {
    const bool columns = edge.axis == N3mrAxis::kColumns;
    const int row = FlipRow(columns ? 0 : step, shape.height);
    first = (edge.image * shape.height + row) * shape.width + (columns ? step : 0);
    stride = columns ? -shape.width : 1;
  }
  MR_HOST_DEVICE int64_t operator[](int at) const { return first + at * stride; }
};

// Sweeps one crossing. Threads of neighbouring crossings walk side by side: from the border of the
// image, where the sweeps of parallel scanlines meet, towards their edge.
template <int kChannels>
struct N3mrCrossingSweep {
  const N3mrGradParams<float>& params;
  const N3mrSweptEdge& edge;
  const N3mrScanline line;
  const N3mrCrossing<float> crossing;
  const N3mrLevers<float> levers;
  Vec2<float> sums;  // gradients across to the two ends of the edge

  MR_HOST_DEVICE int64_t channels() const {
    return kChannels > 0 ? kChannels : params.num_channels;
  }

  MR_HOST_DEVICE bool ShowsFace(int64_t pixel) const { return params.face_id[pixel] == edge.face; }

  // By how much the loss falls if a pixel takes the colour of `reference`: equation 5 without the
  // sign.
  MR_HOST_DEVICE float Saved(int64_t pixel, int64_t reference) const {
    const float* image = params.image + pixel * channels();
    const float* colour = params.image + reference * channels();
    const float* grad = params.grad_image + pixel * channels();
    float saved = 0;
    for (int64_t c = 0; c < channels(); ++c) saved += (image[c] - colour[c]) * grad[c];
    return saved;
  }

  template <bool kInside>
  MR_HOST_DEVICE void AddPixel(int at, int64_t reference) {
    const int64_t pixel = line[at];
    if (kInside && !ShowsFace(pixel)) return;
    const float saved = Saved(pixel, reference);
    if (saved <= 0) return;  // a gradient of NaN counts and reaches the vertices
    const float distance = static_cast<float>(at) - crossing.at;
    const float eps = static_cast<float>(params.eps);
    if (levers.a != 0) sums.x -= saved / N3mrDisplacement(levers.a, distance, eps);
    if (levers.b != 0) sums.y -= saved / N3mrDisplacement(levers.b, distance, eps);
  }

  // One loop for both directions, so that threads of different ones run side by side too.
  template <bool kInside>
  MR_HOST_DEVICE void AddPixels(const N3mrRange& pixels, int64_t reference) {
    const bool down = (edge.edge.outward > 0) != kInside;
    const int step = down ? -1 : 1;
    int at = down ? pixels.last : pixels.first;
    for (int left = pixels.last - pixels.first; left >= 0; --left, at += step) {
      AddPixel<kInside>(at, reference);
    }
  }

  MR_HOST_DEVICE void Run(int step, const N3mrRange& active) {
    if (ShowsFace(line[crossing.inside])) {
      const N3mrRange outside = N3mrOutsideRange(edge.edge, crossing, edge.length);
      AddPixels<false>(N3mrIntersection(outside, active), line[crossing.inside]);
    }
    const N3mrRange inside = N3mrInsideRange(edge.edge, crossing, step, edge.length);
    AddPixels<true>(N3mrIntersection(inside, active), line[crossing.outside]);
  }
};

template <int kChannels>
struct SweepCrossing {
  N3mrGradParams<float> params;
  N3mrCrossings crossings;
  const N3mrRange* active;
  Vec2<float>* sums;  // [crossings.count]

  MR_DEVICE void operator()(int64_t i) const {
    sums[i] = {0, 0};
    const int64_t index = crossings.EdgeOf(i);
    const N3mrSweptEdge edge = SweptEdgeAt(params, crossings.visible, index);
    const int step = edge.Scanlines().first + static_cast<int>(i - crossings.begin[index]);
    const ImageShape& shape = params.image_shape;
    const N3mrRange* of_axis = active + edge.image * (shape.width + shape.height) +
                               (edge.axis == N3mrAxis::kColumns ? 0 : shape.width);
    const N3mrCrossing<float> crossing = N3mrCross(edge.edge, step, edge.length);
    if (of_axis[step].first > of_axis[step].last || !crossing.on_image) return;
    const float ndc_per_pixel = 2.0f / static_cast<float>(edge.length);
    N3mrCrossingSweep<kChannels> sweep = {params,
                                          edge,
                                          N3mrScanline(shape, edge, step),
                                          crossing,
                                          N3mrMakeLevers(edge.edge, step, ndc_per_pixel),
                                          {0, 0}};
    sweep.Run(step, of_axis[step]);
    sums[i] = sweep.sums;
  }
};

// Gradients to the ends of the edges at all crossings.
template <typename Device>
const Vec2<float>* SweepCrossings(const N3mrGradParams<float>& params,
                                  const N3mrCrossings& crossings, Device& device) {
  const N3mrRange* active = FindActiveRanges(params, device);
  Vec2<float>* sums = device.template Scratch<Vec2<float>>(crossings.count);
  switch (params.num_channels) {
    case 1:
      device.For(crossings.count, SweepCrossing<1>{params, crossings, active, sums});
      break;
    case 3:
      device.For(crossings.count, SweepCrossing<3>{params, crossings, active, sums});
      break;
    case 4:
      device.For(crossings.count, SweepCrossing<4>{params, crossings, active, sums});
      break;
    default:
      device.For(crossings.count, SweepCrossing<0>{params, crossings, active, sums});
  }
  return sums;
}

// Sums of the corners of the visible faces: [visible.count, 3] gradients to (x_ndc, y_ndc).
template <typename Device>
const Vec2<float>* SumToCorners(const N3mrGradParams<float>& params, const N3mrCrossings& crossings,
                                const Vec2<float>* sums, Device& device) {
  const int64_t count = crossings.visible.count;
  Vec2<float>* corners = device.template Scratch<Vec2<float>>(count * 3);
  device.For(count * 2, [=] MR_DEVICE(int64_t i) {
    const int64_t face = crossings.visible.faces[i / 2], num_faces = params.faces.num_faces;
    float grad[3] = {0, 0, 0};
    for (int a = 0; a < kN3mrEdges; ++a) {
      const int64_t* begin = crossings.begin + i * kN3mrEdges + a;
      for (int64_t at = begin[0]; at < begin[1]; ++at) {
        grad[a] += sums[at].x;
        grad[(a + 1) % 3] += sums[at].y;
      }
    }
    N3mrVertex<float> vertices[3];
    const bool reversed =
        N3mrMesh<float>(params, face / num_faces).ProjectFace(face % num_faces, vertices);
    for (int k = 0; k < 3; ++k) {
      Vec2<float>& to = corners[i / 2 * 3 + (reversed ? 2 - k : k)];
      (i % 2 == 0 ? to.y : to.x) = grad[k];
    }
  });
  return corners;
}

// The gradients of a corner, item i, to its vertex.
struct AddCornersToVertices {
  N3mrGradParams<float> params;
  N3mrVisibleFaces visible;
  const Vec2<float>* corners;

  template <typename Add>
  MR_HOST_DEVICE void operator()(int64_t i, const Add& add) const {
    const int64_t face = visible.faces[i / 3], num_faces = params.faces.num_faces;
    const int64_t image = face / num_faces;
    const int32_t* corner = N3mrMesh<float>(params, image).Corners(face % num_faces);
    const int64_t vertex = image * params.num_vertices + corner[i % 3];
    add(vertex * 2, corners[i].x);
    add(vertex * 2 + 1, corners[i].y);
  }
};

template <typename Device>
void N3mrGradOnDevice(const N3mrGradParams<float>& params, Device& device) {
  const N3mrCrossings crossings = ListCrossings(params, device);
  const Vec2<float>* sums = SweepCrossings(params, crossings, device);
  const Vec2<float>* corners = SumToCorners(params, crossings, sums, device);
  const int64_t num_vertices = params.image_shape.batch * params.num_vertices;
  float* grad_ndc = device.template Scratch<float>(num_vertices * 2);
  ScatterSums(device, crossings.visible.count * 3, params.faces.num_faces * 3,
              AddCornersToVertices{params, crossings.visible, corners}, num_vertices * 2, grad_ndc);
  device.For(num_vertices, [=] MR_DEVICE(int64_t i) {
    const N3mrMesh<float> mesh(params, i / params.num_vertices);
    mesh.WriteGradient(i % params.num_vertices, {grad_ndc[2 * i], grad_ndc[2 * i + 1]});
  });
}

}  // namespace mesh_renderer
