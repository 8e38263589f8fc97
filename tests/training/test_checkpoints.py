"""A run that is cut off and goes on: same losses, same log, same decisions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.training import (
    Checkpoints,
    SaveBest,
    SaveCheckpoints,
    cut_log,
    read_log,
)

EPOCHS, STEPS = 4, 3


def batches(start):
    """A batch that is a function of its number."""

    def batch(step):
        seed = tf.stack([tf.cast(step, tf.int32), 7])
        x = tf.random.stateless_normal([8, 5], seed)
        return x, tf.reduce_sum(x, axis=1, keepdims=True)

    return tf.data.Dataset.counter(start).map(batch)


def make_model(units=4, optimizer="adam"):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [keras.layers.Dense(units), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    model.build((None, 5))
    model.compile(optimizer, "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    return model


class LayersInAList(keras.Model):
    """Layers where `tf.train.Checkpoint` does not look for them."""

    def __init__(self):
        super().__init__()
        self.parts = [keras.layers.Dense(3), keras.layers.BatchNormalization()]

    def build(self, input_shape):
        self.parts[0].build(input_shape)
        self.parts[1].build((None, 3))

    def call(self, x, training=False):
        return self.parts[1](self.parts[0](x), training=training)


def test_variables_of_layers_in_lists_are_restored(tmp_path):
    model = LayersInAList()
    model.build((None, 5))
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    assert model.non_trainable_variables
    for number, variable in enumerate(everything(model)):
        variable.assign(tf.fill(variable.shape, tf.cast(number + 1, variable.dtype)))
    checkpoints = Checkpoints(model, tmp_path)
    checkpoints.save(1)
    for variable in everything(model):
        variable.assign(tf.zeros(variable.shape, variable.dtype))
    assert checkpoints.restore() == 1
    for number, variable in enumerate(everything(model)):
        assert np.all(variable.numpy() == number + 1), variable.path


def everything(model):
    return model.weights + model.optimizer.variables


def run(folder, until, **arguments):
    """Trains up to an epoch; goes on where a checkpoint says so."""
    model = make_model(**arguments)
    checkpoints = Checkpoints(model, folder / "checkpoints")
    done = checkpoints.restore()
    cut_log(folder / "log.csv", done)
    callbacks = [
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
        SaveCheckpoints(checkpoints),
    ]
    model.fit(
        batches(done * STEPS),
        initial_epoch=done,
        epochs=until,
        steps_per_epoch=STEPS,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    return model


def scaled_adam():
    """Its scale doubles while the training runs, and is state as well."""
    scale = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(), dynamic_growth_steps=4)
    return {"optimizer": scale}


@pytest.mark.parametrize(("cut_after", "arguments"), [(1, dict), (3, dict), (2, scaled_adam)])
def test_resumed_is_uninterrupted_bit_for_bit(tmp_path, cut_after, arguments):
    (tmp_path / "whole").mkdir()
    (tmp_path / "cut").mkdir()
    whole = run(tmp_path / "whole", EPOCHS, **arguments())
    run(tmp_path / "cut", cut_after, **arguments())
    # What a process leaves that is killed in the epoch after.
    with open(tmp_path / "cut" / "log.csv", "a", encoding="utf-8") as file:
        file.write("9,9,9\r\n9,")
    resumed = run(tmp_path / "cut", EPOCHS, **arguments())
    logs = [(tmp_path / name / "log.csv").read_bytes() for name in ("whole", "cut")]
    assert logs[0] == logs[1]
    assert len(read_log(tmp_path / "cut" / "log.csv")) == EPOCHS
    for a, b in zip(everything(whole), everything(resumed), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(resumed.optimizer.iterations) == EPOCHS * STEPS


def test_only_the_latest_checkpoints_stay(tmp_path):
    run(tmp_path, EPOCHS)
    assert len(list((tmp_path / "checkpoints").glob("*.index"))) == 2


@pytest.mark.parametrize("other", [{"units": 6}, {"optimizer": "sgd"}])
def test_the_checkpoint_of_another_model_is_an_error_that_names_it(tmp_path, other):
    run(tmp_path, 1)
    checkpoints = Checkpoints(make_model(**other), tmp_path / "checkpoints")
    with pytest.raises(ValueError, match=r"a checkpoint of this model and optimizer.*ckpt-1"):
        checkpoints.restore()


def test_weights_alone_need_no_optimizer(tmp_path):
    trained = run(tmp_path, 2)
    model = make_model(optimizer="sgd")
    assert Checkpoints(model, tmp_path / "checkpoints").restore(weights_only=True) == 2
    for a, b in zip(trained.weights, model.weights):
        np.testing.assert_array_equal(a, b)


def test_without_a_checkpoint_nothing_is_done(tmp_path):
    assert Checkpoints(make_model(), tmp_path / "none").restore() == 0
    assert read_log(tmp_path / "log.csv") == []
    cut_log(tmp_path / "log.csv", 3)


def test_cutting_a_log_to_nothing_leaves_room_for_new_names(tmp_path):
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.5\n", encoding="utf-8")
    cut_log(tmp_path / "log.csv", 0)
    assert (tmp_path / "log.csv").read_bytes() == b""


def test_the_best_epoch_is_kept(tmp_path):
    """Of runs before an interruption, too."""
    model = make_model()
    best = Checkpoints(model, tmp_path / "best", keep=1)
    keep = SaveBest(best, "iou", earlier=[{"iou": 0.2}])
    for epoch, value in enumerate((0.1, 0.3, 0.25), start=1):
        model.weights[0].assign(np.full(model.weights[0].shape, value))
        keep.on_epoch_end(epoch, {"iou": value})
    assert best.restore() == 3, "epoch number 2 is the third"
    np.testing.assert_allclose(model.weights[0], 0.3)
