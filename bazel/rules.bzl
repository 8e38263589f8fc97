"""The few rules of this project: a kernel library with one object per instruction set, CUDA objects,
and tests."""

load("@local_config_cuda//:facts.bzl", "CUDA_ARCHITECTURES", "CUDA_VERSION", "NVCC")

# -ffp-contract=off: fused multiply-adds would make results depend on the instruction set.
# -Wno-psabi: silences GCC's notes about passing wide vectors, which only inlined functions do here.
MR_COPTS = [
    "-Wall",
    "-Wextra",
    "-Wshadow",
    "-Wno-psabi",
    "-Werror",
    "-ffp-contract=off",
]

# What tells C++ files that there are CUDA kernels to call.
MR_CUDA_COPTS = ["-DMR_CUDA=1"] if NVCC else []

# -fmad=false: as -ffp-contract=off, so that GPUs and CPUs agree on every pixel that a face covers.
# Only literals: tools/gpu/build.py reads this list, MR_COPTS and CPU_TARGETS.
NVCC_FLAGS = [
    "-std=c++17",
    "-O3",
    "--extended-lambda",
    "--expt-relaxed-constexpr",
    "-fmad=false",
    "-Werror=all-warnings",
    "-Xcompiler=-fPIC,-Wall,-Wextra,-Wno-psabi",
]

NVCC_OPTIONS = NVCC_FLAGS + [
    "-gencode=arch=compute_%d,code=sm_%d" % (architecture, architecture)
    for architecture in CUDA_ARCHITECTURES
] + [
    # For GPUs newer than the compiler.
    "-gencode=arch=compute_%d,code=compute_%d" % (architecture, architecture)
    for architecture in CUDA_ARCHITECTURES[-1:]
]

# Files named *_<target>.cc are compiled for that target, every other file for plain x86-64, which
# each machine has. Kernels choose among the targets at run time.
CPU_TARGETS = {
    "avx2": ["-mavx2"],
    "avx512": [
        "-mavx512f",
        "-mavx512dq",
        "-mavx512bw",
        "-mavx512vl",
        "-mprefer-vector-width=512",
    ],
}

def mr_kernel_library(name, deps, **kwargs):
    """All headers and sources of the package, tests excepted, each with the flags of its target."""
    tests = ["*_test.cc"]
    per_target = ["*_%s.cc" % target for target in CPU_TARGETS]
    native.cc_library(
        name = name + "_headers",
        hdrs = native.glob(["*.h"]),
        deps = deps,
        **kwargs
    )
    native.cc_library(
        name = name + "_baseline",
        srcs = native.glob(["*.cc"], exclude = tests + per_target),
        copts = MR_COPTS,
        alwayslink = True,  # The objects of the targets refer to each other in both directions.
        deps = [name + "_headers"],
    )
    for target, flags in CPU_TARGETS.items():
        native.cc_library(
            name = name + "_" + target,
            srcs = native.glob(["*_%s.cc" % target], allow_empty = True),
            copts = MR_COPTS + flags,
            alwayslink = True,
            deps = [name + "_headers"],
        )
    native.cc_library(
        name = name,
        deps = [name + "_" + part for part in ["headers", "baseline"] + CPU_TARGETS.keys()],
        **kwargs
    )

def mr_cuda_library(name, hdrs, **kwargs):
    """All *.cu of the package, compiled by nvcc; empty where there is none.

    Args:
      name: the library.
      hdrs: labels of all headers that a .cu file may include.
      **kwargs: for the library.
    """
    objects = []
    for source in native.glob(["*.cu"]) if NVCC else []:
        stem = source[:-len(".cu")]
        objects.append(stem + ".pic.o")
        native.genrule(
            name = stem + "_object",
            srcs = [source] + hdrs,
            outs = [stem + ".pic.o"],
            cmd = "%s %s -I. -c $(location %s) -o $@" % (NVCC, " ".join(NVCC_OPTIONS), source),
        )
    native.cc_library(
        name = name,
        srcs = objects,
        deps = ["@local_config_cuda//:cudart"] if NVCC else [],
        **kwargs
    )

def mr_cc_tests(deps):
    """One cc_test per *_test.cc of the package: a new test needs no edit of a BUILD file."""
    for source in native.glob(["*_test.cc"]):
        native.cc_test(
            name = source[:-len(".cc")],
            size = "small",
            srcs = [source],
            copts = MR_COPTS,
            linkopts = ["-pthread"],
            linkstatic = True,  # As in the op library: the linker sees all objects at once.
            deps = deps + ["@googletest//:gtest_main"],
        )

def mr_build_info(name, out, tensorflow, cxx11_abi):
    """Writes the JSON file that the Python package reads before it loads the library."""
    facts = struct(
        tensorflow = tensorflow,
        cxx11_abi = cxx11_abi,
        cpu_targets = ["baseline"] + CPU_TARGETS.keys(),
        cuda = CUDA_VERSION or "none",
        cuda_architectures = ["sm_%d" % architecture for architecture in CUDA_ARCHITECTURES],
    )
    native.genrule(
        name = name,
        srcs = ["//:tf_mesh_renderer/version.py"],
        outs = [out],
        cmd = " ".join([
            "bash $(location //bazel:write_build_info.sh) $(CC) $(location //:tf_mesh_renderer/version.py)",
            "'%s' > $@" % json.encode(facts),
        ]),
        toolchains = ["@bazel_tools//tools/cpp:current_cc_toolchain"],
        tools = ["//bazel:write_build_info.sh"],
    )
