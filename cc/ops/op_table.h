// The table of all ops, by which a binding other than TensorFlow's own, XLA's, finds them at run
// time. It fills itself: MR_REGISTER_OP adds to it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cc/ops/backend.h"
#include "cc/ops/op_call.h"

namespace mesh_renderer {

// An op for one backend, its class forgotten.
template <typename Backend>
class AnyOp {
 public:
  virtual ~AnyOp() = default;
  virtual absl::Status ReadAttributes(const Attributes& attributes) = 0;
  virtual absl::Status Run(OpCall& call, const Backend& backend) const = 0;
};

template <typename Op, typename Backend>
class AnyOpOf final : public AnyOp<Backend> {
 public:
  static std::unique_ptr<AnyOp<Backend>> Make() { return std::make_unique<AnyOpOf>(); }
  absl::Status ReadAttributes(const Attributes& attributes) override {
    return op_.ReadAttributes(attributes);
  }
  absl::Status Run(OpCall& call, const Backend& backend) const override {
    return op_.Run(call, backend);
  }

 private:
  Op op_;
};

template <typename Backend>
struct OpEntry {
  std::string name;  // "MeshRenderer>Rasterize"
  std::string type;  // of the attribute T: "float" or "double"
  std::unique_ptr<AnyOp<Backend>> (*make)();
};

template <typename Backend>
using OpTable = std::vector<OpEntry<Backend>>;

// Functions that are not inline: whatever libraries of a process ask, there is one table.
OpTable<CpuBackend>& CpuOps();
OpTable<CudaBackend>& CudaOps();  // empty without CUDA kernels

// The op of this name and type with its attributes read.
template <typename Backend>
absl::Status MakeOp(const OpTable<Backend>& table, const std::string& name, const std::string& type,
                    const Attributes& attributes, std::unique_ptr<AnyOp<Backend>>* op) {
  for (const OpEntry<Backend>& entry : table) {
    if (entry.name != name || entry.type != type) continue;
    *op = entry.make();
    return (*op)->ReadAttributes(attributes);
  }
  return absl::InternalError(name + " of " + type + " is not in the table of ops");
}

}  // namespace mesh_renderer
