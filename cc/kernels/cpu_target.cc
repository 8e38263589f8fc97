#include "cc/kernels/cpu_target.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace mesh_renderer {
namespace {

CpuTarget BestTarget() {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return CpuTarget::kAvx512;
  }
  return __builtin_cpu_supports("avx2") ? CpuTarget::kAvx2 : CpuTarget::kBaseline;
}

CpuTarget ChooseTarget() {
  const CpuTarget best = BestTarget();
  const char* wanted = std::getenv("TF_MESH_RENDERER_CPU_TARGET");
  if (wanted == nullptr) return best;
  for (CpuTarget target : {CpuTarget::kBaseline, CpuTarget::kAvx2, CpuTarget::kAvx512}) {
    if (target <= best && std::strcmp(wanted, CpuTargetName(target)) == 0) return target;
  }
  return best;
}

}  // namespace

CpuTarget ActiveCpuTarget() {
  static const CpuTarget target = ChooseTarget();
  return target;
}

const char* CpuTargetName(CpuTarget target) {
  switch (target) {
    case CpuTarget::kAvx512:
      return "avx512";
    case CpuTarget::kAvx2:
      return "avx2";
    case CpuTarget::kBaseline:
      break;
  }
  return "baseline";
}

}  // namespace mesh_renderer

// Read by Python (ctypes) for build_info().
extern "C" __attribute__((visibility("default"))) const char* MeshRendererCpuTarget() {
  return mesh_renderer::CpuTargetName(mesh_renderer::ActiveCpuTarget());
}
