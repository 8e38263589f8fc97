"""Loads the op library once, after checking that it fits the TensorFlow of this process."""

import ctypes
import dataclasses
import functools
import importlib.metadata
import os
import pathlib

from tf_mesh_renderer import _build_info

try:
    import tensorflow as tf
except ModuleNotFoundError as error:
    raise ImportError(
        "tf_mesh_renderer needs TensorFlow, which is not installed. Hint: type "
        "`python -m pip install 'tf_mesh_renderer[tensorflow-cpu]'` (or [tensorflow], [and-cuda])."
    ) from error

_SOURCE_TREE = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def library():
    """Returns the module of raw ops; the first call checks the build and loads the library.

    The library is loaded exactly once and by absolute path: two copies of it in one process would
    register every kernel twice and fail at the first use.

    Returns:
      The module that `tf.load_op_library` makes, with one function per op (`mesh_renderer_*`).
    Raises:
      ImportError: the library is missing, was built for another TensorFlow, or Keras runs on a
        backend other than TensorFlow; the message names the command that helps.
    """
    info = _read_build_info()
    _check_build(info)
    _check_cpu_target(info)
    _check_keras_backend()
    return tf.load_op_library(str(_build_info.LIBRARY_PATH))


@functools.cache
def xla():
    """Loads the second half of the library, which makes XLA compile the ops, if it can be loaded.

    It calls into parts of TensorFlow that other builds of the same version may lack. Without it
    everything works but `jit_compile=True`.

    Returns:
      The devices that are compiled for, "cpu" or "cpu, cuda", or "not available: " and why.
    """
    library()
    path = _build_info.XLA_LIBRARY_PATH
    if not path.is_file():
        return f"not available: {path} is missing"
    try:
        tf.load_library(str(path))
    except tf.errors.OpError as error:
        return f"not available: {error.message}"
    has_cuda = bool(_build_info.read_build_info().cuda_architectures)
    return "cpu, cuda" if has_cuda else "cpu"


def xla_serves_all_devices():
    """Whether XLA can compile the ops wherever TensorFlow may place them in this process.

    Keras asks before it turns XLA on by itself, which it does where there is a GPU.
    """
    compiled_for = xla().split(", ")
    needed = ["cpu"] + (["cuda"] if tf.config.list_physical_devices("GPU") else [])
    return all(device in compiled_for for device in needed)


def build_info():
    """Says what the op library was built from and for, and what it runs with.

    Returns:
      A `BuildInfo`: versions of this package and of TensorFlow, compiler, CPU targets, CUDA
      architectures, the CPU target in use, and what XLA can compile for; `print` shows one fact per
      line.
    Raises:
      ImportError: as `library`.
    """
    library()
    # The same file by the same path: this is a second handle on the loaded library, no second copy.
    active = ctypes.CDLL(str(_build_info.LIBRARY_PATH)).MeshRendererCpuTarget
    active.restype = ctypes.c_char_p
    info = _build_info.read_build_info()
    return dataclasses.replace(info, active_cpu_target=active().decode(), xla=xla())


def _read_build_info():
    for path in (_build_info.LIBRARY_PATH, _build_info.BUILD_INFO_PATH):
        if not path.is_file():
            raise ImportError(
                f"tf_mesh_renderer: expected the compiled op library at {path}, found no such "
                f"file. Hint: type `{_rebuild_command()}`."
            )
    return _build_info.read_build_info(_build_info.BUILD_INFO_PATH)


def _check_build(info):
    """Compares what the library was built for with the TensorFlow that was imported."""
    found_minor = _build_info.minor_version(tf.__version__)
    if found_minor != info.tensorflow_minor:
        raise ImportError(
            f"tf_mesh_renderer: the op library was built for TensorFlow {info.tensorflow_minor} "
            f"(compiled against {info.tensorflow}), found TensorFlow {tf.__version__}. "
            "TensorFlow's C++ interface changes between minor versions. Hint: type `python -m pip "
            f"install '{_tensorflow_distribution()}=={info.tensorflow_minor}.*'`, or build for the "
            f"TensorFlow that is installed: `{_rebuild_command()}`."
        )
    if info.cxx11_abi != tf.sysconfig.CXX11_ABI_FLAG:
        raise ImportError(
            "tf_mesh_renderer: the op library was built with _GLIBCXX_USE_CXX11_ABI="
            f"{info.cxx11_abi}, found a TensorFlow {tf.__version__} built with "
            f"{tf.sysconfig.CXX11_ABI_FLAG}. Hint: type `{_rebuild_command()}`."
        )


def _check_cpu_target(info):
    """Refuses a misspelt target; one that the machine lacks falls back to the best it has."""
    requested = os.environ.get("TF_MESH_RENDERER_CPU_TARGET")
    if requested is not None and requested not in info.cpu_targets:
        raise ImportError(
            "tf_mesh_renderer: expected TF_MESH_RENDERER_CPU_TARGET to be one of "
            f"{', '.join(info.cpu_targets)}, received {requested!r}. Hint: unset it to use the "
            "best target of this machine."
        )


def _check_keras_backend():
    """Keras layers of this package hand tensors to TensorFlow ops, so no other backend can work."""
    hint = "Hint: set the environment variable KERAS_BACKEND=tensorflow before Python starts."
    requested = os.environ.get("KERAS_BACKEND", "tensorflow")
    if requested != "tensorflow":
        raise ImportError(
            "tf_mesh_renderer: expected the Keras backend `tensorflow`, received "
            f"KERAS_BACKEND={requested}. {hint}"
        )
    import keras  # After the check above: with another backend the import itself can fail.

    if keras.config.backend() != "tensorflow":
        raise ImportError(
            "tf_mesh_renderer: expected the Keras backend `tensorflow`, received "
            f"`{keras.config.backend()}` (keras.json). {hint}"
        )


def _tensorflow_distribution():
    """Name under which pip knows the imported TensorFlow (`tensorflow-cpu`, `tensorflow`, ...)."""
    names = importlib.metadata.packages_distributions().get("tensorflow", ["tensorflow"])
    return names[0]


def _rebuild_command():
    if (_SOURCE_TREE / "WORKSPACE").is_file():
        return f"make -C {_SOURCE_TREE} build"
    return "python -m pip install --no-deps --force-reinstall SOURCE_TREE_OF_TF_MESH_RENDERER"


# At import, so that the checks come before anything else that could fail for the same reason.
library()
xla()
