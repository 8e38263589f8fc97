// The CPU kernels behind the functions of kernel_list.h.
#include "cc/kernels/threads_for_test.h"
#include "cc/kernels/validate.h"
#include "tools/gpu/input_checks.h"

namespace mesh_renderer {
namespace {

struct CpuValidator {
  const ParallelFor& parallel_for;

  int64_t FindBadCoordinate(const float* values, int64_t count) const {
    return mesh_renderer::FindBadCoordinate(values, count, parallel_for);
  }
  FacesReport CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices) const {
    return mesh_renderer::CheckFaces(faces, num_rows, num_vertices, parallel_for);
  }
  int64_t FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces) const {
    return mesh_renderer::FindBadFaceId(face_id, count, num_faces, parallel_for);
  }
  int64_t FindPaddedFaceId(const FacesView& faces, const ImageShape& image,
                           const int32_t* face_id) const {
    return mesh_renderer::FindPaddedFaceId(faces, image, face_id, parallel_for);
  }
};

template <typename Params, typename Kernel>
const char* RunOnCpu(const Params& params, int threads, bool check_inputs, const Kernel& kernel) {
  static_assert(std::is_standard_layout_v<Params> && std::is_trivially_copyable_v<Params>);
  thread_local std::string error;
  const ThreadsForTest parallel_for(threads);
  if (check_inputs) {
    const CpuValidator validator{parallel_for};
    InputChecks<const CpuValidator> checks(&validator);
    CheckInputs(params, &checks);
    error = checks.error();
    if (!error.empty()) return error.c_str();
  }
  kernel(params, parallel_for);
  return nullptr;
}

}  // namespace

#define MR_CPU_ENTRY_POINT(X)                                                              \
  MR_C_FUNCTION(size_t) MeshRenderer##X##ParamsSize() { return sizeof(X##Params<float>); } \
  MR_C_FUNCTION(const char*)                                                               \
  MeshRenderer##X##Cpu(const X##Params<float>* params, int threads, int check_inputs) {    \
    return RunOnCpu(*params, threads, check_inputs != 0,                                   \
                    [](const X##Params<float>& p, const ParallelFor& parallel_for) {       \
                      X##Cpu(p, parallel_for);                                             \
                    });                                                                    \
  }
MR_FOR_EACH_KERNEL(MR_CPU_ENTRY_POINT)

}  // namespace mesh_renderer
