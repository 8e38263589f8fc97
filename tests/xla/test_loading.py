"""The half of the library that XLA needs: without it the rest works, and says what is missing."""

import pathlib
import shutil
import subprocess
import sys

import pytest

import tf_mesh_renderer
from tf_mesh_renderer import _build_info

PACKAGE = pathlib.Path(tf_mesh_renderer.__file__).parent
# What the library compiles for, whether or not this machine has a GPU.
DEVICES = "cpu" if tf_mesh_renderer.build_info().cuda == "none" else "cpu, cuda"
LIBRARY = _build_info.XLA_LIBRARY_PATH.name

WITHOUT = """
import tensorflow as tf
import tf_mesh_renderer as mr
from tf_mesh_renderer import layers
info = mr.build_info()
assert info.xla.startswith("not available: "), info.xla
assert {reason!r} in info.xla and {library!r} in info.xla, info.xla
assert info.xla in str(info)
sphere = mr.geometry.icosphere(0)
renderer = layers.SilhouetteRenderer((8, 8))
assert renderer.supports_jit is False
eye = tf.constant([[0.0, 0.0, 3.0]])
draw = lambda: renderer(sphere.vertices[None], sphere.faces, eye)
assert tf.reduce_max(draw()) == 1
try:
    tf.function(draw, jit_compile=True)()
except tf.errors.InvalidArgumentError as error:
    assert "MeshRenderer>Rasterize" in str(error), error
else:
    raise AssertionError("compiled without the library")
"""

# TensorFlow makes its XLA kernels once, when it first compiles anything.
AFTER_XLA = """
import tensorflow as tf
assert tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True)() == 2
import tf_mesh_renderer as mr
assert mr.build_info().xla == {devices!r}
from tests.conformance.op_cases import CASES
for case in CASES:
    tf.function(case.run, jit_compile=True)()
"""


def run(program, folder):
    """Runs a program that finds modules in a folder first."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.parametrize("damage", ["missing", "no library"])
def test_without_the_library_all_but_xla_works(tmp_path, damage):
    shutil.copytree(PACKAGE, tmp_path / "tf_mesh_renderer")
    library = tmp_path / "tf_mesh_renderer" / LIBRARY
    library.unlink()
    if damage == "no library":
        library.write_text("no shared object", encoding="utf-8")
    reason = "is missing" if damage == "missing" else "file too short"
    run(WITHOUT.format(reason=reason, library=LIBRARY), tmp_path)


@pytest.mark.slow
def test_loads_where_xla_was_used_before():
    run(AFTER_XLA.format(devices=DEVICES), PACKAGE.parent)


def test_build_info_names_what_is_compiled_for():
    assert tf_mesh_renderer.build_info().xla == DEVICES
    assert f"xla                 {DEVICES}" in str(tf_mesh_renderer.build_info())
