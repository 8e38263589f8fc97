// SoftRas' colour: how one face changes that of a pixel, what share it has in it, and where on its
// surface the pixel looks.
//
// Built of the formulas of cc/core/softras_mix.h. S is the number type of a face, P that of a
// pixel: the same, or lanes of it.
#pragma once

#include "cc/core/softras_face.h"
#include "cc/core/softras_mix.h"

namespace mesh_renderer {

// How colours mix.
template <typename S>
struct MixScale {
  RgbAggregation rgb;
  AlphaAggregation alpha;
  bool original_gradient;
  SoftmaxScale<S> softmax;
  S eps;
  S cutoff;          // nearness behind the nearest face that exp makes 0
  S background_sum;  // weight of the background alone
  S no_depth;        // behind everything
};

// The aggregates of a pixel: as the name says for a softmax; for hard colours `sum` is the depth of
// the nearest face and `largest` its id, or -1.
template <typename S>
MR_HOST_DEVICE SoftmaxTotal<S> EmptyTotal(const MixScale<S>& mix) {
  if (mix.rgb == RgbAggregation::kSoftmax) return {mix.background_sum, mix.eps};
  return {mix.no_depth, S(-1)};
}

// Weight of the background's colour before any face.
template <typename S>
MR_HOST_DEVICE S EmptyWeight(const MixScale<S>& mix) {
  return mix.rgb == RgbAggregation::kSoftmax ? mix.background_sum : S(1);
}

// Whether a pixel may take colour from the face: else it is out of range, or too far behind others.
template <typename S, typename P>
MR_HOST_DEVICE MaskOf<P> MayMix(const MixScale<S>& mix, const PointAtPixel<P>& seen,
                                const P& largest) {
  if (mix.rgb == RgbAggregation::kHard) return seen.in_range;
  return seen.in_range & (Nearness(mix.softmax, seen.point.depth) > largest - mix.cutoff);
}

// What is kept of the colour so far, and what a face adds to it.
template <typename S, typename P>
MR_HOST_DEVICE SoftmaxStep<P> MixFace(const MixScale<S>& mix, S face_id, const FaceAtPixel<P>& at,
                                      const PointAtPixel<P>& seen, const P& hit,
                                      SoftmaxTotal<P>* total) {
  const P& depth = seen.point.depth;
  if (mix.rgb == RgbAggregation::kSoftmax) {
    return AddToSoftmax(mix.softmax, Nearness(mix.softmax, depth), hit, seen.in_range, total);
  }
  const MaskOf<P> wins = seen.in_range & CoversPixel<S>(at.weights) & (depth < total->sum);
  total->sum = Select(wins, depth, total->sum);
  total->largest = Select(wins, face_id, total->largest);
  return {Select(wins, S(0), P{} + S(1)), Select(wins, S(1), P{})};
}

// Where a face that is not culled has a share worth speaking of, given all faces.
template <typename S, typename P>
MR_HOST_DEVICE MaskOf<P> GivesColor(const MixScale<S>& mix, S face_id, const FaceAtPixel<P>& at,
                                    const PointAtPixel<P>& seen, const P& largest) {
  if (mix.rgb == RgbAggregation::kSoftmax) return MayMix(mix, seen, largest);
  return seen.in_range & CoversPixel<S>(at.weights) & (largest == face_id);
}

// Its share there.
template <typename S, typename P>
MR_HOST_DEVICE P ColorShare(const MixScale<S>& mix, const P& depth, const P& hit, const P& largest,
                            const P& inverse_sum) {
  if (mix.rgb == RgbAggregation::kHard) return P{} + S(1);
  return SoftmaxShare(mix.softmax, Nearness(mix.softmax, depth), hit, largest, inverse_sum);
}

// That of the background.
template <typename S, typename P>
MR_HOST_DEVICE P BackgroundShare(const MixScale<S>& mix, const P& largest, const P& inverse_sum) {
  if (mix.rgb == RgbAggregation::kHard) return Select(largest < S(0), S(1), P{});
  return Exp((mix.eps + mix.eps - largest) * mix.softmax.gamma_inv) * inverse_sum;
}

// The texel that a pixel sees; `place`: its weights times the side.
//
// A face has side x side cells; axis 0 points to corner 0, axis 1 to corner 1. The part of a cell
// beyond its diagonal has the texel of the cell opposite, which no lower part uses.
template <typename F>
MR_HOST_DEVICE int SurfaceTexel(F place_0, F place_1, int side) {
  const int last = side - 1;
  const int floor_0 = static_cast<int>(place_0), floor_1 = static_cast<int>(place_1);
  const int a = floor_0 < last ? floor_0 : last, b = floor_1 < last ? floor_1 : last;
  // Cells along the third edge have no upper part; rounding could say so.
  const bool lower = place_0 + place_1 - F(a) - F(b) <= F(1) || a + b >= last;
  return lower ? b * side + a : (last - b) * side + (last - a);
}

}  // namespace mesh_renderer
