// The hot loops of SoftRas' ops, compiled once per instruction set
// (softras_{baseline,avx2,avx512}.cc).
//
// Pictures are drawn band by band: the blocks of a band are kept in scratch memory, one array of
// sixteen numbers per quantity, while the faces of the band are added in their order. Gradients are
// gathered face by face from arrays in the same layout, which hold what all faces of a pixel share.
#pragma once

#include "cc/kernels/soft_faces.h"
#include "cc/kernels/softras_color.h"
#include "cc/kernels/softras_fragments.h"
#include "cc/kernels/softras_silhouette.h"

namespace mesh_renderer {

// One image of SoftrasSilhouette; arrays start at its first pixel.
template <typename T>
struct SilhouetteImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  AlphaAggregation aggregation;
  T num_faces;  // that are no padding
  T* alpha;
};

// What its gradient needs of every pixel, in blocks: [block row][block column][pixel].
template <typename T>
struct SilhouetteGradImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  AlphaAggregation aggregation;
  const T* shared;            // see AlphaBackward
  const uint8_t* has_shared;  // per block: some number is not 0
};

// Colour channels of one image.
template <typename T>
struct ImageColors {
  const T* values;  // [V, C] or [F, side^2, C]
  int64_t num_channels;
  int64_t side;  // 0: colours of vertices
};

// One image of SoftrasColor; arrays start at its first pixel.
template <typename T>
struct ColorImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  ViewScale<T> view;
  MixScale<T> mix;
  ImageColors<T> colors;
  T num_faces;          // that are no padding
  const T* background;  // [C]
  T* image;
  T* aggregates;
};

// Quantities per pixel of the blocks that a band is drawn in; the colour follows.
constexpr int kAlphaTotal = 0;
constexpr int kSoftmaxSum = 1;  // or depth
constexpr int kLargest = 2;     // or face id
constexpr int kDrawnColor = 3;

// What the gradient of SoftrasColor needs of one image. Blocks: [row][column][quantity][pixel].
template <typename T>
struct ColorGradImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  ViewScale<T> view;
  MixScale<T> mix;
  ImageColors<T> colors;
  T num_faces;
  const T* image;
  const T* aggregates;
  const T* grad_image;
  T* blocks;
  uint8_t* has_gradient;  // per block: some number that grows out of grad_image is not 0
};

// Quantities per pixel of these blocks; the gradient of the colour follows.
constexpr int kSharedAlpha = 0;  // see AlphaBackward
constexpr int kInverseSum = 1;
constexpr int kLargestOrId = 2;
constexpr int kGradDotColor = 3;
constexpr int kGradColor = 4;

// Where the gradients of faces go.
template <typename T>
struct ColorGradOutput {
  SoftCornerGradient<T>* corners;  // [F, 3]
  T* colors;                       // [F, 3, C], or [F, side^2, C] that are added to
  T* scratch;                      // of one task: 3 C times 16 numbers
};

// One image of SoftrasFragments; arrays start at its first pixel.
template <typename T>
struct FragmentsImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  ViewScale<T> view;
  int num_fragments;
  int32_t* face_id;
  T* barycentrics;
  T* depth;
  T* coverage;
  int32_t* count;
};

// Quantities per pixel and fragment of the blocks that a band is drawn in.
constexpr int kFragmentDepth = 0;
constexpr int kFragmentCoverage = 1;
constexpr int kFragmentWeights = 2;  // three
constexpr int kFragmentNumbers = 5;

// Scratch of a band: kFragmentNumbers K times 16 numbers per block, and (K + 1) times 16 ids, the
// last of which are counts.
template <typename T>
struct FragmentScratch {
  T* numbers;
  int32_t* ids;
};

// What its gradient needs. Blocks: [row][column][fragment][quantity][pixel], quantities being the
// gradients of those above.
template <typename T>
struct FragmentsGradImage {
  const SoftFaces<T>& faces;
  BlurScale<T> blur;
  ViewScale<T> view;
  int num_fragments;
  const T* numbers;
  const int32_t* ids;   // [row][column][fragment][pixel]
  const int32_t* used;  // per block: fragments of the pixel that has most
};

template <typename T>
struct SoftrasSteps {
  // `scratch`: 16 numbers per block of the band.
  void (*draw_alpha_band)(const SilhouetteImage<T>&, int band, T* scratch);
  // Writes the gradients of the three corners of each face in [begin, end).
  void (*alpha_backward)(const SilhouetteGradImage<T>&, int64_t begin, int64_t end,
                         SoftCornerGradient<T>* corners);
  // `scratch`: 16 (kDrawnColor + C) numbers per block of the band.
  void (*draw_color_band)(const ColorImage<T>&, int band, T* scratch);
  // Fills one row of blocks; `grad_background` [C] gets the part of its pixels.
  void (*fill_color_blocks)(const ColorGradImage<T>&, int block_row, T* grad_background);
  void (*color_backward)(const ColorGradImage<T>&, int64_t begin, int64_t end,
                         const ColorGradOutput<T>&);
  void (*draw_fragments_band)(const FragmentsImage<T>&, int band, const FragmentScratch<T>&);
  void (*fragments_backward)(const FragmentsGradImage<T>&, int64_t begin, int64_t end,
                             SoftCornerGradient<T>* corners);
};

template <typename T>
SoftrasSteps<T> BaselineSoftrasSteps();
template <typename T>
SoftrasSteps<T> Avx2SoftrasSteps();
template <typename T>
SoftrasSteps<T> Avx512SoftrasSteps();

template <typename T>
SoftrasSteps<T> ChooseSoftrasSteps(CpuTarget target) {
  switch (target) {
    case CpuTarget::kAvx512:
      return Avx512SoftrasSteps<T>();
    case CpuTarget::kAvx2:
      return Avx2SoftrasSteps<T>();
    case CpuTarget::kBaseline:
      break;
  }
  return BaselineSoftrasSteps<T>();
}

}  // namespace mesh_renderer
