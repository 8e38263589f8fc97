"""Builds `cc/kernels` alone, without Bazel and TensorFlow, into one library with C functions.

    python tools/gpu/build.py [--cpu_only] [--output FILE]

Prints the path of the library. What it holds is said in tools/gpu/kernel_list.h. The CUDA kernels
are in it where nvcc is found (bazel/find_cuda.py says where it is looked for), compiled for the
GPUs of this machine, or for those that the op library supports if there are none.
"""

import argparse
import ast
import concurrent.futures
import dataclasses
import functools
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from bazel.find_cuda import find_cuda  # noqa: E402

OUTPUT = ROOT / "build" / "gpu" / "libmesh_renderer_kernels.so"
SOURCES = (ROOT / "cc" / "kernels", ROOT / "tools" / "gpu")
HEADERS = (ROOT / "cc" / "core", *SOURCES)
# Constants of bazel/rules.bzl that are literals: times come from the flags of the op library.
FLAG_LISTS = ("MR_COPTS", "CPU_TARGETS", "NVCC_FLAGS")


class BuildError(Exception):
    """A compiler failed; the message is what it said."""


@dataclasses.dataclass(frozen=True)
class Toolchain:
    """Compilers and flags.

    Attributes:
      cuda: what `find_cuda` returns, or None to build the CPU kernels alone.
      architectures: of the GPUs to compile for, as "90".
      optimization: of C++ files, "-O2" or another level.
    """

    cuda: dict | None
    architectures: tuple = ()
    optimization: str = "-O2"

    def command(self, source, target):
        """The command that compiles one file."""
        files = [f"-I{ROOT}", "-c", str(source), "-o", str(target)]
        if source.suffix == ".cu":
            codes = [f"-gencode=arch=compute_{a},code=sm_{a}" for a in self.architectures]
            return [self.cuda["nvcc"], *cuda_flags(), *codes, *files]
        compiler = [os.environ.get("CXX", "g++"), "-std=c++17", "-fPIC", self.optimization]
        return [*compiler, *cpu_flags(source.stem), *files]

    def link_command(self, objects, library):
        """The command that links the library; CUDA's runtime becomes part of it."""
        runtime = [self.cuda["cudart"], "-ldl", "-lrt"] if self.cuda else []
        compiler = os.environ.get("CXX", "g++")
        return [compiler, "-shared", "-o", str(library), *map(str, objects), *runtime, "-pthread"]


@functools.cache
def flag_lists():
    """Lists of flags in bazel/rules.bzl, by name."""
    tree = ast.parse((ROOT / "bazel" / "rules.bzl").read_text(encoding="utf-8"))
    assigned = {n.targets[0].id: n.value for n in tree.body if isinstance(n, ast.Assign)}
    return {name: ast.literal_eval(assigned[name]) for name in FLAG_LISTS}


def without_errors(flags):
    """Warnings are no errors here: newer compilers have more of them."""
    return [flag for flag in flags if not flag.startswith("-Werror")]


def cpu_flags(stem):
    """Flags of a C++ file by its name."""
    lists = flag_lists()
    return without_errors(lists["MR_COPTS"]) + lists["CPU_TARGETS"].get(stem.split("_")[-1], [])


def cuda_flags():
    """Flags of a CUDA file, but for the GPUs that it is compiled for."""
    return without_errors(flag_lists()["NVCC_FLAGS"])


def toolchain(*, cpu_only=False, optimization="-O2"):
    """What is there to build with."""
    cuda = None if cpu_only else find_cuda()
    if cuda is None:
        return Toolchain(None, optimization=optimization)
    return Toolchain(cuda, present_architectures() or tuple(cuda["architectures"]), optimization)


def present_architectures():
    """Compute capabilities of the GPUs of this machine, as ("90",); empty without any."""
    numbers = {answer.replace(".", "") for answer in ask_nvidia_smi("compute_cap")}
    return tuple(sorted(number for number in numbers if number.isdigit()))


def ask_nvidia_smi(field):
    """What nvidia-smi says of each GPU; empty without any."""
    query = ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, check=True, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in answer.stdout.splitlines()]


def sources(*, with_cuda):
    """Everything to compile; what takes longest first."""
    found = [path for folder in SOURCES for path in folder.glob("*.cc")]
    found = [path for path in found if not path.name.endswith("_test.cc")]
    cuda = [path for folder in SOURCES for path in folder.glob("*.cu")] if with_cuda else []
    return sorted(cuda) + sorted(found, key=lambda path: -path.stem.startswith(("texture", "soft")))


def build(tools, library=OUTPUT):
    """Compiles what has changed since the last time, and links.

    Args:
      tools: `Toolchain`.
      library: `pathlib.Path` of the result; objects are kept beside it.
    Returns:
      `library`.
    Raises:
      BuildError: a compiler failed.
    """
    objects = library.parent / "objects"
    objects.mkdir(parents=True, exist_ok=True)
    found = sources(with_cuda=tools.cuda is not None)
    targets = [objects / f"{source.name}.o" for source in found]
    # Not in the threads: Python 3.11 may fail where two of them parse the list of flags at once.
    commands = [tools.command(*files) for files in zip(found, targets, strict=True)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_compile, commands, found, targets))
    _run(tools.link_command(targets, library))
    return library


def _compile(command, source, target):
    """Makes one object file, unless it is newer than all it may depend on, by the same command."""
    note = target.with_suffix(".command")
    headers = (path for folder in HEADERS for path in folder.iterdir())
    inputs = [source, *(path for path in headers if path.suffix in (".h", ".cuh"))]
    newest = max(path.stat().st_mtime for path in inputs)
    fresh = target.exists() and note.exists() and target.stat().st_mtime > newest
    if not (fresh and note.read_text(encoding="utf-8") == repr(command)):
        _run(command)
        note.write_text(repr(command), encoding="utf-8")


def _run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise BuildError(f"{' '.join(command)}\n{result.stdout}{result.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cpu_only", action="store_true", help="leave out the CUDA kernels")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT)
    options = parser.parse_args()
    tools = toolchain(cpu_only=options.cpu_only)
    found = f"nvcc {tools.cuda['version']}, sm {tools.architectures}" if tools.cuda else "no CUDA"
    print(f"building {options.output} with {found}", file=sys.stderr, flush=True)
    try:
        print(build(tools, options.output))
    except BuildError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
