// The CUDA kernels behind the functions of kernel_list.h.
#include <cuda_runtime.h>

#include <vector>

#include "cc/kernels/cuda_context.h"
#include "cc/kernels/validate.h"
#include "tools/gpu/input_checks.h"

namespace mesh_renderer {
namespace {

// Memory of CUDA's pool, given back when all that the call has queued has run.
class PooledScratch final : public ScratchAllocator {
 public:
  explicit PooledScratch(cudaStream_t stream) : stream_(stream) {}
  ~PooledScratch() override {
    for (void* memory : allocated_) cudaFreeAsync(memory, stream_);
  }

  void* Allocate(size_t bytes) override {
    static const bool kept = KeepFreedMemory();
    static_cast<void>(kept);  // without it memory only comes more slowly
    void* memory = nullptr;
    if (cudaMallocAsync(&memory, bytes, stream_) != cudaSuccess) return nullptr;
    allocated_.push_back(memory);
    return memory;
  }

 private:
  // Else the pool returns its memory to the driver whenever the GPU is waited for.
  static bool KeepFreedMemory() {
    int device = 0;
    cudaMemPool_t pool;
    uint64_t everything = UINT64_MAX;
    return cudaGetDevice(&device) == cudaSuccess &&
           cudaDeviceGetDefaultMemPool(&pool, device) == cudaSuccess &&
           cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &everything) ==
               cudaSuccess;
  }

  const cudaStream_t stream_;
  std::vector<void*> allocated_;
};

// Keeps the first error of CUDA; after one it finds nothing wrong.
class CudaValidator {
 public:
  explicit CudaValidator(const CudaContext& context) : context_(context) {}
  const CudaError& error() const { return error_; }

  int64_t FindBadCoordinate(const float* values, int64_t count) {
    int64_t offender = kNoOffender;
    Keep(FindBadCoordinateCuda(values, count, context_, &offender));
    return offender;
  }
  FacesReport CheckFaces(const int32_t* faces, int64_t num_rows, int64_t num_vertices) {
    FacesReport report{kNoOffender, false};
    Keep(CheckFacesCuda(faces, num_rows, num_vertices, context_, &report));
    return report;
  }
  int64_t FindBadFaceId(const int32_t* face_id, int64_t count, int64_t num_faces) {
    int64_t offender = kNoOffender;
    Keep(FindBadFaceIdCuda(face_id, count, num_faces, context_, &offender));
    return offender;
  }
  int64_t FindPaddedFaceId(const FacesView& faces, const ImageShape& image,
                           const int32_t* face_id) {
    int64_t offender = kNoOffender;
    Keep(FindPaddedFaceIdCuda(faces, image, face_id, context_, &offender));
    return offender;
  }

 private:
  void Keep(const CudaError& error) {
    if (error_.empty()) error_ = error;
  }

  const CudaContext context_;
  CudaError error_;
};

template <typename Params, typename Kernel>
const char* RunOnGpu(const Params& params, void* stream, bool check_inputs, const Kernel& kernel) {
  thread_local CudaError error;
  PooledScratch scratch(static_cast<cudaStream_t>(stream));
  const CudaContext context{stream, &scratch};
  error.clear();
  if (check_inputs) {
    CudaValidator validator(context);
    InputChecks<CudaValidator> checks(&validator);
    CheckInputs(params, &checks);
    error = validator.error().empty() ? checks.error() : validator.error();
  }
  if (error.empty()) error = kernel(params, context);
  return error.empty() ? nullptr : error.c_str();
}

}  // namespace

#define MR_CUDA_ENTRY_POINT(X)                                                            \
  MR_C_FUNCTION(const char*)                                                              \
  MeshRenderer##X##Cuda(const X##Params<float>* params, void* stream, int check_inputs) { \
    return RunOnGpu(*params, stream, check_inputs != 0,                                   \
                    [](const X##Params<float>& p, const CudaContext& context) {           \
                      return X##Cuda(p, context);                                         \
                    });                                                                   \
  }
MR_FOR_EACH_KERNEL(MR_CUDA_ENTRY_POINT)

// Of the runtime library that is linked in, and the newest that the driver knows, as 13000
// for 13.0.
MR_C_FUNCTION(int) MeshRendererCudaRuntimeVersion() {
  int version = 0;
  return cudaRuntimeGetVersion(&version) == cudaSuccess ? version : 0;
}

MR_C_FUNCTION(int) MeshRendererCudaDriverVersion() {
  int version = 0;
  return cudaDriverGetVersion(&version) == cudaSuccess ? version : 0;
}

}  // namespace mesh_renderer
