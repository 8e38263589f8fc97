// N3MR's texture lookup: a face owns a cube of side^3 texels that is read trilinearly.
//
// Axis k of the cube belongs to vertex k of the face; the position along it is the perspective-
// correct barycentric coordinate b_k times (side - 1). Each forward function is followed by its
// derivative. Source: Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 4.1.
#pragma once

#include "cc/core/portability.h"
#include "cc/core/vec.h"

namespace mesh_renderer {

// Texels that take part in one lookup. Texel n lies at low + (n bit 2, n bit 1, n bit 0).
constexpr int kTexelsPerLookup = 8;

// Positions that exist in a cube: [0, upper] along each axis.
template <typename F>
struct TexelGrid {
  int64_t side;
  F scale;  // side - 1, positions per unit of a barycentric coordinate
  F upper;
};

// One lookup: the texel at or below the position, and how far above it the position lies.
template <typename F>
struct TexelLookup {
  int64_t offset;     // of texel 0, in texels from the start of the cube
  int64_t stride[3];  // from texel 0 to its neighbour above; 0 where that would leave the cube
  F fraction[3];      // in [0, 1)
};

// `eps` keeps positions below the last texel, so that all eight texels exist. An eps of side - 1 or
// more leaves position 0 only; that includes side 1. A negative eps counts as 0.
template <typename F>
MR_HOST_DEVICE TexelGrid<F> MakeTexelGrid(int64_t side, double eps) {
  const F scale = F(side - 1);
  F upper = scale - F(eps);
  upper = upper > F(0) ? upper : F(0);
  return {side, scale, upper < scale ? upper : scale};
}

// q = clamp(b * (side - 1), 0, side - 1 - eps). A position that is not a number becomes 0.
template <typename F>
MR_HOST_DEVICE F TexelPosition(const TexelGrid<F>& grid, F barycentric) {
  F position = barycentric * grid.scale;
  position = position > F(0) ? position : F(0);
  return position < grid.upper ? position : grid.upper;
}

// The clamp stops the gradient outside [0, upper]; both ends still belong to the inside.
template <typename F>
MR_HOST_DEVICE F TexelPositionBackward(const TexelGrid<F>& grid, F barycentric, F grad_position) {
  const F position = barycentric * grid.scale;
  const bool inside = position >= F(0) && position <= grid.upper;
  return inside ? grad_position * grid.scale : F(0);
}

// Splits the three positions into whole texels and fractions; d fraction / d position is 1.
template <typename F>
MR_HOST_DEVICE TexelLookup<F> LocateTexels(const TexelGrid<F>& grid, const F* barycentrics) {
  TexelLookup<F> lookup;
  lookup.offset = 0;
  const int64_t axis_stride[3] = {grid.side * grid.side, grid.side, 1};
  for (int k = 0; k < 3; ++k) {
    const F position = TexelPosition(grid, barycentrics[k]);
    const int low = static_cast<int>(position);  // to int: one instruction on every target
    lookup.fraction[k] = position - F(low);
    lookup.offset += low * axis_stride[k];
    // An eps that is 0, or rounds away, allows the last texel itself; its neighbour weighs 0.
    lookup.stride[k] = low + 1 < grid.side ? axis_stride[k] : 0;
  }
  return lookup;
}

// Offset of texel n of the lookup, in texels from the start of the cube.
template <typename F>
MR_HOST_DEVICE int64_t TexelOffset(const TexelLookup<F>& lookup, int n) {
  return lookup.offset + (n & 4 ? lookup.stride[0] : 0) + (n & 2 ? lookup.stride[1] : 0) +
         (n & 1 ? lookup.stride[2] : 0);
}

// weights[n] = prod_k (bit of axis k set ? fraction_k : 1 - fraction_k); they sum to 1.
template <typename F>
MR_HOST_DEVICE void TexelWeights(const TexelLookup<F>& lookup, F* weights) {
  const F* r = lookup.fraction;
  const F axis0[2] = {F(1) - r[0], r[0]};
  const F axis1[2] = {F(1) - r[1], r[1]};
  const F axis2[2] = {F(1) - r[2], r[2]};
  for (int n = 0; n < kTexelsPerLookup; ++n) {
    weights[n] = axis0[n >> 2 & 1] * axis1[n >> 1 & 1] * axis2[n & 1];
  }
}

// Gradient of the fractions from that of the weights: the product rule, one axis after the other.
template <typename F>
MR_HOST_DEVICE Vec3<F> TexelWeightsBackward(const TexelLookup<F>& lookup, const F* grad_weights) {
  const F* r = lookup.fraction;
  const F* g = grad_weights;
  F along2[4];    // blended along axis 2; index: bits of axes 0 and 1
  F d_along2[4];  // and its derivative by r[2]
  for (int n = 0; n < 4; ++n) {
    d_along2[n] = g[2 * n + 1] - g[2 * n];
    along2[n] = g[2 * n] + r[2] * d_along2[n];
  }
  const F along1[2] = {along2[0] + r[1] * (along2[1] - along2[0]),
                       along2[2] + r[1] * (along2[3] - along2[2])};
  const F d1_low = along2[1] - along2[0];
  const F d1_high = along2[3] - along2[2];
  const F d2_low = d_along2[0] + r[1] * (d_along2[1] - d_along2[0]);
  const F d2_high = d_along2[2] + r[1] * (d_along2[3] - d_along2[2]);
  return {along1[1] - along1[0], d1_low + r[0] * (d1_high - d1_low),
          d2_low + r[0] * (d2_high - d2_low)};
}

}  // namespace mesh_renderer
