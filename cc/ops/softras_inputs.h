// What SoftRas' ops read alike: attributes and inputs.
#pragma once

#include "cc/kernels/softras_settings.h"
#include "cc/ops/checks.h"

namespace mesh_renderer {

// sigma, dist_eps and distance.
absl::Status ReadBlur(const char* op, const Attributes& attributes, SoftBlur* blur);

// The attribute `name`, which says how alpha is formed.
absl::Status ReadAlphaAggregation(const char* name, const Attributes& attributes,
                                  AlphaAggregation* aggregation);

// near, far, depth_from, cull and perspective_correct.
absl::Status ReadSoftView(const char* op, const Attributes& attributes, SoftView* view);

// gamma, eps, both aggregations and original_gradient; T is the type of the op.
template <typename T>
absl::Status ReadMixing(const char* op, const Attributes& attributes, SoftMixing* mixing);

}  // namespace mesh_renderer
