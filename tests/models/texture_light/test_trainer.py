"""Training from views: figures of the truth, one step by hand, learning, and what is refused."""

import dataclasses
import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.models.texture_light.test_network import SIZE
from tf_mesh_renderer.datasets.textured import TexturedStyle, textured_batches
from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.models.reconstruction import LossWeights
from tf_mesh_renderer.models.texture_light import (
    TexturedRendering,
    TextureLightNetwork,
    TextureLightTrainer,
    texture_light_preset,
)

SIDE = 16


@functools.cache
def batch(illumination="lambert"):
    style = TexturedStyle(illumination, (SIDE, SIDE), (SIDE, SIDE), subdivisions=1)
    return next(iter(textured_batches(batch_size=2, seed=3, style=style)))


def make(illumination="lambert", weights=None, **options):
    options = {"size": SIZE, "illumination": illumination, "texture_size": (SIDE, SIDE)} | options
    network = TextureLightNetwork(icosphere(1), **options)
    network.build([None, SIDE, SIDE, 4])
    return TextureLightTrainer(network, rendering=TexturedRendering("dibr"), weights=weights)


def compiled(trainer, optimizer=None, **options):
    trainer.compile(optimizer or keras.optimizers.Adam(1e-3), **options)
    return trainer


@pytest.mark.parametrize("illumination", ["lambert", "phong", "sh"])
def test_the_truth_has_no_error(illumination):
    trainer, data = make(illumination), dict(batch(illumination))
    views = data["images"].shape[1]
    truth = {
        name: tf.repeat(data[key][:, tf.newaxis], views, axis=1)
        for name, key in (("vertices", "vertices"), ("textures", "textures"), ("lights", "lights"))
    }
    trainer.predict_all = lambda data, training=False: truth
    figures = {name: float(value) for name, value in trainer.figures_of(data).items()}
    assert figures["light_angle"] < 0.1
    assert figures["texture_l1"] < 1e-5
    assert figures["shading_rmse"] < 1e-5
    # Pictures are cut at 1, which the drawing of highlights is not.
    assert figures["texture_light_l1"] < (1e-5 if illumination == "lambert" else 0.02)


def test_one_step_by_hand():
    keras.utils.set_random_seed(0)
    trainer, data = compiled(make(), keras.optimizers.SGD(0.1)), batch()
    with tf.GradientTape() as tape:
        predicted = trainer.predict_all(data, training=True)
        drawn = trainer.draw(data, predicted)[..., :3]
        difference = tf.abs(data["images"][:, tf.newaxis, ..., :3] - drawn)
        loss = tf.reduce_mean(tf.reduce_sum(difference, axis=-1))
    kernel = trainer.network.light_head.kernel
    gradient, before = tape.gradient(loss, kernel), kernel.numpy()
    logs = trainer.train_step(data)
    np.testing.assert_allclose(logs["loss"], loss, rtol=1e-5)
    np.testing.assert_allclose(kernel.numpy() - before, -0.1 * gradient, rtol=1e-3, atol=1e-7)


def test_cameras_go_with_their_views():
    """The prediction of picture m is drawn from the camera of picture n at [m, n]."""
    trainer, data = make(), batch()
    predicted = trainer.predict_all(data)
    drawn = trainer.draw(data, predicted)
    for m in range(2):
        for n in range(2):
            one = {name: value[:, m : m + 1] for name, value in predicted.items()}
            cameras = {name: data[name][:, n : n + 1] for name in ("world_to_view", "view_to_clip")}
            alone = trainer.draw({**data, **cameras}, one)[:, 0, 0]
            np.testing.assert_allclose(alone, drawn[:, m, n], atol=1e-5)


def test_shapes_are_learnt_where_they_are_not_given():
    trainer = compiled(make(predicts_vertices=True))
    data = {name: value for name, value in batch().items() if name != "vertices"}
    logs = trainer.train_step(data)
    expected = {"loss", "silhouette", "color", "laplacian", "flatten", "iou", "light_angle"}
    assert set(logs) == expected
    head = trainer.network.displacement_head
    before = head.kernel.numpy()
    trainer.train_step(data)
    assert not np.array_equal(head.kernel.numpy(), before)


def test_training_needs_pictures_and_cameras_alone():
    names = ("images", "world_to_view", "view_to_clip", "vertices")
    data = {name: batch()[name] for name in names}
    assert set(compiled(make()).train_step(data)) == {"loss", "color"}
    assert set(make().figures_of(data)) == {"color", "texture_light_l1"}


def test_a_single_view_is_enough():
    data = {
        name: value[:, :1] if name not in ("vertices", "textures", "lights") else value
        for name, value in batch().items()
    }
    assert np.isfinite(compiled(make()).train_step(data)["loss"])


def test_fit_lowers_the_loss():
    keras.utils.set_random_seed(0)
    data = {name: value.numpy() for name, value in batch().items()}
    steps = tf.data.Dataset.from_tensors(data).repeat()
    trainer = compiled(make(), keras.optimizers.Adam(3e-3))
    history = trainer.fit(steps, steps_per_epoch=20, epochs=2, verbose=0).history
    assert history["loss"][1] < 0.8 * history["loss"][0]
    assert set(history) == {"loss", "color", "light_angle"}


def test_configuration_rebuilds_the_trainer():
    trainer = make("sh", weights=LossWeights(silhouette=0.0, color=2.0))
    config = trainer.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    restored = TextureLightTrainer.from_config(
        json.loads(json.dumps(config)),
    )
    assert restored.get_config() == config


def test_wrong_networks_and_weights_are_refused():
    with pytest.raises(ValueError, match="not built"):
        TextureLightTrainer(TextureLightNetwork(icosphere(1), size=SIZE))
    with pytest.raises(ValueError, match="predicts_vertices"):
        make(weights=LossWeights(silhouette=1.0, color=1.0))


def test_presets():
    tiny = texture_light_preset("tiny")
    assert tiny.make_network().count_params() < 1e6
    assert tiny.gradient.sigma_inv == pytest.approx(7000.0)
    assert float(tiny.make_optimizer().learning_rate) == pytest.approx(1e-3)
    decaying = dataclasses.replace(tiny, cosine_decay=True).make_optimizer()
    for step, rate in ((0, 1e-3), (500, 5e-4), (1000, 0.0)):
        decaying.iterations.assign(step)
        assert float(decaying.learning_rate) == pytest.approx(rate)
    paper = texture_light_preset("paper")
    assert paper.gradient.sigma_inv == pytest.approx(7000.0 * 16)
    with pytest.raises(ValueError, match="name"):
        texture_light_preset("other")
