"""Runs programs of the package as one would type them."""

import subprocess
import sys
import time


def run_module(module: str, *arguments) -> float:
    """Runs `python -m tf_mesh_renderer.MODULE ARGUMENTS`; ends this program if it fails.

    Returns the seconds it took.
    """
    command = [sys.executable, "-m", f"tf_mesh_renderer.{module}", *map(str, arguments)]
    print("\n$", " ".join(["python", *command[1:]]), flush=True)
    start = time.perf_counter()
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        sys.exit(f"status {status}")
    return time.perf_counter() - start
