// Bodies of RasterizeSteps. Included once per instruction set by
// rasterize_{baseline,avx2,avx512}.cc; everything is internal to that file, so that no code of one
// target is linked into another.
#pragma once

#include "cc/kernels/rasterize_draw-inl.h"
#include "cc/kernels/rasterize_layers-inl.h"
#include "cc/kernels/rasterize_setup-inl.h"
#include "cc/kernels/rasterize_steps.h"

namespace mesh_renderer {
namespace {

template <typename T>
RasterizeSteps<T> StepsOfThisTarget() {
  return {ProjectVertices<T>, FindCandidates<T>, CutIntoTiles<T>, CutForTile<T>,
          ClearTile<T>,       DrawFaces<T>,      WriteTile<T>,    DrawLayers<T>};
}

}  // namespace
}  // namespace mesh_renderer
