#include "cc/kernels/validate.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

namespace mesh_renderer {
namespace {

// Work of one task: large enough that handing it to another thread pays.
constexpr int64_t kTaskItems = 65536;

// Items tested without a branch in between, so that the compiler vectorizes the test.
constexpr int64_t kChunkItems = 1024;

// Lowers `lowest` to `value`; the result does not depend on the order of the callers.
void KeepLowest(std::atomic<int64_t>& lowest, int64_t value) {
  int64_t current = lowest.load(std::memory_order_relaxed);
  while (value < current && !lowest.compare_exchange_weak(current, value)) {
  }
}

// Calls chunk_body(begin, end) for the chunks of [0, total), which returns the first offender in
// it or `end`. The result is the first offender of all.
template <typename ChunkBody>
int64_t FindFirst(int64_t total, const ParallelFor& parallel_for, const ChunkBody& chunk_body) {
  std::atomic<int64_t> first{total};
  parallel_for.Run(total, kTaskItems, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = begin; chunk < end; chunk += kChunkItems) {
      const int64_t chunk_end = std::min(end, chunk + kChunkItems);
      const int64_t offender = chunk_body(chunk, chunk_end);
      if (offender == chunk_end) continue;
      KeepLowest(first, offender);
      return;
    }
  });
  return first == total ? kNoOffender : first.load();
}

// FindFirst for a test of single items.
template <typename IsBad>
int64_t FindFirstItem(int64_t total, const ParallelFor& parallel_for, const IsBad& is_bad) {
  return FindFirst(total, parallel_for, [&](int64_t begin, int64_t end) {
    int any = 0;
    for (int64_t i = begin; i < end; ++i) any |= is_bad(i);
    if (!any) return end;
    while (!is_bad(begin)) ++begin;
    return begin;
  });
}

}  // namespace

template <typename T>
int64_t FindBadCoordinate(const T* values, int64_t count, const ParallelFor& parallel_for) {
  return FindFirstItem(count, parallel_for,
                       [values](int64_t i) -> int { return IsBadCoordinate(values[i]); });
}

template int64_t FindBadCoordinate<float>(const float*, int64_t, const ParallelFor&);
template int64_t FindBadCoordinate<double>(const double*, int64_t, const ParallelFor&);

template <typename T>
int64_t FindBadCoordinate(const MaskedCoordinates<T>& coordinates,
                          const ParallelFor& parallel_for) {
  const auto [values, mask, num_pixels, per_pixel] = coordinates;
  if (mask == nullptr) return FindBadCoordinate(values, num_pixels * per_pixel, parallel_for);
  const auto bad_pixel = [&coordinates](int64_t begin, int64_t end) {
    while (begin < end && !HasBadCoordinate(coordinates, begin)) ++begin;
    return begin;
  };
  // Masks have long runs of one value: eight pixels at once are mostly all in or all out.
  const int64_t pixel = FindFirst(num_pixels, parallel_for, [&](int64_t begin, int64_t end) {
    for (; begin + 8 <= end; begin += 8) {
      uint64_t eight;
      std::memcpy(&eight, coordinates.mask + begin, sizeof(eight));
      if (eight == 0) continue;
      const int64_t bad = bad_pixel(begin, begin + 8);
      if (bad < begin + 8) return bad;
    }
    return bad_pixel(begin, end);
  });
  if (pixel == kNoOffender) return kNoOffender;
  int64_t offender = pixel * per_pixel;
  while (!IsBadCoordinate(values[offender])) ++offender;
  return offender;
}

template int64_t FindBadCoordinate(const MaskedCoordinates<float>&, const ParallelFor&);
template int64_t FindBadCoordinate(const MaskedCoordinates<double>&, const ParallelFor&);

FacesReport CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices,
                       const ParallelFor& parallel_for) {
  const uint32_t limit = static_cast<uint32_t>(num_vertices);
  std::atomic<bool> has_padding{false};
  const auto bad_row = [&](int64_t begin, int64_t end) {
    int any = 0;
    for (int64_t i = 3 * begin; i < 3 * end; ++i) any |= OutOfRange(faces[i], limit);
    if (!any) return end;
    for (int64_t row = begin; row < end; ++row) {
      const int32_t* v = faces + 3 * row;
      if (IsPadding(v)) {
        has_padding = true;
      } else if (OutOfRange(v[0], limit) | OutOfRange(v[1], limit) | OutOfRange(v[2], limit)) {
        return row;
      }
    }
    return end;
  };
  const int64_t row = FindFirst(num_rows, parallel_for, bad_row);
  if (row == kNoOffender) return {kNoOffender, has_padding};
  int64_t entry = 3 * row;
  while (!OutOfRange(faces[entry], limit)) ++entry;
  return {entry, has_padding};
}

int64_t FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces,
                      const ParallelFor& parallel_for) {
  return FindFirstItem(count, parallel_for, [face_id, num_faces](int64_t i) -> int {
    return IsBadFaceId(face_id[i], num_faces);
  });
}

int64_t FindPaddedFaceId(const FacesView& faces, const ImageShape& image, const int32_t* face_id,
                         const ParallelFor& parallel_for) {
  const int64_t pixels = image.pixels();
  return FindFirst(image.batch * pixels, parallel_for, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      if (face_id[i] == kEmpty) continue;
      if (faces.OfImage(i / pixels)[3 * int64_t{face_id[i]}] == kEmpty) return i;
    }
    return end;
  });
}

int32_t FindLargest(const int32_t* counts, int64_t size, const ParallelFor& parallel_for) {
  std::atomic<int32_t> largest{0};
  parallel_for.Run(size, kTaskItems, [&](int64_t begin, int64_t end) {
    const int32_t of_task = *std::max_element(counts + begin, counts + end);
    int32_t current = largest.load(std::memory_order_relaxed);
    while (of_task > current && !largest.compare_exchange_weak(current, of_task)) {
    }
  });
  return largest;
}

}  // namespace mesh_renderer
