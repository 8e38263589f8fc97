// One image laid out along the scanlines of the N3MR sweep, channel by channel.
//
// The sweep reads the same scanline many times, so a copy in reading order pays: every inner loop
// runs over contiguous memory. The copy serves one axis after the other to stay small: 36 bytes per
// pixel for four float channels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "cc/core/n3mr.h"
#include "cc/kernels/n3mr.h"

namespace mesh_renderer {

// Loops may read, and must ignore, this many values past the end of a scanline.
constexpr int kScanlinePadding = 16;

template <typename T>
struct Scanlines {
  N3mrAxis axis;
  int count;                // scanlines: columns from the left or rows from the bottom
  int length;               // pixels of a scanline, from the bottom or from the left
  int64_t num_channels;     // C
  const T* values;          // [count, 2, C, length]: image, then upstream gradient
  const int32_t* face_id;   // [count, length]
  const N3mrRange* active;  // [count] first and last pixel with an upstream gradient
};

// Owns the copy. Distinct from Scanlines so that the loops see plain pointers only.
template <typename T>
class ScanlineBuffer {
 public:
  ScanlineBuffer(const N3mrGradParams<T>& params, int64_t item)
      : shape_(params.image_shape),
        channels_(params.num_channels),
        image_(params.image + item * shape_.pixels() * channels_),
        grad_(params.grad_image + item * shape_.pixels() * channels_),
        face_id_(params.face_id + item * shape_.pixels()),
        num_values_(2 * channels_ * shape_.pixels()),
        values_(new T[num_values_ + kScanlinePadding]),
        line_face_id_(new int32_t[shape_.pixels() + kScanlinePadding]),
        active_(std::max(shape_.height, shape_.width)) {
    std::fill_n(values_.get() + num_values_, kScanlinePadding, T(0));
    std::fill_n(line_face_id_.get() + shape_.pixels(), kScanlinePadding, -1);
  }

  // Valid until the next call.
  Scanlines<T> Fill(N3mrAxis axis, const ParallelFor& parallel_for) {
    const bool columns = axis == N3mrAxis::kColumns;
    const int count = columns ? shape_.width : shape_.height;
    const int length = columns ? shape_.height : shape_.width;
    parallel_for.Run(count, kTile, [&](int64_t begin, int64_t end) {
      for (int64_t first = begin; first < end; first += kTile) {
        const int64_t last = std::min(first + kTile, end);
        columns ? CopyColumns(first, last) : CopyRows(first, last);
        for (int64_t line = first; line < last; ++line) active_[line] = FindActive(line, length);
      }
    });
    return {axis, count, length, channels_, values_.get(), line_face_id_.get(), active_.data()};
  }

 private:
  // Scanlines copied together. Of a row of floats, 16 columns are one cache line.
  static constexpr int64_t kTile = 16;

  void CopyRows(int64_t first, int64_t last) {
    for (int64_t line = first; line < last; ++line) {
      const int64_t row = FlipRow(static_cast<int>(line), shape_.height);
      for (int64_t column = 0; column < shape_.width; ++column) {
        CopyPixel(row * shape_.width + column, line, shape_.width, column);
      }
    }
  }

  void CopyColumns(int64_t first, int64_t last) {
    for (int64_t at = 0; at < shape_.height; ++at) {
      const int64_t row = FlipRow(static_cast<int>(at), shape_.height);
      for (int64_t line = first; line < last; ++line) {
        CopyPixel(row * shape_.width + line, line, shape_.height, at);
      }
    }
  }

  // Pixel `at` of a scanline comes from `pixel` of the image.
  void CopyPixel(int64_t pixel, int64_t line, int64_t length, int64_t at) {
    T* to = values_.get() + line * 2 * channels_ * length + at;
    for (int64_t c = 0; c < channels_; ++c) {
      to[c * length] = image_[pixel * channels_ + c];
      to[(channels_ + c) * length] = grad_[pixel * channels_ + c];
    }
    line_face_id_[line * length + at] = face_id_[pixel];
  }

  N3mrRange FindActive(int64_t line, int length) const {
    N3mrRange active = {length, -1};
    const T* grad = values_.get() + (2 * line + 1) * channels_ * length;
    for (int64_t c = 0; c < channels_; ++c, grad += length) {
      int first = 0;
      while (first < active.first && grad[first] == T(0)) ++first;
      int last = length - 1;
      while (last > active.last && grad[last] == T(0)) --last;
      active = {first, last};
    }
    return active;
  }

  const ImageShape shape_;
  const int64_t channels_;
  const T* const image_;
  const T* const grad_;
  const int32_t* const face_id_;
  const int64_t num_values_;
  const std::unique_ptr<T[]> values_;
  const std::unique_ptr<int32_t[]> line_face_id_;
  std::vector<N3mrRange> active_;
};

}  // namespace mesh_renderer
