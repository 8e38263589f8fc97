// DIB-R's probability that a pixel near a face belongs to it, from their squared distance in NDC.
//
// Source: Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
// Renderer", NeurIPS 2019, equation 5; the released code squares the distance.
#pragma once

#include "cc/core/select.h"

namespace mesh_renderer {

template <typename P, typename S>
MR_HOST_DEVICE P DibrProbability(const P& square, S sigma_inv, bool linear) {
  return linear ? Exp(Sqrt(square) * -sigma_inv) : Exp(square * -sigma_inv);
}

// Derivative of the probability to the squared distance. That of the paper's form is infinite on
// the boundary itself, where a pixel has no direction to a face: none is given there.
template <typename P, typename S>
MR_HOST_DEVICE P DibrProbabilityBackward(const P& square, const P& probability, S sigma_inv,
                                         bool linear) {
  if (!linear) return probability * -sigma_inv;
  const P twice_distance = Sqrt(square) * S(2);
  return Select(twice_distance > S(0), probability * -sigma_inv / twice_distance, S(0));
}

}  // namespace mesh_renderer
