"""The same bits for any number of threads, forward and backward."""

import json
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUM_THREADS = (1, 2, 8)


@pytest.mark.parametrize("mode", [[], pytest.param(["xla"], marks=pytest.mark.slow)], ids=str)
def test_results_do_not_depend_on_the_number_of_threads(tmp_path, mode):
    outputs = {threads: tmp_path / f"{threads}.json" for threads in NUM_THREADS}
    # A process each: TensorFlow's pool is made once.
    program = [sys.executable, "-m", "tests.ops.digest_all_ops"]
    running = [
        subprocess.Popen([*program, str(n), str(path), *mode], cwd=ROOT)
        for n, path in outputs.items()
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    digests = {n: json.loads(path.read_text("utf-8")) for n, path in outputs.items()}
    assert len(digests[1]) == 2 * 2 * 22
    for threads in NUM_THREADS[1:]:
        differing = {name for name in digests[1] if digests[threads][name] != digests[1][name]}
        assert not differing, f"{threads} threads"
