"""Which CUDA compiler the build takes, tried on folders that look like installations."""

import importlib.util
import pathlib
import stat

import pytest

_PATH = pathlib.Path(__file__).resolve().parents[1] / "bazel" / "find_cuda.py"

NVCC = """#!/bin/sh
case "$1" in
  --version) echo "Cuda compilation tools, release {version}, V{version}.1" ;;
  --list-gpu-code) echo "{codes}" ;;
  --dryrun) echo "#\\$ _HERE_={here}" >&2 ;;
esac
"""


@pytest.fixture(name="find_cuda")
def fixture_find_cuda(monkeypatch):
    """The module, in an environment in which nothing of CUDA can be found."""
    for variable in ("TF_MESH_RENDERER_CUDA", "CUDA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    spec = importlib.util.spec_from_file_location("find_cuda", _PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SYSTEM_NVCC", pathlib.Path("/nowhere/nvcc"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    return module


def install(folder, version="13.0", codes="sm_80 sm_90 sm_121", runtime="lib64"):
    """Makes a folder with an nvcc that answers questions."""
    (folder / "bin").mkdir(parents=True)
    (folder / runtime).mkdir(parents=True)
    (folder / runtime / "libcudart_static.a").touch()
    nvcc = folder / "bin" / "nvcc"
    text = NVCC.format(version=version, codes=codes.replace(" ", "\n"), here=folder / "bin")
    nvcc.write_text(text, encoding="utf-8")
    nvcc.chmod(nvcc.stat().st_mode | stat.S_IXUSR)
    return nvcc


def test_none(find_cuda):
    assert find_cuda.find_cuda() is None


def test_cuda_home(find_cuda, monkeypatch, tmp_path):
    nvcc = install(tmp_path / "cuda")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path / "cuda"))
    assert find_cuda.find_cuda() == {
        "nvcc": str(nvcc),
        "version": "13.0",
        "architectures": [80, 90],
        "cudart": str(tmp_path / "cuda" / "lib64" / "libcudart_static.a"),
    }


def test_wrapper_on_path(find_cuda, monkeypatch, tmp_path):
    """The program on PATH may lie far from the libraries of the compiler that it calls."""
    real = install(tmp_path / "cuda", runtime="targets/x86_64-linux/lib")
    wrapper = tmp_path / "nvcc"
    wrapper.symlink_to(real)
    monkeypatch.setattr(find_cuda.shutil, "which", lambda name: str(wrapper))
    found = find_cuda.find_cuda()
    assert found["nvcc"] == str(wrapper)
    assert found["cudart"].startswith(str(tmp_path / "cuda" / "targets"))


def test_wheels_of_the_environment(find_cuda, monkeypatch, tmp_path):
    newest = install(tmp_path / "nvidia" / "cu13", runtime="lib")
    install(tmp_path / "nvidia" / "cu12", version="12.9", runtime="lib")

    class Spec:
        """A namespace package in one folder."""

        submodule_search_locations = (str(tmp_path / "nvidia"),)

    monkeypatch.setattr(find_cuda.importlib.util, "find_spec", lambda name: Spec)
    assert find_cuda.find_cuda()["nvcc"] == str(newest)


@pytest.mark.parametrize("broken", ["old", "no runtime", "no answer"])
def test_unusable_compilers_are_passed_over(find_cuda, monkeypatch, tmp_path, broken):
    nvcc = install(tmp_path / "cuda", version="11.4" if broken == "old" else "13.0")
    if broken == "no runtime":
        (tmp_path / "cuda" / "lib64" / "libcudart_static.a").unlink()
    if broken == "no answer":
        nvcc.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path / "cuda"))
    assert find_cuda.find_cuda() is None


def test_switch(find_cuda, monkeypatch, tmp_path):
    monkeypatch.setenv("TF_MESH_RENDERER_CUDA", "1")
    with pytest.raises(SystemExit, match=r"expected nvcc .* Hint: .*pip install nvidia-cuda-nvcc"):
        find_cuda.find_cuda()
    install(tmp_path / "cuda")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path / "cuda"))
    assert find_cuda.find_cuda() is not None
    monkeypatch.setenv("TF_MESH_RENDERER_CUDA", "0")
    assert find_cuda.find_cuda() is None
    monkeypatch.setenv("TF_MESH_RENDERER_CUDA", "yes")
    with pytest.raises(SystemExit, match="expected 0, 1 or nothing, received 'yes'"):
        find_cuda.find_cuda()
