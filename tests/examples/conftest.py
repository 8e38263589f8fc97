"""Examples as modules, and as programs that run in a folder of their own."""

import importlib.util
import json
import pathlib
import subprocess
import sys

import pytest
from absl import flags

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def load_example(monkeypatch):
    """Gives a function that imports a file of examples/; its flags and modules go afterwards."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    flags_before = set(flags.FLAGS)

    def load(name):
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    yield load
    for name in set(flags.FLAGS) - flags_before:
        delattr(flags.FLAGS, name)
    for path in EXAMPLES.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.fixture
def run_example(load_example, tmp_path):
    """Gives a function that runs an example in `tmp_path` and returns its figures."""

    def run(name, *arguments, image_size=32):
        module = load_example(name)
        shared = [f"--output={tmp_path / name}", f"--image_size={image_size}"]
        flags.FLAGS([name, *shared, *arguments])
        module.main([])
        return json.loads((tmp_path / name / "results.json").read_text(encoding="utf-8"))

    return run


@pytest.fixture
def figures_of_a_miss(tmp_path):
    """Gives a function that runs a program which has to miss its goals, and returns its figures."""

    def run(name, *arguments):
        command = [sys.executable, EXAMPLES / f"{name}.py", f"--output={tmp_path}", *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 1, result.stdout + result.stderr
        assert "MISSED" in result.stdout
        return json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))

    return run
