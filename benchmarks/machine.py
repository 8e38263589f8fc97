"""Facts that a time means nothing without: the processor and the version of the code."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]


def facts():
    """What every result carries; no name of the machine."""
    return {"cpu": cpu_model(), "cpus": os.cpu_count(), "commit": commit()}


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def busy_seconds():
    """Processor time that all programs of the machine have used since it started."""
    words = pathlib.Path("/proc/stat").read_text(encoding="ascii").split()
    fields = words[words.index("cpu") + 1 :][:8]
    user, nice, system, _, _, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def commit():
    """Short hash, with "+changes" if the library differs from it; "unknown" without git."""
    try:
        changes = _git("diff", "HEAD", "--", "cc", "tf_mesh_renderer")
        return _git("rev-parse", "--short", "HEAD") + ("+changes" if changes else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments):
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
