// The faces and vertices of one image as the loops of the N3MR sweep on all devices see them.
#pragma once

#include "cc/core/n3mr.h"
#include "cc/kernels/n3mr.h"

namespace mesh_renderer {

template <typename T>
struct N3mrMesh {
  static constexpr int kClipSize = 4;  // x, y, z, w

  ImageShape shape;
  int64_t num_vertices;
  const int32_t* faces;  // [F, 3]
  const T* vertices;     // [V, 4]
  T* grad_vertices;      // [V, 4]

  MR_HOST_DEVICE N3mrMesh(const N3mrGradParams<T>& params, int64_t image)
      : shape(params.image_shape),
        num_vertices(params.num_vertices),
        faces(params.faces.OfImage(image)),
        vertices(params.vertices_clip + image * num_vertices * kClipSize),
        grad_vertices(params.grad_vertices_clip + image * num_vertices * kClipSize) {}

  MR_HOST_DEVICE const int32_t* Corners(int64_t face) const { return faces + face * 3; }

  // False for padding and for indices that point nowhere.
  MR_HOST_DEVICE bool HasVertices(int64_t face) const {
    const int32_t* corner = Corners(face);
    bool all = true;
    for (int k = 0; k < 3; ++k) all = all && corner[k] >= 0 && corner[k] < num_vertices;
    return all;
  }

  MR_HOST_DEVICE Vec3<T> HomogeneousPoint(int64_t vertex) const {
    const T* clip = vertices + vertex * kClipSize;
    return {clip[0], clip[1], clip[3]};
  }

  // Returns whether the vertices come in reverse order: corner k is then vertex 2 - k.
  MR_HOST_DEVICE bool ProjectFace(int64_t face, N3mrVertex<T>* projected) const {
    const int32_t* corner = Corners(face);
    Vec3<T> points[3];
    for (int k = 0; k < 3; ++k) points[k] = HomogeneousPoint(corner[k]);
    return N3mrProjectFace(points, shape.height, shape.width, projected);
  }

  MR_HOST_DEVICE void WriteGradient(int64_t vertex, const Vec2<T>& grad_ndc) const {
    const Vec3<T> grad = NdcBackward(HomogeneousPoint(vertex), grad_ndc);
    T* to = grad_vertices + vertex * kClipSize;
    to[0] = grad.x;
    to[1] = grad.y;
    to[2] = T(0);
    to[3] = grad.z;
  }
};

}  // namespace mesh_renderer
