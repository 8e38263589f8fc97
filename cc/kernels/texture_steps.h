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

// Pixels of one band that add to texels, as they are visited, and the texel rows, counted through
// all levels, to which each adds.
struct TouchedRows {
  int64_t first;       // place in the batch from which pixels are counted
  int32_t* pixel;      // [count]
  int32_t* texel_row;  // [count, kMaxRowsPerPixel], -1 for none
  int64_t count;
};

// Pixels that add to texels: the place of each, counted from `first`, and one bit for each of the
// rows it is to add to.
constexpr int kRowBits = kMaxRowsPerPixel;
constexpr int32_t kAllRows = (1 << kRowBits) - 1;
struct PixelList {
  int64_t first;
  const int32_t* entries;  // pixel << kRowBits | bits of rows
  int64_t count;
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
  // Adds to the gradient of the texels what the pixels of a list have for the rows they name.
  void (*add_texels)(const TextureGradParams<T>&, const MipLevels<T>& grad, const PixelList&);
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
