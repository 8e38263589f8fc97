// Which instruction set the hot loops run with; chosen once, at run time.
#pragma once

namespace mesh_renderer {

// The library holds every hot loop once per target. All targets give the same bits.
enum class CpuTarget { kBaseline, kAvx2, kAvx512 };

// The best target of this processor, or the one named by TF_MESH_RENDERER_CPU_TARGET
// (baseline, avx2, avx512) if the processor has it.
CpuTarget ActiveCpuTarget();

// "baseline", "avx2" or "avx512".
const char* CpuTargetName(CpuTarget target);

}  // namespace mesh_renderer
