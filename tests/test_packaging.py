"""What users meet before any rendering: import errors that help, build facts, package metadata."""

import email
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

import tf_mesh_renderer
from tf_mesh_renderer import _build_info
from tf_mesh_renderer.ops._library import library

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "tf_mesh_renderer"
LIBRARY = "_mesh_renderer_ops.so"
XLA = "_mesh_renderer_xla.so"
FAKE_TENSORFLOW = """
class sysconfig:
    CXX11_ABI_FLAG = {abi}
__version__ = "{version}"
"""


@pytest.fixture(name="broken_import")
def fixture_broken_import(tmp_path):
    """Imports a copy of the package in a process of its own and returns the ImportError's text."""
    shutil.copytree(PACKAGE, tmp_path / "tf_mesh_renderer")

    built_for = _build_info.read_build_info()

    def broken_import(before="", version=built_for.tensorflow, abi=built_for.cxx11_abi, **environ):
        # The guard speaks before TensorFlow is used, so a stand-in with a version is enough.
        fake = FAKE_TENSORFLOW.format(version=version, abi=abi)
        (tmp_path / "tensorflow.py").write_text(fake, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-c", f"{before}\nimport tf_mesh_renderer"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 1, result.stdout
        last_line = result.stderr.strip().splitlines()[-1]
        assert last_line.startswith("ImportError: "), result.stderr
        return last_line

    broken_import.package = tmp_path / "tf_mesh_renderer"
    return broken_import


@pytest.mark.parametrize("product", [LIBRARY, "_build_info.json"])
def test_missing_library(broken_import, product):
    (broken_import.package / product).unlink()
    message = broken_import()
    assert str(broken_import.package / product) in message
    assert "python -m pip install" in message


def test_missing_library_in_a_source_tree_names_make(broken_import):
    (broken_import.package / LIBRARY).unlink()
    (broken_import.package.parent / "WORKSPACE").touch()
    assert f"make -C {broken_import.package.parent} build" in broken_import()


def test_other_tensorflow_minor(broken_import):
    built_for = _build_info.read_build_info()
    message = broken_import(version="2.99.1")
    assert f"built for TensorFlow {built_for.tensorflow_minor}" in message
    assert "found TensorFlow 2.99.1" in message
    assert re.search(rf"pip install '[\w-]+=={built_for.tensorflow_minor}\.\*'", message)


def test_library_built_for_another_minor(broken_import):
    path = broken_import.package / "_build_info.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {"tensorflow": "2.10.3"}), encoding="utf-8")
    message = broken_import()
    assert "built for TensorFlow 2.10 (compiled against 2.10.3)" in message
    assert f"found TensorFlow {facts['tensorflow']}" in message


def test_other_cxx11_abi(broken_import):
    other_abi = 1 - _build_info.read_build_info().cxx11_abi
    assert "_GLIBCXX_USE_CXX11_ABI" in broken_import(abi=other_abi)


def test_no_tensorflow(broken_import):
    message = broken_import(before="import sys; sys.modules['tensorflow'] = None")
    assert "pip install 'tf_mesh_renderer[tensorflow-cpu]'" in message


def test_misspelt_cpu_target(broken_import):
    message = broken_import(TF_MESH_RENDERER_CPU_TARGET="avx3")
    assert "one of baseline, avx2, avx512, received 'avx3'" in message


def test_other_keras_backend(broken_import):
    message = broken_import(KERAS_BACKEND="jax")
    assert "received KERAS_BACKEND=jax" in message
    assert "KERAS_BACKEND=tensorflow" in message


def test_library_is_loaded_once():
    assert library() is library()


def test_build_info_names_every_fact():
    info = tf_mesh_renderer.build_info()
    assert info.version == tf_mesh_renderer.__version__
    assert info.cpu_targets == ("baseline", "avx2", "avx512")
    assert info.active_cpu_target in info.cpu_targets
    assert re.search(r"\d+\.\d+", info.compiler)
    text = str(info)
    assert info.cuda == "none" or re.fullmatch(r"\d+\.\d+", info.cuda)
    assert bool(info.cuda_architectures) == (info.cuda != "none")
    for fact in (
        info.tensorflow,
        info.compiler,
        "baseline, avx2, avx512",
        "cuda architectures",
        "xla",
    ):
        assert fact in text


@pytest.mark.parametrize("target", ["baseline", "avx2", "avx512"])
def test_cpu_target_follows_the_environment(target):
    """A machine that lacks the target falls back to its best."""
    ask = (
        "import ctypes, sys; active = ctypes.CDLL(sys.argv[1]).MeshRendererCpuTarget;"
        "active.restype = ctypes.c_char_p; sys.stdout.write(active().decode())"
    )
    tensorflow = pathlib.Path(importlib.util.find_spec("tensorflow").origin).parent
    result = subprocess.run(
        [sys.executable, "-c", ask, PACKAGE / LIBRARY],
        env={"LD_LIBRARY_PATH": str(tensorflow), "TF_MESH_RENDERER_CPU_TARGET": target},
        check=True,
        capture_output=True,
        text=True,
    )
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    supported = target == "baseline" or re.search(rf"\b{target}(f|\b)", flags)
    assert not supported or result.stdout == target


def _run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(shutil.which("objdump") is None, reason="binutils are not installed")
def test_no_shared_function_needs_more_than_the_baseline():
    """The linker keeps one copy of a function that several files define, perhaps the AVX-512 one.

    Files compiled for a target may therefore define local functions, and functions named after the
    target, and nothing else that other files could be linked to.
    """
    symbols = _run("nm", "--defined-only", PACKAGE / LIBRARY).splitlines()
    # Capital letters and u: visible to other files. Small letters: local to one file.
    shared = {line.split()[0] for line in symbols if re.match(r"\w+ [A-Zuvw] ", line)}
    with_avx = {}
    address = name = ""
    show = ("--disassemble", "--demangle", "--no-show-raw-insn")
    for line in _run("objdump", *show, PACKAGE / LIBRARY).splitlines():
        if line.endswith(">:"):
            address, name = line.split(" ", 1)
        elif re.search(r":\s+v[a-z]+", line):  # AVX mnemonics, and nothing common, begin with v.
            with_avx[address] = name
    assert with_avx, "The library holds no AVX code at all."
    assert not [n for a, n in with_avx.items() if a in shared and "avx" not in n.lower()]


def test_metadata_asks_for_no_tensorflow(tmp_path):
    command = [sys.executable, "setup.py", "--quiet", "dist_info", "--output-dir", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.dist-info/METADATA")
    metadata = email.message_from_string(path.read_text(encoding="utf-8"))
    requirements = metadata.get_all("Requires-Dist")
    minor = _build_info.read_build_info().tensorflow_minor
    assert {r for r in requirements if r.startswith("tensorflow")} == {
        f'tensorflow=={minor}.*; extra == "tensorflow"',
        f'tensorflow-cpu=={minor}.*; extra == "tensorflow-cpu"',
        f'tensorflow[and-cuda]=={minor}.*; extra == "and-cuda"',
    }
    assert metadata["Version"] == tf_mesh_renderer.__version__
    assert metadata["License-Expression"] == "Apache-2.0"


@pytest.mark.slow
def test_wheel_has_the_library_and_one_tag(tmp_path):
    command = ["pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", *command, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    assert wheel.name.endswith("-py3-none-linux_x86_64.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"tf_mesh_renderer/{p}" for p in (LIBRARY, XLA, "_build_info.json")} < {*names}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tf_mesh_renderer"}
