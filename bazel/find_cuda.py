"""Finds the CUDA compiler and says what it can do, as one line of JSON.

TF_MESH_RENDERER_CUDA=0 turns CUDA off, =1 makes it an error that there is none. Otherwise nvcc is
looked for in CUDA_HOME, on PATH, in /usr/local/cuda and among the wheels of PyPI
(nvidia-cuda-nvcc, nvidia-cuda-runtime, nvidia-cuda-cccl) of the running interpreter, in this order.
"""

import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

# One binary for each of these that the compiler knows, and PTX of the newest for GPUs to come.
ARCHITECTURES = (75, 80, 86, 89, 90, 100, 120)
OLDEST_VERSION = (12, 0)
SYSTEM_NVCC = pathlib.Path("/usr/local/cuda/bin/nvcc")
_LIBRARY_FOLDERS = ("lib64", "lib", "targets/x86_64-linux/lib", "lib/x86_64-linux-gnu")


def find_cuda():
    """Returns what is known of the CUDA compiler, or None if there is none or none is wanted.

    Returns:
      A dict with `nvcc` (path), `version` ("13.0"), `architectures` (list of numbers such as 90)
      and `cudart` (path of the static runtime library).
    Raises:
      SystemExit: TF_MESH_RENDERER_CUDA is neither empty, 0 nor 1, or is 1 and nothing was found.
    """
    wanted = os.environ.get("TF_MESH_RENDERER_CUDA", "")
    if wanted not in ("", "0", "1"):
        sys.exit(f"TF_MESH_RENDERER_CUDA: expected 0, 1 or nothing, received {wanted!r}.")
    found = None if wanted == "0" else next(filter(None, map(_facts, _candidates())), None)
    if wanted == "1" and found is None:
        sys.exit(
            "TF_MESH_RENDERER_CUDA=1: expected nvcc of CUDA 12 or newer with libcudart_static.a, "
            "found none. Hint: type `pip install nvidia-cuda-nvcc nvidia-cuda-runtime "
            "nvidia-cuda-cccl`, or set CUDA_HOME."
        )
    return found


def _candidates():
    if os.environ.get("CUDA_HOME"):
        yield pathlib.Path(os.environ["CUDA_HOME"], "bin", "nvcc")
    if shutil.which("nvcc"):
        yield pathlib.Path(shutil.which("nvcc"))
    yield SYSTEM_NVCC
    wheels = importlib.util.find_spec("nvidia")
    for folder in wheels.submodule_search_locations if wheels else ():
        yield from sorted(pathlib.Path(folder).glob("cu*/bin/nvcc"), reverse=True)


def _facts(nvcc):
    """What one nvcc can do; None if it is old, does not run or lacks its runtime library."""
    try:
        version = _ask(nvcc, "--version")
        known = _ask(nvcc, "--list-gpu-code")
        dry_run = _ask(nvcc, "--dryrun", "-x", "cu", "-c", os.devnull)
    except (OSError, subprocess.CalledProcessError):
        return None
    # The program on PATH may be a script that calls the real one; that one knows its folder.
    root = pathlib.Path(re.search(r"_HERE_=(.+)", dry_run).group(1).strip()).parent
    libraries = [root / folder / "libcudart_static.a" for folder in _LIBRARY_FOLDERS]
    cudart = next((library for library in libraries if library.is_file()), None)
    architectures = [a for a in ARCHITECTURES if f"sm_{a}" in known.split()]
    release = re.search(r"release (\d+\.\d+)", version).group(1)
    if cudart is None or tuple(map(int, release.split("."))) < OLDEST_VERSION:
        return None
    facts = {"nvcc": nvcc, "version": release, "architectures": architectures, "cudart": cudart}
    return {key: str(v) if isinstance(v, pathlib.Path) else v for key, v in facts.items()}


def _ask(nvcc, *arguments):
    answer = subprocess.run([nvcc, *arguments], check=True, capture_output=True, text=True)
    return answer.stdout + answer.stderr


if __name__ == "__main__":
    sys.stdout.write(json.dumps(find_cuda()) + "\n")
