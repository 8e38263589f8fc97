"""Facts about the compiled op library, readable without loading it."""

import dataclasses
import json
import pathlib

_PACKAGE = pathlib.Path(__file__).resolve().parent
LIBRARY_PATH = _PACKAGE / "_mesh_renderer_ops.so"
XLA_LIBRARY_PATH = _PACKAGE / "_mesh_renderer_xla.so"
BUILD_INFO_PATH = _PACKAGE / "_build_info.json"


@dataclasses.dataclass(frozen=True)
class BuildInfo:
    """What the op library was built from and for; `print` shows one fact per line.

    Attributes:
      version: version of tf_mesh_renderer that was compiled.
      tensorflow: full version of the TensorFlow whose headers were used, "2.21.0".
      cxx11_abi: value of _GLIBCXX_USE_CXX11_ABI, 0 or 1, which must equal TensorFlow's.
      compiler: first line that the C++ compiler prints for --version.
      cpu_targets: instruction sets compiled in, slowest first.
      cuda: version of the CUDA compiler, "13.0"; "none" for a library without CUDA kernels.
      cuda_architectures: GPU architectures with machine code of their own, "sm_90"; newer GPUs
        compile the library's PTX when it is first used.
      active_cpu_target: the instruction set that this process computes with: the fastest that the
        machine has, or the one named by the environment variable TF_MESH_RENDERER_CPU_TARGET;
        None until the library is loaded.
      xla: the devices for which `jit_compile=True` compiles the ops, "cpu" or "cpu, cuda", or
        "not available: " and why: the library's second half, which XLA needs, fits fewer builds of
        TensorFlow than the first. None until the library is loaded.
    """

    version: str
    tensorflow: str
    cxx11_abi: int
    compiler: str
    cpu_targets: tuple[str, ...]
    cuda: str
    cuda_architectures: tuple[str, ...]
    active_cpu_target: str | None = None
    xla: str | None = None

    @property
    def tensorflow_minor(self):
        """The "major.minor" part of the TensorFlow version, to which the library is bound."""
        return minor_version(self.tensorflow)

    def __str__(self):
        lines = []
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            text = ", ".join(value) or "none" if isinstance(value, tuple) else str(value)
            lines.append(f"{field.name.replace('_', ' '):<20}{text}")
        return "\n".join(lines)


def minor_version(version):
    """Cuts "2.21.0-rc1" to "2.21"."""
    return ".".join(version.split(".")[:2])


def read_build_info(path=BUILD_INFO_PATH):
    """Reads the file that the build writes next to the library.

    Args:
      path: the JSON file; one key per field of `BuildInfo`.
    Returns:
      The `BuildInfo`.
    Raises:
      OSError: the file cannot be read.  ValueError, TypeError: it is not what the build writes.
    """
    facts = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    lists = {key: tuple(value) for key, value in facts.items() if isinstance(value, list)}
    return BuildInfo(**(facts | lists))
