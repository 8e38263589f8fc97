"""Repository rule `tf_configure`: makes the installed TensorFlow a Bazel repository.

The interpreter in the environment variable TF_MESH_RENDERER_PYTHON is asked for TensorFlow; without
it .venv/bin/python of this tree, else python3. tools/build_library.py sets it, and sets
TF_MESH_RENDERER_TENSORFLOW_VERSION too, so that the rule runs again when TensorFlow is exchanged.
"""

_QUESTION = """
import json
import tensorflow as tf
print("FACTS " + json.dumps({
    "version": tf.__version__,
    "cxx11_abi": tf.sysconfig.CXX11_ABI_FLAG,
    "include": tf.sysconfig.get_include(),
    "compile_flags": [f for f in tf.sysconfig.get_compile_flags() if not f.startswith("-I")],
    "link_flags": tf.sysconfig.get_link_flags(),
}))
"""

_BUILD = """
# Written by tf_configure. Headers are system includes: their warnings are not ours.
cc_library(
    name = "tensorflow",
    hdrs = glob(["include/**"]),
    includes = ["include"],
    linkopts = {link_flags},
    visibility = ["//visibility:public"],
)

# The compiler of XLA. It includes two headers that TensorFlow does not ship; Debian's packages
# libfarmhash-dev and libhighwayhash-dev do.
cc_library(
    name = "tensorflow_cc",
    linkopts = ["-l:libtensorflow_cc.so.2"],
    visibility = ["//visibility:public"],
    deps = [":tensorflow"],
)
"""

_FACTS = '''"""Written by tf_configure: what TensorFlow says about itself."""

TF_VERSION = {version}
TF_CXX11_ABI = {cxx11_abi}
TF_COPTS = {compile_flags}
'''

def find_python(repository_ctx):
    """The interpreter whose packages count; see above."""
    chosen = repository_ctx.os.environ.get("TF_MESH_RENDERER_PYTHON", "")
    if chosen:
        return chosen
    workspace = repository_ctx.path(Label("//:WORKSPACE")).dirname
    venv = workspace.get_child(".venv").get_child("bin").get_child("python")
    return str(venv) if venv.exists else str(repository_ctx.which("python3"))

def _ask_tensorflow(repository_ctx):
    python = find_python(repository_ctx)
    result = repository_ctx.execute([python, "-c", _QUESTION])
    lines = [line for line in result.stdout.splitlines() if line.startswith("FACTS ")]
    if not lines:
        fail("`%s` cannot import TensorFlow. Set TF_MESH_RENDERER_PYTHON to an interpreter that can, or type `make build`.\n%s" %
             (python, result.stderr))
    return json.decode(lines[0][len("FACTS "):])

def _tf_configure_impl(repository_ctx):
    facts = _ask_tensorflow(repository_ctx)
    repository_ctx.symlink(facts["include"], "include")
    repository_ctx.file("BUILD", _BUILD.format(link_flags = repr(facts["link_flags"])))
    repository_ctx.file("facts.bzl", _FACTS.format(
        version = repr(facts["version"]),
        cxx11_abi = facts["cxx11_abi"],
        compile_flags = repr(facts["compile_flags"]),
    ))

tf_configure = repository_rule(
    implementation = _tf_configure_impl,
    configure = True,
    environ = [
        "PYTHONPATH",
        "TF_MESH_RENDERER_PYTHON",
        "TF_MESH_RENDERER_TENSORFLOW_VERSION",
    ],
)
