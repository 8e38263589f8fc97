"""Batches drawn by other processes, through the tf.data service.

A worker has to know the ops of this package, which plain workers of TensorFlow do not: the command
`python -m tf_mesh_renderer.training.data_service` starts workers that do.
"""

import socket

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

_CONNECT_SECONDS = 10.0


def served(dataset: tf.data.Dataset, address: str) -> tf.data.Dataset:
    """A data set whose elements are made by the workers of a tf.data service.

    Every element is made once, by the worker that is free. With one worker they come in order; with
    several the order depends on their speed, so that losses are no longer the same bits in every
    run.

    Args:
      dataset: of TensorFlow alone, without Python functions, such as
        `datasets.rendered_view_pairs`. It may not begin with `Dataset.counter`, which every worker
        counts for itself; `Dataset.range` with a far end is shared.
      address: "host:port" of the dispatcher.
    Returns:
      `tf.data.Dataset` of the same elements.
    Raises:
      ValueError: `address` is no "host:port".
      ConnectionError: nobody listens there.
    """
    _check_listens(address)
    distribute = tf.data.experimental.service.distribute(
        processing_mode=tf.data.experimental.service.ShardingPolicy.DYNAMIC,
        service=f"grpc://{address}",
    )
    return dataset.apply(distribute).prefetch(tf.data.AUTOTUNE)


def start_dispatcher(port: int = 0) -> tf.data.experimental.service.DispatchServer:
    """Starts what hands elements to workers, in this process.

    Args:
      port: to listen on; 0 for any that is free.
    Returns:
      The server; it ends when it is deleted.
    """
    config = tf.data.experimental.service.DispatcherConfig(port=port)
    return tf.data.experimental.service.DispatchServer(config)


def start_worker(
    dispatcher: str, *, port: int = 0, host: str = "localhost"
) -> tf.data.experimental.service.WorkerServer:
    """Starts what makes elements, in this process.

    Args:
      dispatcher: its "host:port".
      port: to listen on; 0 for any that is free.
      host: name of this machine by which training reaches it.
    Returns:
      The server; it ends when it is deleted.
    Raises:
      ValueError: `dispatcher` is no "host:port".
      ConnectionError: nobody listens there.
    """
    _check_listens(dispatcher)
    config = tf.data.experimental.service.WorkerConfig(
        dispatcher_address=dispatcher, worker_address=f"{host}:%port%", port=port
    )
    return tf.data.experimental.service.WorkerServer(config)


def _check_listens(address: str) -> None:
    """Fails at once where TensorFlow would try for ever."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise argument_error(
            "data_service",
            "address",
            expected="'host:port' of a dispatcher",
            received=repr(address),
            hint="its --port, and the name of its machine",
        )
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        raise argument_error(
            "data_service",
            "address",
            expected="a dispatcher that listens",
            received=f"'{address}' ({error})",
            hint="start it: python -m tf_mesh_renderer.training.data_service "
            "--role=dispatcher --port=PORT",
            error=ConnectionError,
        ) from error
