// The step of RasterizeSteps that keeps several fragments per pixel. Included once per instruction
// set, see rasterize_steps-inl.h.
#pragma once

#include "cc/kernels/rasterize_draw-inl.h"

namespace mesh_renderer {

namespace {

// Whole stores: the next face often loads the same lanes, and processors forward no masked one.
template <typename T>
MR_HOST_DEVICE void Replace(PixelMask mask, const Lanes<T>& lanes, T* to) {
  Store(Select(mask, lanes, Load(to)), to);
}

// Keeps the nearest fragments of every pixel of a tile in order, by insertion.
template <typename T>
struct SortedFragmentsOfTile {
  Lanes<T> far_key, near_key;
  double far;
  LayeredTile<T>* tile;

  MR_HOST_DEVICE void Draw(const TileFace<T>& face, const Lanes<T> plane[kPlanes],
                           int index) const {
    const PixelMask covered = InFrontOf(plane, far_key);
    if (covered == 0) return;
    const Lanes<int32_t> one = Broadcast(1), count = Load(tile->count[index]);
    Store(Select(covered, count + one, count), tile->count[index]);
    int* const depth = &tile->block_depth[index];
    if (*depth == tile->num_layers) {
      const int last = tile->num_layers - 1;
      Insert(face, plane, last, index, InFrontOf(plane, Load(BlockOf(last, index)->key)));
      return;
    }
    if (*depth == tile->num_cleared) ClearTile(far, &tile->layers[tile->num_cleared++]);
    Insert(face, plane, *depth, index, covered);
    *depth += NonNegativeBits(BlockOf(*depth, index)->face) != 0;
  }

 private:
  MR_HOST_DEVICE Block<T>* BlockOf(int layer, int index) const {
    return &tile->layers[layer].blocks[index];
  }

  // Pixels that the face covers, nearer than what has the key `stored`.
  MR_HOST_DEVICE PixelMask InFrontOf(const Lanes<T> plane[kPlanes], const Lanes<T>& stored) const {
    return VisibleMask(Min(Min(plane[0], plane[1]), plane[2]), plane[kKeyPlane], stored, near_key);
  }

  // Puts the face into layer `layer` of the pixels `entering` or, where it is nearer, into one
  // before; what is there moves back by one. The fragments of `layer` itself are overwritten.
  MR_HOST_DEVICE void Insert(const TileFace<T>& face, const Lanes<T> plane[kPlanes], int layer,
                             int index, PixelMask entering) const {
    for (; entering != 0; --layer) {
      Block<T>* const block = BlockOf(layer, index);
      PixelMask moving = 0;
      if (layer > 0) {
        const Block<T>& nearer = *BlockOf(layer - 1, index);
        const Lanes<T> key = Load(nearer.key);
        moving = entering & InFrontOf(plane, key);
        if (moving != 0) {
          Replace(moving, key, block->key);
          for (int i = 0; i < 3; ++i) Replace(moving, Load(nearer.edge[i]), block->edge[i]);
          Replace(moving, Load(nearer.face), block->face);
        }
      }
      const PixelMask placed = entering & ~moving;
      if (placed != 0) {
        Replace(placed, plane[kKeyPlane], block->key);
        for (int i = 0; i < 3; ++i) Replace(placed, plane[i], block->edge[i]);
        Replace(placed, Broadcast(face.face), block->face);
      }
      entering = moving;
    }
  }
};

template <typename T>
void DrawLayers(const TileFace<T>* faces, int64_t count, const DepthKeys& keys,
                LayeredTile<T>* tile) {
  const SortedFragmentsOfTile<T> sorted = {Broadcast(static_cast<T>(keys.far_key)),
                                           Broadcast(static_cast<T>(keys.near_key)), keys.far_key,
                                           tile};
  for (int64_t i = 0; i < count; ++i) DrawFace(faces[i], sorted);
}

}  // namespace
}  // namespace mesh_renderer
