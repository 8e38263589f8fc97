// Face ids checked by the loops that read them anyway: a pass of its own over them is a tenth of
// the work of a cheap kernel.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>

#include "cc/kernels/validate.h"

namespace mesh_renderer {

class FaceIdWatch {
 public:
  // `met_bad` becomes true with the first bad id; it may be null.
  FaceIdWatch(int64_t num_faces, std::atomic<bool>* met_bad)
      : limit_(static_cast<uint32_t>(
            std::min<int64_t>(num_faces, int64_t{std::numeric_limits<int32_t>::max()} + 1))),
        met_bad_(met_bad) {}

  // Whether a pixel shows no face. A bad id, outside of [-1, num_faces), counts as none.
  MR_HOST_DEVICE bool IsEmpty(int32_t face_id) const {
    if (!OutOfRange(face_id, limit_)) return false;
    if (face_id != kEmpty && met_bad_ != nullptr) met_bad_->store(true, std::memory_order_relaxed);
    return true;
  }

 private:
  uint32_t limit_;
  std::atomic<bool>* met_bad_;
};

}  // namespace mesh_renderer
