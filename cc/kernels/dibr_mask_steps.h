// The hot loops of DibrMask, compiled once per instruction set
// (dibr_mask_{baseline,avx2,avx512}.cc).
#pragma once

#include "cc/kernels/dibr_mask.h"
#include "cc/kernels/soft_faces.h"

namespace mesh_renderer {

// One image. Arrays are those of the params structs, at the first pixel of the image.
template <typename T>
struct DibrMaskImage {
  const SoftFaces<T>& faces;
  DibrMaskSettings settings;
  const int32_t* face_id;
  T* mask;
  int32_t* last_face;
};

// What the backward pass needs of every pixel, in blocks: [block row][block column][pixel].
template <typename T>
struct DibrMaskGradImage {
  const SoftFaces<T>& faces;
  DibrMaskSettings settings;
  const T* weight;            // grad_mask * (1 - mask) where no face is, else 0
  const int32_t* last_face;   // in blocks too; null if nothing is cut
  const uint8_t* has_weight;  // per block: some weight is not 0
};

template <typename T>
struct DibrMaskSteps {
  void (*draw_band)(const DibrMaskImage<T>&, int band);
  // Writes the gradients of the three corners of face f.
  void (*face_backward)(const DibrMaskGradImage<T>&, int64_t f, SoftCornerGradient<T>*);
};

template <typename T>
DibrMaskSteps<T> BaselineDibrMaskSteps();
template <typename T>
DibrMaskSteps<T> Avx2DibrMaskSteps();
template <typename T>
DibrMaskSteps<T> Avx512DibrMaskSteps();

template <typename T>
DibrMaskSteps<T> ChooseDibrMaskSteps(CpuTarget target) {
  switch (target) {
    case CpuTarget::kAvx512:
      return Avx512DibrMaskSteps<T>();
    case CpuTarget::kAvx2:
      return Avx2DibrMaskSteps<T>();
    case CpuTarget::kBaseline:
      break;
  }
  return BaselineDibrMaskSteps<T>();
}

}  // namespace mesh_renderer
