// What the ops that draw hard-edged faces read alike: attributes and inputs.
#pragma once

#include <vector>

#include "cc/kernels/rasterize.h"
#include "cc/ops/checks.h"

namespace mesh_renderer {

absl::Status ReadCull(OpKernelConstruction* context, Cull* cull);

// near, far and depth_from, which forward and backward share.
absl::Status ReadDepthSettings(const char* op, OpKernelConstruction* context,
                               RasterizeSettings* settings);

// Checks vertices_clip, faces and image_size, and fills what they tell of `params`.
template <typename T>
absl::Status ReadRasterizeInputs(const Signature& signature, OpKernelContext* context,
                                 const ParallelFor& parallel_for, Sizes* sizes,
                                 RasterizeParams<T>* params);

// The first three outputs: face_id, barycentrics, depth.
template <typename T>
void SetRasterizeOutputs(const std::vector<Tensor*>& outputs, RasterizeParams<T>* params);

}  // namespace mesh_renderer
