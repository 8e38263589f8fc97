"""N3MR's sweep is no derivative: it is asked to lead from a wrong value towards the right one."""

import functools

import numpy as np
import tensorflow as tf

from tests.gradient_table.inputs import DISPLACEMENTS, inputs_of
from tests.gradient_table.measure import MODELS, draw

IMAGE_SIZE = (24, 32)
# Of the angle between minus the gradient and the way back.
SMALLEST_COSINE = 0.4
# Part of the way back that must lower the loss.
STEP = 0.25


def _draw(values, scene):
    where = {"scene": scene, "shape": "object", "model": MODELS["N3MR"], "image_size": IMAGE_SIZE}
    return draw(values, **where)


def _tensors(values):
    return {name: tf.constant(value[np.newaxis]) for name, value in values.items()}


def _losses(images, targets):
    return {
        name: tf.reduce_sum(tf.square(images[name] - target)) for name, target in targets.items()
    }


@functools.cache
def _start(scene, name):
    """Targets of all outputs, and losses and gradients at the wrong value."""
    values = _tensors(inputs_of("object"))
    targets = _draw(values, scene)
    wrong = values[name] + DISPLACEMENTS[name]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(wrong)
        losses = _losses(_draw({**values, name: wrong}, scene), targets)
    return targets, losses, {output: tape.gradient(losses[output], wrong) for output in losses}


def check_descent(scene, name, output):
    """Fails unless minus the gradient leads towards the right value, and lowers the loss."""
    targets, losses, gradients = _start(scene, name)
    values, gradient = _tensors(inputs_of("object")), gradients[output]
    way_back = tf.broadcast_to(tf.constant(-DISPLACEMENTS[name], tf.float64), gradient.shape)
    lengths = tf.norm(gradient) * tf.norm(way_back)
    assert -tf.reduce_sum(gradient * way_back) > SMALLEST_COSINE * lengths > 0
    step = STEP * tf.norm(way_back) * gradient / tf.norm(gradient)
    moved = {**values, name: values[name] - way_back - step}
    assert _losses(_draw(moved, scene), targets)[output] < 0.9 * losses[output]
