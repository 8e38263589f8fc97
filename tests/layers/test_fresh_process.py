"""Saved models in a process that knows only the package, and training on two devices."""

import pathlib
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf

from tests.layers.models import SIZE, eyes, silhouette_model

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEARNING_RATE = 0.01


def image_and_gradient(model, eye):
    eye = tf.constant(eye)
    with tf.GradientTape() as tape:
        tape.watch(eye)
        image = model(eye)
        loss = tf.reduce_sum(image**2)
    gradient = tape.gradient(loss, eye)
    assert np.abs(gradient).max() > 0
    return {"eyes": eye, "image": image, "gradient": gradient}


def one_training_step():
    """How far the radius moves on one device."""
    data, targets = eyes(8), np.zeros([8, *SIZE], np.float32)
    model = silhouette_model()
    model.compile(keras.optimizers.SGD(LEARNING_RATE), "mse")
    model.fit(data, targets, batch_size=8, verbose=0)
    moved = model.get_layer("mesh").get_weights()[0] - 1
    assert abs(moved) > 1e-4
    return {"data": data, "targets": targets, "moved": moved, "learning_rate": LEARNING_RATE}


def saved_module(model):
    """A `tf.Module` around a model, as TensorFlow programs save them."""
    module = tf.Module()
    module.model = model
    module.draw = tf.function(
        lambda eye: model(eye), input_signature=[tf.TensorSpec([None, 3], tf.float32)]
    )
    return module


def test_saved_models_and_two_devices_in_a_new_process(tmp_path):
    """One process for all, because starting TensorFlow takes longer than the checks."""
    model = silhouette_model()
    np.savez(tmp_path / "expected.npz", **image_and_gradient(model, eyes(3)), **one_training_step())
    tf.saved_model.save(saved_module(model), str(tmp_path / "saved"))
    model.export(str(tmp_path / "exported"), verbose=False)
    model.save(tmp_path / "model.keras")
    command = [sys.executable, "-m", "tests.layers.fresh_process", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
