"""Trains the small feature network, to tell procedural patterns apart.

    python -m tf_mesh_renderer.applications.feature_network --output FILE.weights.h5 [--seed N]

The weights are stored in half precision: 0.6 MB.
"""

import functools
import pathlib
import sys
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from absl import flags

from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.datasets.patterns import pattern_batches
from tf_mesh_renderer.models.features import pattern_classifier

_LEARNING_RATE = 1e-3
_STEPS_PER_EPOCH = 50
# Batches from here on are never trained on.
_TEST_START, _TEST_SIZE = 1_000_000, 480
# Values in [0, 1] are moved to [-1/2, 1/2], as the feature network does.
_CENTER = 0.5


def train(
    *,
    seed: int,
    steps: int,
    batch_size: int = 24,
    network: keras.Model | None = None,
    batches: Callable[..., tf.data.Dataset] = pattern_batches,
) -> tuple[keras.Model, float]:
    """Trains a classifier of patterns.

    Args:
      seed: decides the initial weights and the pictures.
      steps: of the optimizer; above 50 rounded up to a multiple of it.
      batch_size: pictures in a step.
      network: a `pattern_classifier` to go on with; None: a new one for `PATTERN_CLASSES`.
      batches: gives labelled pictures as `datasets.patterns.pattern_batches` does.
    Returns:
      The `keras.Model`, whose weights are numbers of half precision, and its accuracy in [0, 1] on
      480 pictures that it was not trained on.
    """
    keras.utils.set_random_seed(seed)
    network = network or pattern_classifier()
    steps_per_epoch = min(steps, _STEPS_PER_EPOCH)
    epochs = -(-steps // steps_per_epoch)
    decay = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, epochs * steps_per_epoch)
    network.compile(
        keras.optimizers.Adam(decay),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    examples = _centered(batches(batch_size, seed=seed))
    network.fit(examples, epochs=epochs, steps_per_epoch=steps_per_epoch)
    network.set_weights([_halved(value) for value in network.get_weights()])
    test = _centered(batches(batch_size, seed=seed, start_step=_TEST_START))
    test = test.take(-(-_TEST_SIZE // batch_size))
    return network, network.evaluate(test, return_dict=True)["accuracy"]


def save(network: keras.Model, path: pathlib.Path) -> None:
    """Writes the weights in half precision, which Keras reads into networks of any precision.

    Args:
      network: as `train` returns.
      path: the file, ending in `.weights.h5`; folders above it are made.
    Raises:
      ValueError: the file has another ending.
    """
    half = pattern_classifier(num_classes=network.output_shape[-1], dtype="float16")
    half.set_weights(network.get_weights())
    path.parent.mkdir(parents=True, exist_ok=True)
    half.save_weights(path)


def _centered(batches):
    return batches.map(lambda images, labels: (images - _CENTER, labels))


def _halved(value):
    return value.astype(np.float16).astype(np.float32)


def define_flags(flag_values: flags.FlagValues) -> None:
    """Adds the flags of this program.

    Args:
      flag_values: what they are added to.
    """
    flags.DEFINE_string(
        "output", None, "File for the weights, *.weights.h5.", flag_values=flag_values
    )
    flags.DEFINE_integer("seed", 0, "Seed of weights and pictures.", flag_values=flag_values)
    flags.DEFINE_integer("steps", 1000, "Optimizer steps.", lower_bound=1, flag_values=flag_values)
    flags.DEFINE_integer(
        "batch_size", 24, "Pictures in a step.", lower_bound=1, flag_values=flag_values
    )


def run(chosen: flags.FlagValues) -> None:
    """Trains, saves, and writes to standard output how good the network is.

    Args:
      chosen: with the flags of `define_flags`, parsed.
    """
    network, accuracy = train(seed=chosen.seed, steps=chosen.steps, batch_size=chosen.batch_size)
    path = pathlib.Path(chosen.output)
    save(network, path)
    size = path.stat().st_size / 1e6
    sys.stdout.write(f"accuracy {accuracy:.2%}, {size:.2f} MB in {path}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("output",))
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
