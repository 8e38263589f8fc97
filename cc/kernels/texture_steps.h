// The hot loops of Texture, compiled once per instruction set (texture_{baseline,avx2,avx512}.cc).
#pragma once

#include "cc/kernels/cpu_target.h"
#include "cc/kernels/texture.h"

namespace mesh_renderer {

// Sides up to 32768.
constexpr int kMaxMipLevels = 16;

// The mip levels of one item of a texture; a lookup without mip levels has level 0 alone.
template <typename T>
struct MipLevels {
  int num_levels;
  int height[kMaxMipLevels];
  int width[kMaxMipLevels];
  int32_t last_texel[kMaxMipLevels];  // height * width - 1
  int32_t first_row[kMaxMipLevels];   // of a level, counted through all levels
  T* texels[kMaxMipLevels];           // [height, width, C]
};

// Pixels are visited in bands of whole rows, and within a band in strips of columns: what a strip
// reads and adds to stays in the fastest cache, however the texture lies on the screen. Sums are
// formed in this order, which depends on the width of the image alone.
constexpr int64_t kPixelsPerBand = 4096;

MR_HOST_DEVICE int64_t RowsPerBand(const ImageShape& image) {
  if (image.width == 0 || image.width > kPixelsPerBand) return 1;
  return kPixelsPerBand / image.width;
}

// Texel rows that one pixel touches: two in each of two levels.
constexpr int kMaxRowsPerPixel = 4;
constexpr int kAllRows = (1 << kMaxRowsPerPixel) - 1;  // a bit for each

// Pixels of one band that add to texels, as they are visited, and the texel rows, counted through
// all levels, to which each adds.
struct TouchedRows {
  int64_t first;  // place in the batch from which pixels are counted
  int64_t count;
  int32_t* pixel;                        // [count]
  int32_t* texel_row[kMaxRowsPerPixel];  // [count] each, -1 for none; without mip levels two
};

// The rows of texels to which one of several workers adds.
struct RowShare {
  int32_t worker;
  int32_t num_workers;  // below 2^16

  MR_HOST_DEVICE bool Has(int32_t row) const {
    // Neighbours stay together, because most lookups touch two of them; the golden ratio spreads
    // the rest, see OwnedBy.
    constexpr int kRowsPerGroupLog2 = 2;
    const uint32_t spread = static_cast<uint32_t>(row >> kRowsPerGroupLog2) * 0x9E3779B9u;
    const uint32_t owner = (spread >> 16) * static_cast<uint32_t>(num_workers) >> 16;
    const int32_t none = row >> 31;  // no branches: compilers vectorize this
    return ((static_cast<int32_t>(owner) ^ worker) | none) == 0;
  }
};

// Rows are pixel rows, counted from the start of the batch; those of one call read one item.
template <typename T>
struct TextureSteps {
  // Writes the output of rows [begin, end).
  void (*sample)(const TextureParams<T>&, const MipLevels<const T>&, int64_t begin, int64_t end);
  // Writes grad_uv and grad_uv_derivatives of rows [begin, end), and adds to the gradient of the
  // texels.
  void (*gradient)(const TextureGradParams<T>&, const MipLevels<const T>&, const MipLevels<T>& grad,
                   int64_t begin, int64_t end);
  // The same, but only appends to a list what is to be added.
  void (*gradient_and_rows)(const TextureGradParams<T>&, const MipLevels<const T>&, TouchedRows*,
                            int64_t begin, int64_t end);
  // Adds to the gradient of the texels what listed pixels have for the rows of a share.
  void (*add_share)(const TextureGradParams<T>&, const MipLevels<T>& grad, const TouchedRows&,
                    const RowShare&);
};

template <typename T>
TextureSteps<T> BaselineTextureSteps();
template <typename T>
TextureSteps<T> Avx2TextureSteps();
template <typename T>
TextureSteps<T> Avx512TextureSteps();

template <typename T>
TextureSteps<T> ChooseTextureSteps(CpuTarget target) {
  switch (target) {
    case CpuTarget::kAvx512:
      return Avx512TextureSteps<T>();
    case CpuTarget::kAvx2:
      return Avx2TextureSteps<T>();
    case CpuTarget::kBaseline:
      break;
  }
  return BaselineTextureSteps<T>();
}

}  // namespace mesh_renderer
