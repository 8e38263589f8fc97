"""Builds the op library with Bazel and packs it; everything static stands in pyproject.toml."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))  # A PEP 517 front end does not run this file as a script.

from build_library import OPTIONAL_PRODUCTS, PRODUCTS, find_tensorflow  # noqa: E402

# What is built against where no TensorFlow is found.
DEFAULT_TENSORFLOW = "2.21"


class BuildLibrary(build_ext):
    """Runs Bazel; the library is no Python extension, so its name has no ABI tag."""

    def build_extension(self, ext):
        subprocess.run([sys.executable, str(ROOT / "tools" / "build_library.py")], check=True)
        target = pathlib.Path(self.get_ext_fullpath(ext.name)).parent
        target.mkdir(parents=True, exist_ok=True)
        built = ROOT / "tf_mesh_renderer"
        for product in PRODUCTS + OPTIONAL_PRODUCTS:
            if target.resolve() != built.resolve() and (built / product).exists():
                shutil.copy2(built / product, target / product)

    def get_ext_filename(self, ext_name):
        return os.path.join(*ext_name.split(".")) + ".so"


class PlatformWheel(bdist_wheel):
    """The library does not touch Python's C interface: one wheel serves every Python 3."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


def version():
    text = (ROOT / "tf_mesh_renderer" / "version.py").read_text(encoding="utf-8")
    return re.search(r'__version__ = "(.+)"', text).group(1)


def extras(tensorflow_minor):
    pin = f"=={tensorflow_minor}.*"
    return {
        "tensorflow": [f"tensorflow{pin}"],
        "tensorflow-cpu": [f"tensorflow-cpu{pin}"],
        "and-cuda": [f"tensorflow[and-cuda]{pin}"],
        "applications": ["manifold3d", "matplotlib", "scipy", "tensorboard", "tqdm"],
        "examples": ["matplotlib", "tqdm"],
        "test": ["hypothesis", "pytest>=8.0", "scipy"],
        "check": ["ruff"],
    }


TENSORFLOW = find_tensorflow()
MINOR = ".".join(TENSORFLOW.version.split(".")[:2]) if TENSORFLOW else DEFAULT_TENSORFLOW

setup(
    version=version(),
    packages=find_packages(include=["tf_mesh_renderer", "tf_mesh_renderer.*"]),
    include_package_data=False,
    package_data={"": ["data/*"]},
    ext_modules=[Extension("tf_mesh_renderer._mesh_renderer_ops", sources=[])],
    cmdclass={"build_ext": BuildLibrary, "bdist_wheel": PlatformWheel},
    extras_require=extras(MINOR),
    # PEP 517 front ends install these into the isolated environment of the build, never beside the
    # user's packages.
    setup_requires=[] if TENSORFLOW else [f"tensorflow-cpu=={DEFAULT_TENSORFLOW}.*"],
)
