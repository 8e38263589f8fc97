"""Runs the examples, compares what they reached with what they should, and lists the files.

    python examples/demo.py [--output DIR] [--mesh FILE]

The default is the four examples of the Neural 3D Mesh Renderer; `--examples` names others.
Every example runs as a program of its own, exactly as one would type it. Ends with 1 if an example
fails or misses a goal. The goals hold for the Utah teapot; another mesh may miss some.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

from absl import app, flags
from goals import all_met
from results import FILE_NAME

OUTPUT = flags.DEFINE_string("output", "output/demo", "Folder for a folder per example.")
MESH = flags.DEFINE_string("mesh", None, "Mesh file; without it the Utah teapot is taken.")
EXAMPLES = flags.DEFINE_list(
    "examples",
    [
        "01_render_viewpoints",
        "02_fit_vertices",
        "03_fit_textures",
        "04_find_camera",
    ],
    "Which examples to run.",
)
HERE = pathlib.Path(__file__).resolve().parent


def run(example, folder):
    """Runs an example; returns its figures, none if it failed, and the seconds it took."""
    command = [sys.executable, str(HERE / f"{example}.py"), f"--output={folder / example}"]
    command += [f"--mesh={MESH.value}"] if MESH.value else []
    print("\n$", " ".join(command), flush=True)
    start = time.perf_counter()
    # TensorFlow's remarks about the processor would bury what the example says.
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", **os.environ}
    status = subprocess.run(command, env=quiet, check=False).returncode
    seconds = time.perf_counter() - start
    if status != 0:
        print(f"{example} failed with status {status}")
        return {}, seconds
    return json.loads((folder / example / FILE_NAME).read_text(encoding="utf-8")), seconds


def main(_):
    folder = pathlib.Path(OUTPUT.value)
    runs = {example: run(example, folder) for example in EXAMPLES.value}
    met = all_met({example: figures for example, (figures, _) in runs.items()})
    print()
    for example, (_, seconds) in runs.items():
        pictures = sorted(p for p in (folder / example).glob("*") if p.suffix in (".gif", ".png"))
        print(f"{example} ({seconds:.0f} s): {' '.join(map(str, pictures))}")
    finished = all(figures for figures, _ in runs.values())
    return 0 if finished and met else 1


if __name__ == "__main__":
    app.run(main)
