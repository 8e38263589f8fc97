"""Commands of the package as examples give them: printed, run, timed."""

import subprocess
import sys
import time


def run(module: str, *arguments) -> float:
    """Runs a command of the package; ends the program if it fails. Returns the seconds it took."""
    command = [sys.executable, "-m", f"tf_mesh_renderer.{module}", *map(str, arguments)]
    print("\n$", " ".join(["python", *command[1:]]), flush=True)
    start = time.perf_counter()
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        sys.exit(f"status {status}")
    return time.perf_counter() - start
