"""Program for a new process: checks what test_fresh_process.py saved. Argument: the folder."""

import sys

import keras
import numpy as np
import tensorflow as tf

import tf_mesh_renderer  # noqa: F401  (all that a user of a SavedModel needs to import)


def make_two_devices():
    """Splits the CPU in two; possible only before TensorFlow runs its first op."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)


def check_saved_model(call, expected):
    """A loaded function renders and is differentiated as before it was saved."""
    eye = tf.constant(expected["eyes"])
    with tf.GradientTape() as tape:
        tape.watch(eye)
        image = call(eye)
        loss = tf.reduce_sum(image**2)
    gradient = tape.gradient(loss, eye)
    np.testing.assert_allclose(image, expected["image"], atol=1e-6)
    scale = np.abs(expected["gradient"]).max()
    np.testing.assert_allclose(gradient, expected["gradient"], atol=1e-4 * scale)


def check_keras_file(path, expected):
    """A model file is read once the layers' classes are imported."""
    model = keras.saving.load_model(path)
    np.testing.assert_allclose(model(expected["eyes"]), expected["image"], atol=1e-6)


def check_two_devices(make_model, expected):
    """Each device draws half of the batch; the step is that of one device with all of it."""
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    assert strategy.num_replicas_in_sync == 2
    with strategy.scope():
        model = make_model()
        model.compile(keras.optimizers.SGD(float(expected["learning_rate"])), "mse")
    pairs = (expected["data"], expected["targets"])
    data = tf.data.Dataset.from_tensor_slices(pairs).batch(len(pairs[0]))
    model.fit(data, epochs=1, shuffle=False, verbose=0)
    moved = model.get_layer("mesh").get_weights()[0] - 1
    np.testing.assert_allclose(moved, expected["moved"], rtol=1e-3)


def main(folder):
    """Runs all checks; any exception ends the process with an error."""
    make_two_devices()
    expected = np.load(f"{folder}/expected.npz")
    # Held by names: functions of a loaded model do not keep its variables alive.
    saved, exported = (tf.saved_model.load(f"{folder}/{name}") for name in ("saved", "exported"))
    check_saved_model(saved.draw, expected)
    check_saved_model(exported.serve, expected)
    from tests.layers import models  # the layer of the test; SavedModels must do without

    check_keras_file(f"{folder}/model.keras", expected)
    check_two_devices(models.silhouette_model, expected)


if __name__ == "__main__":
    main(sys.argv[1])
