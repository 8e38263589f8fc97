"""Batches drawn by other processes: a dispatcher and two workers, as the command starts them."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import geometry
from tf_mesh_renderer.datasets import MeshArrays, PictureStyle, rendered_view_pairs
from tf_mesh_renderer.training.data_service import served, start_worker

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tf_mesh_renderer.training.data_service"]
START_SECONDS = 60


def free_port():
    with socket.socket() as held:
        held.bind(("localhost", 0))
        return held.getsockname()[1]


def wait_for(port, process):
    """Until somebody listens on a port; the process that should must not have ended."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, process.args
        with contextlib.suppress(OSError):
            return socket.create_connection(("localhost", port)).close()
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port}")


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Address of a dispatcher with two workers; all are processes of their own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ports = [free_port() for _ in range(3)]
    address = f"localhost:{ports[0]}"
    roles = ["--role=dispatcher", *[f"--role=worker --dispatcher={address}"] * 2]
    with contextlib.ExitStack() as stack:
        path = tmp_path_factory.mktemp("service") / "log"
        log = stack.enter_context(open(path, "w", encoding="utf-8"))
        processes = []
        for role, port in zip(roles, ports):
            arguments = [*COMMAND, *role.split(), f"--port={port}"]
            processes.append(
                subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, cwd="/")
            )
            stack.callback(processes[-1].wait)
            stack.callback(processes[-1].kill)
            wait_for(ports[0], processes[0])  # Workers look for the dispatcher.
        for process, port in zip(processes, ports):
            wait_for(port, process)
        yield address


def drawn(**arguments):
    mesh = geometry.icosphere(0)
    vertices = 0.4 * np.asarray(mesh.vertices, np.float32)
    colors = np.uint8(255 * np.abs(vertices))
    meshes = [[MeshArrays(scale * vertices, np.asarray(mesh.faces), colors) for scale in (0.5, 1)]]
    return rendered_view_pairs(meshes, batch_size=4, seed=3, style=PictureStyle(8), **arguments)


def read(dataset, count):
    return [{name: value.numpy() for name, value in batch.items()} for batch in dataset.take(count)]


def test_two_processes_draw_every_batch_once(service):
    count, margin = 6, 40  # One process may be far ahead of the other.
    expected = read(drawn(), count + margin)
    found = read(served(drawn(), service), count)
    steps = [next(i for i, other in enumerate(expected) if equal(batch, other)) for batch in found]
    assert len(set(steps)) == count


def test_the_numbers_of_batches_have_an_end_so_that_processes_share_them():
    assert drawn().cardinality() != tf.data.INFINITE_CARDINALITY


def equal(batch, other):
    return all(np.array_equal(batch[name], other[name]) for name in batch)


def test_an_address_that_nobody_listens_on_is_an_error_at_once():
    address = f"localhost:{free_port()}"
    for start in (lambda: served(drawn(), address), lambda: start_worker(address)):
        with pytest.raises(ConnectionError, match=f"a dispatcher that listens.*{address}"):
            start()


@pytest.mark.parametrize("address", ["localhost", "localhost:", ":5050", "localhost:http"])
def test_an_address_without_host_or_port_is_an_error(address):
    with pytest.raises(ValueError, match="'host:port' of a dispatcher"):
        served(drawn(), address)


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        ([], 2, "missing: --role"),
        (["--role=worker"], 1, "a worker needs --dispatcher=HOST:PORT"),
        (["--role=worker", "--dispatcher=there"], 1, "'host:port' of a dispatcher"),
        (["--role=dispatcher", "5050"], 2, "unexpected argument '5050'"),
    ],
)
def test_flags_that_do_not_fit_are_explained(capsys, arguments, status, text):
    from tf_mesh_renderer.training.data_service.__main__ import main

    assert main(["data_service", *arguments]) == status
    assert text in capsys.readouterr().err
