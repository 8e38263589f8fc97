// The side of the custom call that XLA runs: finds the op in the table and calls it.

#include <cstring>

#include "cc/ops/op_table.h"
#include "cc/ops/shared_blocks.h"
#include "cc/xla/custom_call.h"
#include "tensorflow/core/platform/errors.h"
#include "xla/ffi/api/ffi.h"

namespace xla::ffi {

// Declared here because the header that declares it needs others that TensorFlow does not ship.
const XLA_FFI_Api* GetXlaFfiApi();

}  // namespace xla::ffi

namespace mesh_renderer {
namespace {

namespace ffi = xla::ffi;

class XlaAttributes final : public Attributes {
 public:
  explicit XlaAttributes(const ffi::Dictionary& attributes) : attributes_(attributes) {}
  absl::Status Get(const char* name, std::string* value) const override {
    return Read<std::string_view>(name, value);
  }
  absl::Status Get(const char* name, float* value) const override {
    return Read<float>(name, value);
  }
  absl::Status Get(const char* name, int* value) const override {
    return Read<int32_t>(name, value);
  }
  absl::Status Get(const char* name, bool* value) const override { return Read<bool>(name, value); }

 private:
  template <typename Stored, typename T>
  absl::Status Read(const char* name, T* value) const {
    const auto found = attributes_.get<Stored>(name);
    if (!found.has_value()) return absl::InternalError(found.error().message());
    *value = T(*found);
    return absl::OkStatus();
  }

  const ffi::Dictionary& attributes_;
};

// Buffers that XLA has allocated already.
template <typename Backend>
class XlaOpCall final : public OpCall {
 public:
  XlaOpCall(const ffi::Dictionary& attributes, const ffi::RemainingArgs& inputs,
            const ffi::RemainingRets& outputs, const Backend& backend)
      : inputs_(inputs), outputs_(outputs), backend_(backend) {
    if (!attributes.contains(kImageSizeAttribute)) return;
    image_size_ = attributes.get<ffi::Span<const int32_t>>(kImageSizeAttribute).value().begin();
    image_size_place_ = attributes.get<int32_t>(kImageSizePlaceAttribute).value();
  }

  Array input(int place) const override {
    if (place == image_size_place_) return {image_size_, {2}};
    const ffi::AnyBuffer buffer = Buffer(place);
    const auto dims = buffer.dimensions();
    return {buffer.untyped_data(), {dims.begin(), dims.end()}};
  }

  absl::Status Allocate(int place, absl::Span<const int64_t> dims, void** data) override {
    const ffi::AnyBuffer buffer = *outputs_.get<ffi::AnyBuffer>(place).value();
    const auto compiled = buffer.dimensions();
    if (dims != absl::Span<const int64_t>(compiled.begin(), compiled.size())) {
      return absl::InternalError("XLA compiled an op of the mesh renderer for another shape");
    }
    *data = buffer.untyped_data();
    return absl::OkStatus();
  }

  absl::Status Forward(int input, int output) override {
    const ffi::AnyBuffer from = Buffer(input);
    void* to = nullptr;
    TF_RETURN_IF_ERROR(Allocate(output, this->input(input).dims, &to));
    return backend_.Copy(from.untyped_data(), from.size_bytes(), to);
  }

 private:
  ffi::AnyBuffer Buffer(int place) const {
    const bool behind = image_size_ != nullptr && place > image_size_place_;
    return inputs_.get<ffi::AnyBuffer>(place - (behind ? 1 : 0)).value();
  }

  const ffi::RemainingArgs& inputs_;
  const ffi::RemainingRets& outputs_;
  const Backend& backend_;
  const int32_t* image_size_ = nullptr;
  int image_size_place_ = -1;
};

// Runs the op that the attributes name.
template <typename Backend>
absl::Status RunOp(const OpTable<Backend>& table, const ffi::Dictionary& dictionary, OpCall& call,
                   const Backend& backend) {
  const XlaAttributes attributes(dictionary);
  std::string name, type;
  std::unique_ptr<AnyOp<Backend>> op;
  TF_RETURN_IF_ERROR(attributes.Get(kOpAttribute, &name));
  TF_RETURN_IF_ERROR(attributes.Get(kTypeAttribute, &type));
  TF_RETURN_IF_ERROR(MakeOp(table, name, type, attributes, &op));
  return op->Run(call, backend);
}

// Both count their codes alike.
ffi::Error ToError(const absl::Status& status) {
  if (status.ok()) return ffi::Error::Success();
  return ffi::Error(static_cast<XLA_FFI_Error_Code>(status.code()), std::string(status.message()));
}

// XLA's threads; without them, which a pool of no threads says, the caller alone.
class XlaParallelFor final : public ParallelFor {
 public:
  explicit XlaParallelFor(ffi::ThreadPool& pool) : pool_(pool) {}

  int num_threads() const override { return std::max(1, static_cast<int>(pool_.num_threads())); }

  void Run(int64_t total, int64_t block, const RangeBody& body) const override {
    RunShared(total, block, body, num_threads(),
              [this](auto helper) { pool_.Schedule(std::move(helper)); });
  }

 private:
  ffi::ThreadPool& pool_;
};

ffi::Error RunOnCpu(ffi::ThreadPool pool, ffi::Dictionary attributes, ffi::RemainingArgs inputs,
                    ffi::RemainingRets outputs) {
  const XlaParallelFor parallel_for(pool);
  const CpuBackend backend{parallel_for};
  XlaOpCall<CpuBackend> call(attributes, inputs, outputs, backend);
  return ToError(RunOp(CpuOps(), attributes, call, backend));
}

XLA_FFI_DEFINE_HANDLER(
    kRunOnCpu, RunOnCpu,
    ffi::Ffi::Bind().Ctx<ffi::ThreadPool>().Attrs().RemainingArgs().RemainingRets());
XLA_FFI_REGISTER_HANDLER(ffi::GetXlaFfiApi(), kCustomCallTarget, "Host", kRunOnCpu);

#if MR_CUDA
// XLA gives the memory to later work on the same stream only.
class XlaScratch final : public ScratchAllocator {
 public:
  explicit XlaScratch(ffi::ScratchAllocator& allocator) : allocator_(allocator) {}

  void* Allocate(size_t bytes) override {
    // XLA refuses to promise more. All types here are content with it, and CUB aligns its own.
    constexpr size_t kAlignment = 16;
    return allocator_.Allocate(bytes, kAlignment).value_or(nullptr);
  }

 private:
  ffi::ScratchAllocator& allocator_;
};

ffi::Error RunOnCuda(void* stream, ffi::ScratchAllocator allocator, ffi::Dictionary attributes,
                     ffi::RemainingArgs inputs, ffi::RemainingRets outputs) {
  XlaScratch scratch(allocator);
  const CudaBackend backend{{stream, &scratch}};
  XlaOpCall<CudaBackend> call(attributes, inputs, outputs, backend);
  return ToError(RunOp(CudaOps(), attributes, call, backend));
}

XLA_FFI_DEFINE_HANDLER(kRunOnCuda, RunOnCuda,
                       ffi::Ffi::Bind()
                           .Ctx<ffi::PlatformStream<void*>>()
                           .Ctx<ffi::ScratchAllocator>()
                           .Attrs()
                           .RemainingArgs()
                           .RemainingRets());
XLA_FFI_REGISTER_HANDLER(ffi::GetXlaFfiApi(), kCustomCallTarget, "CUDA", kRunOnCuda);
#endif

}  // namespace
}  // namespace mesh_renderer
