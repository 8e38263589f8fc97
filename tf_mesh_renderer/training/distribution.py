"""Training on several devices or in several processes, through `tf.distribute`."""

import os
from collections.abc import Callable

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.training.tf_config import check_tf_config

STRATEGIES = ("none", "mirrored", "multiworker")


def make_strategy(name: str) -> tf.distribute.Strategy:
    """The strategy of a name; models and optimizers are made under its `scope()`.

    "multiworker" has to be made before anything else of TensorFlow runs, in all processes of the
    cluster: it waits for the others.

    Args:
      name: "none"; "mirrored" for all GPUs of this process, and without any for all its logical
        CPUs; or "multiworker" for the processes that the environment variable TF_CONFIG lists.
    Returns:
      `tf.distribute.Strategy`.
    Raises:
      ValueError: the name is unknown, or TF_CONFIG does not describe a cluster with this process.
      RuntimeError: "multiworker" comes too late.
    """
    check_choice("make_strategy", "name", value=name, choices=STRATEGIES)
    if name == "none":
        return tf.distribute.get_strategy()
    if name == "mirrored":
        return tf.distribute.MirroredStrategy(_all_devices())
    check_tf_config(os.environ)  # TensorFlow would take what is missing for one process.
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    except RuntimeError as error:
        raise argument_error(
            "make_strategy",
            "name",
            expected="'multiworker' before anything else of TensorFlow",
            received=str(error),
            hint="make the strategy first in the program",
            error=RuntimeError,
        ) from error


def spans_processes(strategy: tf.distribute.Strategy) -> bool:
    """Whether a strategy was made for the processes of a cluster.

    Args:
      strategy: as `make_strategy` returns it.
    Returns:
      True for "multiworker".
    """
    return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)


def is_chief(strategy: tf.distribute.Strategy) -> bool:
    """Whether this process writes files: checkpoints, logs, pictures.

    All processes have the same weights after each step, so that one of them can write them and all
    can read them.

    Args:
      strategy: as `make_strategy` returns it.
    Returns:
      True but for the processes of a cluster that are not its first.
    """
    if not spans_processes(strategy):
        return True
    resolver = strategy.cluster_resolver
    if resolver.task_type == "chief":
        return True
    return resolver.task_id == 0 and "chief" not in resolver.cluster_spec().jobs


def mean_over_processes(strategy: tf.distribute.Strategy, value: float) -> float:
    """The same number in all processes, for decisions that all of them have to take alike.

    Processes that measure the same may get other last digits, on other processors.

    Args:
      strategy: as `make_strategy` returns it. All processes have to call this.
      value: of this process.
    Returns:
      The mean over the processes; `value` if there is one.
    """
    if not spans_processes(strategy):
        return value

    @tf.function
    def mean(own):
        return strategy.reduce("MEAN", strategy.run(tf.identity, args=(own,)), axis=None)

    return float(mean(tf.constant(value, tf.float64)))


def distribute_batches(
    strategy: tf.distribute.Strategy,
    make_dataset: Callable[[int, int], tf.data.Dataset],
    *,
    batch_size: int,
) -> tf.data.Dataset | tf.distribute.DistributedDataset:
    """Splits batches between processes, and what a process gets between its devices.

    Args:
      strategy: as `make_strategy` returns it.
      make_dataset: called as `make_dataset(num_shards, shard)`; returns the data of one process,
        whose batches have batch_size / num_shards items, as `datasets.view_pairs` does.
      batch_size: items of the whole batch, of all processes together.
    Returns:
      What `fit` takes: a data set of the whole batches for one device, else one of its shares.
    Raises:
      ValueError: the replicas cannot share a batch evenly.
    """
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas != 0:
        raise argument_error(
            "distribute_batches",
            "batch_size",
            expected=f"a multiple of the number of replicas, which is {replicas}",
            received=batch_size,
            hint="batch_size counts the items of all replicas together",
        )

    def share(context):
        shards = make_dataset(context.num_input_pipelines, context.input_pipeline_id)
        return shards.rebatch(batch_size // replicas)

    if replicas == 1 and not spans_processes(strategy):
        return make_dataset(1, 0)
    return strategy.distribute_datasets_from_function(share)


def _all_devices():
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    return [device.name for device in tf.config.list_logical_devices(kind)]
