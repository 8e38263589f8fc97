#include "cc/kernels/soft_faces.h"

#include <algorithm>

#include "cc/core/soft_reach.h"
#include "cc/core/viewport.h"

namespace mesh_renderer {
namespace {

constexpr int64_t kItemsPerTask = 4096;
// Faces are cut into bands in chunks: enough of them to occupy threads, few to keep counts small.
constexpr int64_t kMaxChunks = 32;

}  // namespace

template <typename T>
BlockCenters<T>::BlockCenters(int height, int width)
    : rows_((height + kSoftBlockSide - 1) / kSoftBlockSide),
      columns_((width + kSoftBlockSide - 1) / kSoftBlockSide),
      x_(new T[columns_ * kSoftBlockPixels]),
      y_(new T[rows_ * kSoftBlockPixels]) {
  for (int i = 0; i < columns_ * kSoftBlockPixels; ++i) {
    const int column = i / kSoftBlockPixels * kSoftBlockSide + i % kSoftBlockSide;
    x_[i] = ColumnToNdc(static_cast<T>(column), width);
  }
  for (int i = 0; i < rows_ * kSoftBlockPixels; ++i) {
    y_[i] = RowToNdc(static_cast<T>(i / kSoftBlockSide), height);
  }
}

template <typename T>
SoftFaces<T>::SoftFaces(const SoftScene<T>& scene, const ParallelFor& parallel_for)
    : scene_(scene),
      centers_(scene.height, scene.width),
      num_bands_((scene.height + kBandRows - 1) / kBandRows),
      faces_(new SoftFace<T>[scene.num_faces]) {
  const std::unique_ptr<ScreenVertex<T>[]> vertices(new ScreenVertex<T>[scene.num_vertices]);
  parallel_for.Run(scene.num_vertices, kItemsPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) {
      vertices[v] = ToScreen(scene_.vertices_clip + v * 4, scene_.depth);
    }
  });
  parallel_for.Run(scene.num_faces, kItemsPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t f = begin; f < end; ++f) SetFace(vertices.get(), f);
  });
}

template <typename T>
void SoftFaces<T>::SetFace(const ScreenVertex<T>* vertices, int64_t f) {
  SoftFace<T>& face = faces_[f];
  face = {};
  const int32_t* index = scene_.faces + f * 3;
  if (index[0] < 0) return;  // padding
  for (int k = 0; k < 3; ++k) {
    const ScreenVertex<T>& vertex = vertices[index[k]];
    if (!vertex.usable) return;
    face.corner[k] = vertex.ndc;
    face.depth[k] = vertex.depth;
  }
  const PixelRanges pixels = PixelsInReach(face.corner, scene_.reach, scene_.height, scene_.width);
  face.column_begin = pixels.columns.begin;
  face.column_end = pixels.columns.end;
  face.row_begin = pixels.rows.begin;
  face.row_end = pixels.rows.end;
}

// Counting sort of (band, face) pairs, stable in faces: count per chunk, prefix sum, fill.
template <typename T>
void SoftFaces<T>::CutIntoBands(const ParallelFor& parallel_for) {
  const int64_t num_faces = scene_.num_faces;
  const int64_t chunk = std::max(kItemsPerTask, (num_faces + kMaxChunks - 1) / kMaxChunks);
  const int64_t chunks = (num_faces + chunk - 1) / chunk;
  std::vector<int64_t> cursor(chunks * num_bands_, 0);  // [chunk][band]
  const auto for_each_pair = [&](const auto& body) {
    parallel_for.Run(chunks, 1, [&](int64_t begin, int64_t end) {
      for (int64_t f = begin * chunk; f < std::min(num_faces, end * chunk); ++f) {
        const SoftFace<T>& face = faces_[f];
        if (face.is_empty()) continue;
        int64_t* of_chunk = &cursor[f / chunk * num_bands_];
        const int last = (face.row_end - 1) / kBandRows;
        for (int band = face.row_begin / kBandRows; band <= last; ++band) body(f, of_chunk + band);
      }
    });
  };
  for_each_pair([](int64_t, int64_t* count) { ++*count; });
  list_begin_.assign(num_bands_ + 1, 0);
  int64_t total = 0;
  for (int band = 0; band < num_bands_; ++band) {
    for (int64_t c = 0; c < chunks; ++c) {
      const int64_t count = cursor[c * num_bands_ + band];
      cursor[c * num_bands_ + band] = total;
      total += count;
    }
    list_begin_[band + 1] = total;
  }
  list_.reset(new int32_t[total]);
  for_each_pair([this](int64_t f, int64_t* next) { list_[(*next)++] = static_cast<int32_t>(f); });
}

template <typename T>
void SoftFacesBackward(const SoftFaces<T>& faces, const SoftCornerGradient<T>* corners,
                       const ParallelFor& parallel_for, T* grad_vertices_clip) {
  const SoftScene<T>& scene = faces.scene();
  const int64_t num_vertices = scene.num_vertices;
  // Until all faces are added, a row holds the gradient to (NDC x, NDC y, depth).
  ForEachWorker(parallel_for, [&](int64_t worker, int64_t num_workers) {
    for (int64_t v = 0; v < num_vertices; ++v) {
      if (OwnedBy(v, worker, num_workers)) std::fill_n(grad_vertices_clip + v * 4, 4, T(0));
    }
    for (int64_t f = 0; f < scene.num_faces; ++f) {
      if (faces.face(f).is_empty()) continue;
      for (int k = 0; k < 3; ++k) {
        const int64_t v = scene.faces[f * 3 + k];
        if (!OwnedBy(v, worker, num_workers)) continue;
        const SoftCornerGradient<T>& corner = corners[f * 3 + k];
        T* grad = grad_vertices_clip + v * 4;
        grad[0] += corner.ndc.x;
        grad[1] += corner.ndc.y;
        grad[2] += corner.depth;
      }
    }
  });
  parallel_for.Run(num_vertices, kItemsPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) {
      T* grad = grad_vertices_clip + v * 4;
      const Vec2<T> ndc = {grad[0], grad[1]};
      const T depth = grad[2];
      ToFiniteScreenBackward(scene.vertices_clip + v * 4, scene.depth, ndc, depth, grad);
    }
  });
}

template class BlockCenters<float>;
template class BlockCenters<double>;
template class SoftFaces<float>;
template class SoftFaces<double>;
template void SoftFacesBackward(const SoftFaces<float>&, const SoftCornerGradient<float>*,
                                const ParallelFor&, float*);
template void SoftFacesBackward(const SoftFaces<double>&, const SoftCornerGradient<double>*,
                                const ParallelFor&, double*);

}  // namespace mesh_renderer
