"""An independent network that says which pattern pictures show; also the program that trains it.

    python examples/pattern_judge.py [--output FILE.weights.h5] [--seed N] [--steps N]

It learns from flat patterns and from pictures of random shapes that are covered with them, and is
measured on other shapes: vessels like those, a teapot and a sphere, which it never saw.
"""

import functools
import pathlib

import keras
import numpy as np
import patterned_meshes
import tensorflow as tf
from absl import app, flags
from patterned_meshes import CLASSES

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications import feature_network
from tf_mesh_renderer.models.features import pattern_classifier
from tf_mesh_renderer.models.features.architectures import ARCHITECTURES

WEIGHTS = pathlib.Path(__file__).resolve().parent / "data" / "pattern_judge.weights.h5"
TEST_SHAPES = 40
TEST_SEED = 1_000_000
TEST_VIEWS = 16
_BATCH = 24


class PatternJudge:
    """Names patterns in pictures.

    Args:
      weights: file with the weights of a `pattern_classifier`.
    """

    def __init__(self, weights=WEIGHTS):
        self._network = pattern_classifier(num_classes=len(CLASSES))
        self._network.load_weights(weights)

    def names(self, images) -> list[str]:
        """The pattern that each picture shows, whole: [B, H, W, 3 or 4] float in [0, 1]."""
        side = patterned_meshes.SIDE
        seen = tf.image.resize(images[..., :3], [side, side], antialias=True)
        seen = ARCHITECTURES["small"].preprocess(seen)
        logits = [self._network(seen[i : i + _BATCH]) for i in range(0, len(seen), _BATCH)]
        return [CLASSES[label] for label in np.argmax(np.concatenate(logits), axis=-1)]


def test_accuracies(judge: PatternJudge) -> dict[str, float]:
    """Shares of right names for pictures that the judge has not seen."""
    shapes = {
        "teapot": (mr.geometry.utah_teapot(), 40.0),
        "sphere": (mr.geometry.icosphere(), 50.0),
    }
    kinds = {"other shapes": patterned_meshes.random_surfaces(TEST_SHAPES, TEST_SEED)}
    kinds |= {name: patterned_meshes.views_of(*shape, TEST_VIEWS) for name, shape in shapes.items()}
    accuracies = {}
    for name, surfaces in kinds.items():
        labels, images = _each_class(surfaces)
        right = [CLASSES[label] == seen for label, seen in zip(labels, judge.names(images))]
        accuracies[name] = float(np.mean(right))
    labels = np.repeat(np.arange(len(CLASSES)), 10)
    seen = judge.names(patterned_meshes.paint(labels, tf.constant([TEST_SEED, 0])))
    return accuracies | {"flat": float(np.mean(np.take(CLASSES, labels) == seen))}


def _each_class(surfaces):
    """Every class on every view, in one mapping after the other."""
    views = len(surfaces.mask)
    all_labels, images = [], []
    for label in range(len(CLASSES)):
        mapping = (np.arange(views) + label) % patterned_meshes.NUM_MAPPINGS
        places = surfaces.places[np.arange(views), mapping]
        labels = np.full(views, label)
        seed = tf.constant([TEST_SEED, label])
        images.append(patterned_meshes.paint(labels, seed, places, surfaces.shade, surfaces.mask))
        all_labels.append(labels)
    return np.concatenate(all_labels), tf.concat(images, axis=0)


def main(_):
    values = flags.FLAGS
    surfaces = patterned_meshes.random_surfaces(values.shapes, values.seed)
    keras.utils.set_random_seed(values.seed)
    network = pattern_classifier(num_classes=len(CLASSES))
    if values.start:
        network.load_weights(values.start)
    batches = functools.partial(patterned_meshes.batches, surfaces, plain_share=values.plain_share)
    network, _ = feature_network.train(
        seed=values.seed, steps=values.steps, batch_size=_BATCH, network=network, batches=batches
    )
    path = pathlib.Path(values.output)
    feature_network.save(network, path)
    for name, accuracy in test_accuracies(PatternJudge(path)).items():
        print(f"{name}: {accuracy:.1%}")
    print(f"weights in {path}")


if __name__ == "__main__":
    flags.DEFINE_string("output", str(WEIGHTS), "File for the weights.")
    flags.DEFINE_integer("seed", 1, "Of weights, shapes and patterns.", lower_bound=0)
    flags.DEFINE_integer("steps", 1500, "Of the optimizer.", lower_bound=1)
    flags.DEFINE_integer("shapes", 400, "To learn from, four views of each.", lower_bound=1)
    flags.DEFINE_float("plain_share", 0.125, "Of pictures without a pattern.", lower_bound=0.0)
    flags.DEFINE_string("start", None, "Weights to go on with; without it, random ones.")
    app.run(main)
