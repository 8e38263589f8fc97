"""`keras.Model.fit` for models on one device, on several, and in several processes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.training.distribution import spans_processes

_WORKER_LOST = (
    "A process of the cluster is gone. Hint: start all processes again; training goes on from the "
    "latest checkpoint."
)


def fit(
    model: keras.Model,
    dataset: Iterable,
    *,
    epochs: int,
    steps_per_epoch: int,
    initial_epoch: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> keras.callbacks.History:
    """Trains a model with its own `train_step`, whatever the strategy it was made under.

    One process is `keras.Model.fit`. For several, Keras 3 has no way that works: its `fit` reduces
    a batch that is a dictionary, and the scalars that `train_step` returns along an axis, and fails
    at both (Keras 3.15; https://github.com/keras-team/keras/issues/20585). There the loop is ours,
    with the same calls of the same methods and callbacks.

    `train_step` has to return the mean over the items of its share, and to divide the loss that it
    differentiates by `num_replicas_in_sync`: the optimizer sums gradients over replicas. Under
    "multiworker" `steps_per_execution`, `run_eagerly` and `jit_compile` have no effect.

    Args:
      model: built and compiled under the scope of its strategy.
      dataset: endless, from `distribute_batches`.
      epochs: how many there are, those of earlier runs included.
      steps_per_epoch: batches of an epoch.
      initial_epoch: how many earlier runs did.
      callbacks: Keras callbacks. All processes call theirs; those that write belong to the chief.
    Returns:
      The `keras.callbacks.History`.
    Raises:
      tf.errors.UnavailableError: another process of the cluster is gone; start all again.
      ValueError: there is no step to do.
    """
    if steps_per_epoch < 1:
        raise argument_error(
            "fit",
            "steps_per_epoch",
            expected="a number >= 1",
            received=steps_per_epoch,
            hint="the data set is endless and does not tell",
        )
    if spans_processes(model.distribute_strategy):
        loop = _Loop(model, callbacks, epochs=epochs, steps=steps_per_epoch)
        return loop.run(dataset, range(initial_epoch, epochs))
    return model.fit(
        dataset,
        epochs=epochs,
        initial_epoch=initial_epoch,
        steps_per_epoch=steps_per_epoch,
        callbacks=list(callbacks),
        shuffle=False,
        verbose=0,
    )


class _Loop:
    """What `keras.Model.fit` does, for one of several processes."""

    def __init__(self, model, callbacks, *, epochs: int, steps: int):
        self._model = model
        self._steps = steps
        self._history = keras.callbacks.History()
        self._calls = keras.callbacks.CallbackList(
            [self._history, *callbacks], model=model, epochs=epochs, steps=steps
        )
        self._step = _replicated(model, model.train_step)

    def run(self, dataset, epochs: Iterable[int]) -> keras.callbacks.History:
        model, calls = self._model, self._calls
        batches = iter(dataset)
        model.stop_training = False
        logs = None
        calls.on_train_begin()
        for epoch in epochs:
            calls.on_epoch_begin(epoch)
            logs = self._train(batches)
            calls.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
        model.optimizer.finalize_variable_values(model.trainable_weights)
        calls.on_train_end(logs)
        return self._history

    def _train(self, batches) -> dict[str, float]:
        self._model.reset_metrics()
        logs = {}
        for index in range(self._steps):
            self._calls.on_train_batch_begin(index)
            logs = self._step(batches)
            self._calls.on_train_batch_end(index, logs)
            if self._model.stop_training:
                break
        return logs


def _replicated(model, step) -> Callable[[Any], dict[str, float]]:
    """A step of all replicas on the next batch of each; returns the means of what they return."""
    strategy = model.distribute_strategy

    @tf.function(reduce_retracing=True)
    def run(batches):
        logs = strategy.run(step, args=(next(batches),))
        return {name: strategy.reduce("MEAN", value, axis=None) for name, value in logs.items()}

    def run_and_explain(batches):
        try:
            return {name: float(value) for name, value in run(batches).items()}
        except tf.errors.UnavailableError as error:
            error.add_note(_WORKER_LOST)
            raise

    return run_and_explain
