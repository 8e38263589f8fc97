// Bilinear lookup in a picture by texture coordinates: wrap modes, texels and weights.
//
// Coordinates are OpenGL's and OBJ's: (u, v) = (0, 0) is the bottom left corner of the picture and
// (1, 1) the top right one, so u counts columns and v counts rows from the bottom. Of `size` texels
// along an axis, texel i has its centre at (i + 1/2) / size. Each forward function is followed by
// its derivative. Source: OpenGL 4.6 core profile, section 8.14.
#pragma once

#include "cc/core/portability.h"
#include "cc/core/vec.h"

namespace mesh_renderer {

// What continues the picture outside [0, 1].
enum class TextureWrap { kRepeat, kClamp, kMirror };

// Texels that take part in one bilinear lookup: bottom left, bottom right, top left, top right.
constexpr int kTexelsPerBlend = 4;

// Largest integer not above x, for magnitudes that int holds. No library call, so that loops
// vectorize on every target.
template <typename F>
MR_HOST_DEVICE int FloorToInt(F x) {
  const int truncated = static_cast<int>(x);
  return truncated - (x < F(truncated) ? 1 : 0);
}

template <typename F>
MR_HOST_DEVICE F ClampTo(F low, F high, F x) {
  const F above = x > low ? x : low;
  return above < high ? above : high;
}

// Brings the coordinate to where FloorToInt works. All floats beyond the bound are even integers,
// so that nothing is lost; doubles farther out than 2^30 pictures are read as if there.
template <typename F>
MR_HOST_DEVICE F BoundCoordinate(F coordinate) {
  constexpr F kBound = F(sizeof(F) == sizeof(float) ? 1 << 24 : 1 << 30);
  return ClampTo(-kBound, kBound, coordinate);
}

// The place in the picture, in [0, 1], of a bounded coordinate.
template <TextureWrap kWrap, typename F>
MR_HOST_DEVICE F FoldCoordinate(F coordinate) {
  if constexpr (kWrap == TextureWrap::kClamp) return ClampTo(F(0), F(1), coordinate);
  if constexpr (kWrap == TextureWrap::kRepeat) return coordinate - F(FloorToInt(coordinate));
  const F distance = std::abs(coordinate);
  const int whole = static_cast<int>(distance);
  return std::abs(F(whole & 1) - (distance - F(whole)));  // 1 - part where the picture is mirrored
}

// Mirrored pictures turn the sign. The clamp stops the gradient outside [0, 1]; both ends still
// belong to the inside.
template <TextureWrap kWrap, typename F>
MR_HOST_DEVICE F FoldCoordinateBackward(F coordinate, F grad_folded) {
  if constexpr (kWrap == TextureWrap::kRepeat) return grad_folded;
  if constexpr (kWrap == TextureWrap::kClamp) {
    return coordinate >= F(0) && coordinate <= F(1) ? grad_folded : F(0);
  }
  const int whole = static_cast<int>(coordinate);  // odd where the picture is mirrored, for u >= 0
  const bool turned = ((whole & 1) != 0) != (coordinate < F(0));
  return turned ? -grad_folded : grad_folded;
}

// Neighbouring texels along one axis around a place, and how far above the centre of the lower one
// the place lies: in [0, 1], in texels.
template <typename F>
struct TexelPair {
  int low;
  int high;
  F fraction;
};

// A mirrored picture meets itself at its border, so its border texel has itself as neighbour, just
// as with kClamp.
template <TextureWrap kWrap, typename F>
MR_HOST_DEVICE TexelPair<F> LocateTexelPair(F folded, int size) {
  const F position = folded * F(size) - F(0.5);
  const int low = FloorToInt(position);
  const int high = low + 1;
  const F fraction = position - F(low);
  const int last = size - 1;
  constexpr bool kRepeats = kWrap == TextureWrap::kRepeat;
  return {low < 0 ? (kRepeats ? last : 0) : low, high > last ? (kRepeats ? 0 : last) : high,
          fraction};
}

// d fraction / d folded, between texel centres.
template <typename F>
MR_HOST_DEVICE F LocateTexelPairBackward(int size, F grad_fraction) {
  return grad_fraction * F(size);
}

// The texel that a place lies in, as a pair whose second texel weighs nothing.
template <typename F>
MR_HOST_DEVICE TexelPair<F> LocateNearestTexel(F folded, int size) {
  const int texel = static_cast<int>(folded * F(size));
  const int inside = texel < size - 1 ? texel : size - 1;  // folded may be 1
  return {inside, inside, F(0)};
}

// The texels along one axis at a bounded coordinate; `nearest` asks for the one that it lies in.
template <TextureWrap kWrap, typename F>
MR_HOST_DEVICE TexelPair<F> LocateAlongAxis(bool nearest, F coordinate, int size) {
  const F folded = FoldCoordinate<kWrap>(coordinate);
  return nearest ? LocateNearestTexel(folded, size) : LocateTexelPair<kWrap>(folded, size);
}

// The same with the wrap mode known at run time only: where all threads take the same branch,
// branches are cheaper than a kernel for each mode.
template <typename F>
MR_HOST_DEVICE TexelPair<F> LocateAlongAxis(TextureWrap wrap, bool nearest, F coordinate,
                                            int size) {
  if (wrap == TextureWrap::kRepeat) {
    return LocateAlongAxis<TextureWrap::kRepeat>(nearest, coordinate, size);
  }
  if (wrap == TextureWrap::kClamp) {
    return LocateAlongAxis<TextureWrap::kClamp>(nearest, coordinate, size);
  }
  return LocateAlongAxis<TextureWrap::kMirror>(nearest, coordinate, size);
}

template <typename F>
MR_HOST_DEVICE F FoldCoordinateBackward(TextureWrap wrap, F coordinate, F grad_folded) {
  if (wrap == TextureWrap::kRepeat) {
    return FoldCoordinateBackward<TextureWrap::kRepeat>(coordinate, grad_folded);
  }
  if (wrap == TextureWrap::kClamp) {
    return FoldCoordinateBackward<TextureWrap::kClamp>(coordinate, grad_folded);
  }
  return FoldCoordinateBackward<TextureWrap::kMirror>(coordinate, grad_folded);
}

// `x` and `y` are the fractions along u and v. The weights sum to 1.
template <typename F>
MR_HOST_DEVICE void BlendWeights(F x, F y, F* weights) {
  weights[0] = (F(1) - x) * (F(1) - y);
  weights[1] = x * (F(1) - y);
  weights[2] = (F(1) - x) * y;
  weights[3] = x * y;
}

// Derivatives of the blend of four texels by x and y. V is F, or several channels in a register.
template <typename F, typename V>
MR_HOST_DEVICE Vec2<V> BlendBackward(F x, F y, const V* texels) {
  const V across = texels[1] - texels[0];
  const V up = texels[2] - texels[0];
  const V twist = (texels[3] - texels[2]) - across;
  return {across + y * twist, up + x * twist};
}

}  // namespace mesh_renderer
