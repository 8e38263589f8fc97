// SoftRas: how the faces over one pixel mix to its alpha and colour, one face after the other.
//
// Colours mix with the weights D_j exp(n_j / gamma), n_j being the nearness of face j: 1 at `near`,
// 0 at `far`. As usual for a softmax the largest n so far is subtracted from the exponents. The
// background takes part with the nearness eps; the released program counts it exp(eps / gamma)
// times.
//
// Source: Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D
// Reasoning", ICCV 2019, equations 2 to 4, and its released program.
//
// S is the number type of a face, P that of a pixel: the same, or lanes of it.
#pragma once

#include "cc/core/softras.h"

namespace mesh_renderer {

enum class AlphaAggregation {
  kProduct,  // 1 - prod(1 - D)
  kSum,      // sum(D) / number of faces
  kHard,     // whether some D > 1/2
};

enum class RgbAggregation {
  kSoftmax,
  kHard,  // the nearest face that the pixel lies on
};

// What alpha is summed up in: a product of misses, else a sum or maximum of hits.
template <typename S>
MR_HOST_DEVICE S EmptyAlpha(AlphaAggregation aggregation) {
  return aggregation == AlphaAggregation::kProduct ? S(1) : S(0);
}

template <typename S, typename P>
MR_HOST_DEVICE P AddToAlpha(AlphaAggregation aggregation, const P& total,
                            const SoftCoverage<P>& coverage, const MaskOf<P>& counts) {
  if (aggregation == AlphaAggregation::kProduct) return total * Select(counts, coverage.miss, S(1));
  if (aggregation == AlphaAggregation::kSum) return total + Select(counts, coverage.hit, S(0));
  return Select(counts & (coverage.hit > S(0.5)), S(1), total);
}

template <typename S>
MR_HOST_DEVICE S AlphaOfTotal(AlphaAggregation aggregation, S total, S num_faces) {
  if (aggregation == AlphaAggregation::kProduct) return S(1) - total;
  return aggregation == AlphaAggregation::kSum ? total / num_faces : total;
}

// The part of the gradient that all faces of a pixel share. `original`: the released program's,
// for which hard alpha is the sum.
template <typename S>
MR_HOST_DEVICE S AlphaBackward(AlphaAggregation aggregation, bool original, S alpha, S num_faces,
                               S grad_alpha) {
  if (aggregation == AlphaAggregation::kProduct) return grad_alpha * (S(1) - alpha);
  if (aggregation == AlphaAggregation::kSum) return grad_alpha / num_faces;
  return original ? grad_alpha : S(0);
}

// Gradient to a face's signed square / sigma. The product of the other faces' misses times D (1 -
// D) is that of all misses times D; the released program divides by 1 - D, kept above 1e-6.
template <typename S, typename P>
MR_HOST_DEVICE P FaceAlphaBackward(AlphaAggregation aggregation, bool original,
                                   const SoftCoverage<P>& coverage, const P& shared) {
  if (aggregation != AlphaAggregation::kProduct) return shared * coverage.hit * coverage.miss;
  const P grad = shared * coverage.hit;
  return original ? grad * (coverage.miss / Max(coverage.miss, S(1e-6))) : grad;
}

// What the softmax of a call needs. exp((2 eps - n) / gamma) is the background's weight.
template <typename S>
struct SoftmaxScale {
  S far, inverse_range;  // 1 / (far - near)
  S gamma_inv;
};

template <typename P, typename S>
MR_HOST_DEVICE P Nearness(const SoftmaxScale<S>& scale, const P& depth) {
  return (scale.far - depth) * scale.inverse_range;
}

// Sum of all weights, relative to the largest nearness.
template <typename P>
struct SoftmaxTotal {
  P sum, largest;
};

// After face j: what the colour so far is to be multiplied by, and the weight of its own.
template <typename P>
struct SoftmaxStep {
  P keep, add;
};

template <typename P, typename S>
MR_HOST_DEVICE SoftmaxStep<P> AddToSoftmax(const SoftmaxScale<S>& scale, const P& nearness,
                                           const P& hit, const MaskOf<P>& counts,
                                           SoftmaxTotal<P>* total) {
  const P difference = nearness - total->largest;
  const P small = Exp(Min(difference, -difference) * scale.gamma_inv);
  const auto nearer = difference > S(0);
  const SoftmaxStep<P> step = {Select(counts, Select(nearer, small, S(1)), S(1)),
                               Select(counts, Select(nearer, hit, hit * small), S(0))};
  total->sum = total->sum * step.keep + step.add;
  total->largest = Select(counts & nearer, nearness, total->largest);
  return step;
}

// Share of a face in the colour of its pixel, given all faces.
template <typename P, typename S>
MR_HOST_DEVICE P SoftmaxShare(const SoftmaxScale<S>& scale, const P& nearness, const P& hit,
                              const P& largest, const P& inverse_sum) {
  return hit * Exp(Min((nearness - largest) * scale.gamma_inv, S(0))) * inverse_sum;
}

// Gradients to signed square / sigma and depth of a face. `gain`: its share times the derivative of
// the loss in the direction from the pixel's colour to the face's.
template <typename P>
struct SoftmaxGradient {
  P logit, depth;
};

template <typename P, typename S>
MR_HOST_DEVICE SoftmaxGradient<P> SoftmaxBackward(const SoftmaxScale<S>& scale,
                                                  const SoftCoverage<P>& coverage, const P& gain) {
  return {gain * coverage.miss, gain * -(scale.gamma_inv * scale.inverse_range)};
}

}  // namespace mesh_renderer
