"""Repository rule `cuda_configure`: makes the CUDA compiler, if there is one, known to Bazel.

bazel/find_cuda.py says where it is looked for. tools/build_library.py sets TF_MESH_RENDERER_NVCC to
what it finds, so that the rule runs again when a compiler is installed or goes.
"""

load("//bazel:tf_configure.bzl", "find_python")

_BUILD = """
# Written by cuda_configure. The runtime library is linked statically: the op library loads where
# there is neither GPU nor driver.
cc_library(
    name = "cudart",
    srcs = {cudart},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

_FACTS = '''"""Written by cuda_configure: what the CUDA compiler can do; without one all is empty."""

NVCC = {nvcc}
CUDA_VERSION = {version}
CUDA_ARCHITECTURES = {architectures}
'''

_NONE = {"nvcc": "", "version": "", "architectures": [], "cudart": ""}

def _cuda_configure_impl(repository_ctx):
    script = repository_ctx.path(Label("//bazel:find_cuda.py"))
    result = repository_ctx.execute([find_python(repository_ctx), script])
    if result.return_code:
        fail(result.stderr)
    facts = json.decode(result.stdout) or _NONE
    if facts["nvcc"]:
        repository_ctx.symlink(facts["cudart"], "libcudart_static.a")
    repository_ctx.file("BUILD", _BUILD.format(
        cudart = repr(["libcudart_static.a"] if facts["nvcc"] else []),
        linkopts = repr(["-ldl", "-lpthread", "-lrt"] if facts["nvcc"] else []),
    ))
    repository_ctx.file("facts.bzl", _FACTS.format(
        nvcc = repr(facts["nvcc"]),
        version = repr(facts["version"]),
        architectures = repr(facts["architectures"]),
    ))

cuda_configure = repository_rule(
    implementation = _cuda_configure_impl,
    configure = True,
    environ = [
        "CUDA_HOME",
        "PATH",
        "TF_MESH_RENDERER_CUDA",
        "TF_MESH_RENDERER_NVCC",
        "TF_MESH_RENDERER_PYTHON",
    ],
)
