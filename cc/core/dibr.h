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

// Gradient to the squared distance of one face from the gradient to the mask times 1 - mask: the
// derivative of the mask to a probability A is the product of all 1 - A but this face's. On the
// boundary 1 - A is 0, as is the slope of the square.
template <typename P, typename S>
MR_HOST_DEVICE P DibrFaceBackward(const P& square, const P& weight, S sigma_inv, S eps,
                                  bool linear) {
  const P probability = DibrProbability(square, sigma_inv, linear);
  const P rest = S(1) - probability;
  const P others = Select(rest > S(0), weight / (rest + eps), S(0));
  return others * DibrProbabilityBackward(square, probability, sigma_inv, linear);
}

}  // namespace mesh_renderer
