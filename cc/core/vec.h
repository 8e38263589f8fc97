// Small fixed-size vectors. Only what the kernels need: no operators beyond plain linear algebra.
#pragma once

#include "cc/core/portability.h"

namespace mesh_renderer {

template <typename F>
struct Vec2 {
  F x, y;
};

template <typename F>
struct Vec3 {
  F x, y, z;
};

template <typename F>
MR_HOST_DEVICE Vec3<F> operator+(const Vec3<F>& a, const Vec3<F>& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}

template <typename F>
MR_HOST_DEVICE Vec3<F> operator-(const Vec3<F>& a, const Vec3<F>& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}

template <typename F>
MR_HOST_DEVICE Vec3<F> operator*(F s, const Vec3<F>& a) {
  return {s * a.x, s * a.y, s * a.z};
}

template <typename F>
MR_HOST_DEVICE F Dot(const Vec3<F>& a, const Vec3<F>& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

template <typename F>
MR_HOST_DEVICE Vec3<F> Cross(const Vec3<F>& a, const Vec3<F>& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

}  // namespace mesh_renderer
