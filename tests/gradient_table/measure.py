"""Gradients of every output of a scene to every input, as the library and as differences have them.

Outputs become numbers as sums with random weights, so that no entry can hide. Differences of all
entries of all inputs are taken in one batch of images.
"""

import functools
from typing import NamedTuple

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr
from tests.gradient_table.inputs import DISPLACEMENTS, inputs_of
from tests.gradient_table.scenes import SCENES

# Soft enough for the step, and with reaches whose ends contribute less than 1e-9.
MODELS = {
    "N3MR": mr.gradients.N3mr(),
    "DIB-R": mr.gradients.DibR(sigma_inv=60.0, box_length=0.6),
    "SoftRas": mr.gradients.SoftRas(sigma=1e-2, gamma=0.1, dist_eps=1e-9, max_fragments=8),
}
BY_CLASS = {type(model).__name__: model for model in MODELS.values()}
IMAGE_SIZE = (6, 8)
STEP = 1e-6
SOME_DISPLACEMENT = 0.1  # of all entries of an input


class Measured(NamedTuple):
    """What was found for one output and one input.

    Attributes:
      gradient: the library's; None if the two are not connected.
      differences: central differences, in the same shape.
      depends: whether the output changes when the input moves far.
    """

    gradient: np.ndarray | None
    differences: np.ndarray
    depends: bool


def draw(values, *, scene, shape, model, image_size=IMAGE_SIZE):
    """Outputs of a scene by name: those of a gradient model, or those without one."""
    if model is None:
        return SCENES[scene].draw_without_model(values, shape=shape, image_size=image_size)
    return SCENES[scene].draw(values, shape=shape, gradient=model, image_size=image_size)


def _weighted_sums(outputs):
    """A number for every image of every output, [B] by name."""
    sums = {}
    for position, (name, output) in enumerate(outputs.items()):
        weights = np.random.default_rng(position).normal(size=output.shape[1:])
        sums[name] = tf.reduce_sum(output * weights, axis=[*range(1, output.shape.rank)])
    return sums


def _library_gradients(values, names, **where):
    """Gradients by (output, input)."""
    tensors = {name: tf.constant(value[np.newaxis]) for name, value in values.items()}
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensors)
        sums = _weighted_sums(draw(tensors, **where))
    found = {}
    for output, value in sums.items():
        gradients = tape.gradient(value, [tensors[name] for name in names])
        for name, gradient in zip(names, gradients, strict=True):
            found[output, name] = None if gradient is None else gradient[0].numpy()
    return found


def _moved(values, names):
    """All inputs in a batch: item 2 i is moved by a step in entry i, item 2 i + 1 against it."""
    batch = 2 * sum(values[name].size for name in names)
    moved = {name: np.repeat(value[np.newaxis], batch, axis=0) for name, value in values.items()}
    first = 0
    for name in names:
        size = values[name].size
        entries = moved[name].reshape(batch, size)
        entries[first + 2 * np.arange(size), np.arange(size)] += STEP
        entries[first + 2 * np.arange(size) + 1, np.arange(size)] -= STEP
        first += 2 * size
    return {name: tf.constant(value) for name, value in moved.items()}


def _differences(values, names, **where):
    """Central differences by (output, input)."""
    ends = np.cumsum([values[name].size for name in names])[:-1]
    found = {}
    for output, sums in _weighted_sums(draw(_moved(values, names), **where)).items():
        parts = np.split((sums[::2] - sums[1::2]) / (2 * STEP), ends)
        for name, part in zip(names, parts, strict=True):
            found[output, name] = part.reshape(values[name].shape)
    return found


def _dependences(values, names, **where):
    """Whether outputs change with inputs, by (output, input); item i of the batch moves input i."""
    batch = len(names) + 1
    moved = {name: np.repeat(value[np.newaxis], batch, axis=0) for name, value in values.items()}
    for item, name in enumerate(names):
        moved[name][item] += DISPLACEMENTS.get(name, SOME_DISPLACEMENT)
    outputs = draw({name: tf.constant(value) for name, value in moved.items()}, **where)
    return {
        (output, name): bool(np.any(images[item] != images[-1]))
        for output, images in outputs.items()
        for item, name in enumerate(names)
    }


@functools.cache
def measure(scene, shape, model, names):
    """`Measured` by (output, input) for the inputs `names`; `model` is an object or None."""
    values, where = inputs_of(shape), {"scene": scene, "shape": shape, "model": model}
    gradients = _library_gradients(values, names, **where)
    differences = _differences(values, names, **where)
    depends = _dependences(values, names, **where)
    return {key: Measured(gradients[key], differences[key], depends[key]) for key in differences}
