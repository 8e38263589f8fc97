#include "cc/ops/op_table.h"

namespace mesh_renderer {

// Built at the first use and never destroyed: registrations run before main and in any order.
OpTable<CpuBackend>& CpuOps() {
  static auto* const table = new OpTable<CpuBackend>;
  return *table;
}

OpTable<CudaBackend>& CudaOps() {
  static auto* const table = new OpTable<CudaBackend>;
  return *table;
}

}  // namespace mesh_renderer
