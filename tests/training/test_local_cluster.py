"""Processes of one machine: each is told who it is, and a death restarts them all."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from tf_mesh_renderer.training import local_cluster
from tf_mesh_renderer.training.local_cluster import run_cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Writes what it was told; the second ends as its argument says, the others wait to be stopped.
PROGRAM = """
import json, os, pathlib, sys, time
folder, ending = pathlib.Path(sys.argv[1]), sys.argv[2]
config = json.loads(os.environ["TF_CONFIG"])
rank = config["task"]["index"]
attempt = len(list(folder.glob(f"{rank}.*")))
(folder / f"{rank}.{attempt}").write_text(json.dumps(config))
for other in range(len(config["cluster"]["worker"])):
    while not (folder / f"{other}.{attempt}").exists():
        time.sleep(0.02)
fails = ending != "well" and (ending == "always" or attempt == 0)
if fails and rank == 1:
    os.kill(os.getpid(), 9)
if fails:
    time.sleep(60)
"""


def run(folder, ending, **arguments):
    return run_cluster([sys.executable, "-c", PROGRAM, str(folder), ending], **arguments)


def configs(folder):
    """What the processes were told."""
    return [json.loads(path.read_text()) for path in sorted(folder.iterdir())]


def test_every_process_finds_itself_in_the_cluster(tmp_path):
    assert run(tmp_path, "well", workers=3) == 0
    told = configs(tmp_path)
    assert sorted(config["task"]["index"] for config in told) == [0, 1, 2]
    addresses = told[0]["cluster"]["worker"]
    assert len(set(addresses)) == 3
    assert all(config["cluster"] == {"worker": addresses} for config in told)


def test_a_death_restarts_all(tmp_path):
    assert run(tmp_path, "once", workers=2, restarts=1) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.0", "0.1", "1.0", "1.1"]


def test_a_death_too_many_is_the_exit_code(tmp_path):
    assert run(tmp_path, "always", workers=2, restarts=1) == -9
    assert len(configs(tmp_path)) == 4


def test_a_program_that_is_called_wrongly_is_not_started_again(tmp_path):
    program = "import os, sys; open(f'{sys.argv[1]}/{os.getpid()}', 'w'); sys.exit(2)"
    assert run_cluster([sys.executable, "-c", program, str(tmp_path)], workers=1, restarts=3) == 2
    assert len(list(tmp_path.iterdir())) == 1


def test_processes_end_with_the_command(tmp_path):
    """One that is terminated takes with it what it has started."""
    program = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    command = [sys.executable, "-m", local_cluster.__name__, "--workers=1", "--"]
    told = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    cluster = subprocess.Popen([*command, sys.executable, "-c", program, told], env=environment)
    while not told.is_file() or not told.read_text():
        assert cluster.poll() is None
        time.sleep(0.05)
    cluster.terminate()
    assert cluster.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_the_command_needs_a_program(capsys):
    assert local_cluster.main(["local_cluster"]) == 1
    assert "expected a program after --" in capsys.readouterr().err


def test_help_of_the_program_is_not_help_of_the_cluster(capfd):
    program = [sys.executable, "-c", "import sys; print(sys.argv[1:])", "--help"]
    assert local_cluster.main(["local_cluster", "--workers=1", "--", *program]) == 0
    assert capfd.readouterr().out.strip() == "['--help']"


def test_the_command_runs_what_follows_the_flags(tmp_path):
    program = [sys.executable, "-c", PROGRAM, str(tmp_path), "once"]
    command = [sys.executable, "-m", local_cluster.__name__, "--workers=2", "--restarts=0", "--"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [*command, *program], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 128 + 9
    assert "0 restarts are left" in result.stderr
