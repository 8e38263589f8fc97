// What the N3MR sweep visits, listed on a Device: the faces that some pixel shows, and every place
// where one of their edges crosses a scanline.
#pragma once

#include "cc/core/n3mr.h"
#include "cc/kernels/device.h"
#include "cc/kernels/device_search.h"
#include "cc/kernels/n3mr_mesh.h"

namespace mesh_renderer {

// Edges of one face on one axis, and of both.
constexpr int kN3mrEdges = 3, kN3mrEdgesPerFace = 6;

// The faces that pixels show and that have vertices, by image and index.
struct N3mrVisibleFaces {
  const int64_t* faces;  // [count] image * F + face
  int64_t count;
};

template <typename Device>
N3mrVisibleFaces ListVisibleFaces(const N3mrGradParams<float>& params, Device& device) {
  const int64_t num_pixels = params.image_shape.pixels(), num_faces = params.faces.num_faces;
  const int64_t total = params.image_shape.batch * num_faces;
  uint32_t* visible = device.template Scratch<uint32_t>(total);
  device.Fill(visible, total, uint32_t{0});
  device.For(params.image_shape.batch * num_pixels, [=] MR_DEVICE(int64_t pixel) {
    const int32_t face = params.face_id[pixel];
    if (face < 0 || face >= num_faces) return;
    RaiseTo(&visible[pixel / num_pixels * num_faces + face], uint32_t{1});
  });
  int64_t* place = device.template Scratch<int64_t>(total + 1);
  device.For(total + 1, [=] MR_DEVICE(int64_t i) {
    place[i] = i < total && visible[i] != 0 &&
               N3mrMesh<float>(params, i / num_faces).HasVertices(i % num_faces);
  });
  device.ExclusiveSum(place, total + 1);
  const int64_t count = device.Read(place + total);
  int64_t* faces = device.template Scratch<int64_t>(count);
  device.For(total, [=] MR_DEVICE(int64_t i) {
    if (place[i + 1] > place[i]) faces[place[i]] = i;
  });
  return {faces, count};
}

// One edge of a visible face as one axis sees it.
struct N3mrSweptEdge {
  int64_t image;
  int32_t face;
  N3mrAxis axis;
  bool usable;  // else it crosses nothing and `edge` is left empty
  N3mrEdge<float> edge;
  int count, length;  // scanlines of the image, and pixels of each

  MR_HOST_DEVICE N3mrRange Scanlines() const {
    return usable ? N3mrScanlines(edge, count) : N3mrRange{0, -1};
  }
};

// Edge `index` of all: six of each visible face, first those of the columns.
MR_HOST_DEVICE N3mrSweptEdge SweptEdgeAt(const N3mrGradParams<float>& params,
                                         const N3mrVisibleFaces& visible, int64_t index) {
  const int64_t place = visible.faces[index / kN3mrEdgesPerFace];
  const int64_t image = place / params.faces.num_faces;
  const int32_t face = static_cast<int32_t>(place % params.faces.num_faces);
  const bool columns = index / kN3mrEdges % 2 == 0;
  const int a = static_cast<int>(index % kN3mrEdges), b = (a + 1) % kN3mrEdges;
  const int height = params.image_shape.height, width = params.image_shape.width;
  N3mrSweptEdge swept = {image,
                         face,
                         columns ? N3mrAxis::kColumns : N3mrAxis::kRows,
                         false,
                         {},
                         columns ? width : height,
                         columns ? height : width};
  N3mrVertex<float> vertices[3];
  N3mrMesh<float>(params, image).ProjectFace(face, vertices);
  swept.usable = vertices[a].usable && vertices[b].usable;
  if (swept.usable) {
    swept.edge = N3mrMakeEdge(swept.axis, N3mrMakeFace(swept.axis, vertices), a);
  }
  return swept;
}

// The crossings of all edges with scanlines, edge by edge.
struct N3mrCrossings {
  N3mrVisibleFaces visible;
  const int64_t* begin;  // [visible.count * kN3mrEdgesPerFace + 1] first crossing of an edge
  int64_t count;         // of all

  // The edge that crossing i belongs to.
  MR_HOST_DEVICE int64_t EdgeOf(int64_t i) const {
    return ListOf(begin, visible.count * kN3mrEdgesPerFace, i);
  }
};

template <typename Device>
N3mrCrossings ListCrossings(const N3mrGradParams<float>& params, Device& device) {
  const N3mrVisibleFaces visible = ListVisibleFaces(params, device);
  const int64_t num_edges = visible.count * kN3mrEdgesPerFace;
  int64_t* begin = device.template Scratch<int64_t>(num_edges + 1);
  device.For(num_edges + 1, [=] MR_DEVICE(int64_t i) {
    begin[i] = 0;
    if (i == num_edges) return;
    const N3mrRange steps = SweptEdgeAt(params, visible, i).Scanlines();
    if (steps.first <= steps.last) begin[i] = steps.last - steps.first + 1;
  });
  device.ExclusiveSum(begin, num_edges + 1);
  return {visible, begin, device.Read(begin + num_edges)};
}

}  // namespace mesh_renderer
