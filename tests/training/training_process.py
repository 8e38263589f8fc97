"""One process of a small training, for tests: `python training_process.py --data=D --output=O ...`.

Writes the loss of every step to `O/losses.jsonl` (the chief), and checkpoints.
"""

import dataclasses
import json
import os
import pathlib
import signal
import sys

import keras
import tensorflow as tf
from absl import flags

from tf_mesh_renderer.datasets import ShapeNetRenderings, view_pairs
from tf_mesh_renderer.models.reconstruction import LossWeights, ReconstructionSize, preset
from tf_mesh_renderer.training import Checkpoints, SaveCheckpoints, distribution, fit

SIDE, BATCH, STEPS, EPOCHS, SEED = 16, 4, 3, 4, 5
# Together: a loss of each kind, schedules, and what is scaled when precision is mixed.
WEIGHTS = LossWeights(laplacian=0.01, flatten=0.001)
SIZE = ReconstructionSize((4, 8), (16,), 8, (16,))

# Of their own: tests import this file, and other programs in their process have such flags, too.
FLAGS = flags.FlagValues()
_DEFINED = {"flag_values": FLAGS}
flags.DEFINE_enum("strategy", "none", distribution.STRATEGIES, "Of `tf.distribute`.", **_DEFINED)
flags.DEFINE_string("data", None, "Folder in the ShapeNet layout.", required=True, **_DEFINED)
flags.DEFINE_string("output", None, "Folder that is written.", required=True, **_DEFINED)
flags.DEFINE_string("network", "n3mr", "Name of the network.", **_DEFINED)
flags.DEFINE_string("precision", "float32", "Policy of Keras.", **_DEFINED)
flags.DEFINE_integer("poison_step", -1, "Step whose picture 0 is not finite.", **_DEFINED)
flags.DEFINE_integer("kill_step", -1, "Where the last process kills itself, once.", **_DEFINED)


class StepLosses(keras.callbacks.Callback):
    """Appends the values of each step to a file."""

    def __init__(self, path, done):
        super().__init__()
        self._path = path
        self._step = done * STEPS

    def on_train_batch_end(self, batch, logs=None):
        """One line."""
        values = {name: float(value) for name, value in logs.items()}
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"step": self._step, **values}) + "\n")
        self._step += 1


class KillOnce(keras.callbacks.Callback):
    """Kills this process in the middle of a step, unless that has happened before."""

    def __init__(self, path, done, at_step):
        super().__init__()
        self._path = path
        self._step = done * STEPS
        self._at_step = at_step

    def on_train_batch_begin(self, batch, logs=None):
        """SIGKILL cannot be caught: nothing of the process gets a chance to end well."""
        if self._step == self._at_step and not self._path.exists():
            self._path.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        self._step += 1


def make_trainer(network="n3mr"):
    """A trainer of the smallest size, the same in every process."""
    keras.utils.set_random_seed(SEED)
    settings = dataclasses.replace(
        preset("tiny"),
        network=network,
        image_size=(SIDE, SIDE),
        subdivisions=1,
        size=SIZE,
        weights=WEIGHTS,
        # N3MR's Adam for its network, Keras' for the others.
        skips_zero_gradients=network == "n3mr",
    )
    trainer = settings.make_trainer()
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def make_batches(data, start_step, *, num_shards=1, shard=0, poison_step=-1):
    """Batches as the application reads them; one may hold infinity in its first picture."""
    pairs = view_pairs(
        ShapeNetRenderings(data, "train"),
        batch_size=BATCH,
        seed=SEED,
        image_size=SIDE,
        start_step=start_step,
        num_shards=num_shards,
        shard=shard,
    )

    def poison(step, batch):
        is_hit = tf.logical_and(step == poison_step, shard == 0)
        add = tf.where(is_hit, tf.constant(float("inf")), 0.0)
        first = tf.one_hot(0, tf.shape(batch["images"])[0])[:, None, None, None, None]
        images = tf.where(first > 0, batch["images"] + add, batch["images"])
        return {**batch, "images": images}

    return pairs.enumerate(start_step).map(poison)


def train(strategy, data, output, **options):
    """Trains from the latest checkpoint to the end; returns the history of this run."""
    with strategy.scope():
        trainer = make_trainer(options.get("network", "n3mr"))
    checkpoints = Checkpoints(trainer, output / "checkpoints")
    done = checkpoints.restore()
    callbacks = []
    if distribution.is_chief(strategy):
        output.mkdir(parents=True, exist_ok=True)
        callbacks += [StepLosses(output / "losses.jsonl", done), SaveCheckpoints(checkpoints)]
    else:
        callbacks += [KillOnce(output / "was_killed", done, options.get("kill_step", -1))]

    def shards(num_shards, shard):
        poison_step = options.get("poison_step", -1)
        return make_batches(
            data, done * STEPS, num_shards=num_shards, shard=shard, poison_step=poison_step
        )

    batches = distribution.distribute_batches(strategy, shards, batch_size=BATCH)
    length = {"epochs": EPOCHS, "steps_per_epoch": STEPS, "initial_epoch": done}
    history = fit(trainer, batches, **length, callbacks=callbacks)
    chief = distribution.is_chief(strategy)
    share = distribution.mean_over_processes(strategy, float(chief))
    if chief:
        (output / "share_of_chiefs.txt").write_text(str(share), encoding="utf-8")
    return history


def main(argv):
    """Trains as the flags say."""
    FLAGS(argv)
    if FLAGS.strategy == "mirrored":
        cpu = tf.config.list_physical_devices("CPU")[0]
        two = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(cpu, two)
    strategy = distribution.make_strategy(FLAGS.strategy)
    tf.config.experimental.enable_op_determinism()
    keras.config.set_dtype_policy(FLAGS.precision)
    train(
        strategy,
        FLAGS.data,
        pathlib.Path(FLAGS.output),
        network=FLAGS.network,
        poison_step=FLAGS.poison_step,
        kill_step=FLAGS.kill_step,
    )


if __name__ == "__main__":
    main(sys.argv)
