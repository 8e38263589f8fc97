"""Builds the op library with Bazel against one TensorFlow and copies it into the package."""

import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bazel"))

from find_cuda import find_cuda  # noqa: E402

PRODUCTS = ("_mesh_renderer_ops.so", "_build_info.json")
# What XLA needs of a TensorFlow differs more between builds than what ops need.
OPTIONAL_PRODUCTS = ("_mesh_renderer_xla.so",)
DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-rocm")


class Tensorflow(NamedTuple):
    """An installed TensorFlow: an interpreter that imports it from a folder, and its version."""

    interpreter: str
    folder: str
    version: str


def find_tensorflow():
    """Returns the TensorFlow to compile against, or None.

    In this order: that of the interpreter named by TF_MESH_RENDERER_PYTHON; the one this process
    can import; the one of the environment that this interpreter belongs to. The last is what makes
    `pip install .` right: pip hides that environment from an isolated build, but the library has to
    fit the TensorFlow that is there.
    """
    chosen = os.environ.get("TF_MESH_RENDERER_PYTHON")
    if chosen:
        return _search(chosen, _import_path(chosen))
    installed = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return _search(sys.executable, sys.path) or _search(sys.executable, installed)


def _search(python, folders):
    for distribution in importlib.metadata.distributions(path=[f for f in folders if f]):
        name = (distribution.metadata["Name"] or "").lower().replace("_", "-")
        folder = distribution.locate_file("")
        if name in DISTRIBUTIONS and pathlib.Path(folder, "tensorflow", "include").is_dir():
            return Tensorflow(python, str(folder), distribution.version)
    return None


def _import_path(python):
    command = [python, "-c", "import sys; print(*sys.path, sep='\\n')"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def build(tensorflow):
    """Runs Bazel and copies its products next to the Python sources."""
    if shutil.which("bazel") is None:
        sys.exit("build_library: Bazel is not installed. Hint: type `make system`.")
    settings = {
        "TF_MESH_RENDERER_PYTHON": tensorflow.interpreter,
        "TF_MESH_RENDERER_TENSORFLOW_VERSION": tensorflow.version,
        "TF_MESH_RENDERER_CUDA": os.environ.get("TF_MESH_RENDERER_CUDA", ""),
        "TF_MESH_RENDERER_NVCC": _report_cuda(),
        "PYTHONPATH": tensorflow.folder,
    }
    options = [f"--repo_env={name}={value}" for name, value in settings.items()]
    print(f"Building for TensorFlow {tensorflow.version} in {tensorflow.folder}", flush=True)
    if not _bazel_builds(options, PRODUCTS):
        sys.exit("build_library: Bazel failed; its message stands above.")
    products = PRODUCTS
    if _bazel_builds(options, OPTIONAL_PRODUCTS):
        products += OPTIONAL_PRODUCTS
    else:
        print(
            "build_library: what XLA needs could not be built; the message stands above. "
            "Everything but jit_compile=True works without it.",
            file=sys.stderr,
        )
    info = ["bazel", "info", *options, "bazel-bin"]
    output = subprocess.run(info, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for product in PRODUCTS + OPTIONAL_PRODUCTS:
        target = ROOT / "tf_mesh_renderer" / product
        if product in products:
            _replace(pathlib.Path(output.strip(), product), target)
        else:
            target.unlink(missing_ok=True)


def _bazel_builds(options, products):
    command = ["bazel", "build", *options, *(f"//:{product}" for product in products)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _report_cuda():
    """Says which CUDA compiler is used, and returns its path, empty if there is none."""
    cuda = find_cuda()
    if cuda is None:
        print("No CUDA compiler: the library will compute on the CPU only (docs/gpu.md)")
        return ""
    names = ", ".join(f"sm_{architecture}" for architecture in cuda["architectures"])
    print(f"Compiling CUDA kernels with nvcc {cuda['version']} for {names}: {cuda['nvcc']}")
    return cuda["nvcc"]


def _replace(source, target):
    """Exchanges the file in one step: a process that has the old library mapped keeps it whole."""
    new = target.with_name(target.name + ".new")
    new.unlink(missing_ok=True)
    shutil.copyfile(source, new)
    new.chmod(0o755 if target.suffix == ".so" else 0o644)
    new.replace(target)


def main():
    tensorflow = find_tensorflow()
    if tensorflow is None:
        sys.exit(
            "build_library: no TensorFlow found to compile against. Hint: type `python -m pip "
            "install tensorflow-cpu`, or name an interpreter that has one in "
            "TF_MESH_RENDERER_PYTHON."
        )
    build(tensorflow)


if __name__ == "__main__":
    main()
