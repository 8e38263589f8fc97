"""The critic of a texture and light network: its gradient comes through the renderer."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import losses, models
from tf_mesh_renderer.datasets.textured import TexturedStyle, textured_batches
from tf_mesh_renderer.models.texture_light import TextureLightPreset, TextureLightSize

SIDE = 16
_SIZE = TextureLightSize((4, 6), convolutions=1, light_blocks=1, grid=2, batch_norm=False)


def make_base(kind="lambert"):
    """A tiny network in its trainer."""
    keras.utils.set_random_seed(0)
    preset = TextureLightPreset(
        size=_SIZE, illumination=kind, image_size=(SIDE,) * 2, texture_size=(8, 8), subdivisions=1
    )
    return preset.make_trainer(jit_compile=False)


def batch(kind="lambert"):
    """Two objects with two views each."""
    style = TexturedStyle(kind, (SIDE,) * 2, (8, 8), subdivisions=1)
    return next(iter(textured_batches(batch_size=2, seed=1, style=style)))


@pytest.fixture(scope="module")
def trainer():
    critic = models.Discriminator((4, 6))
    critic.build([None, SIDE, SIDE, 3])
    trainer = models.AdversarialTrainer(make_base(), critic)
    sgd = keras.optimizers.SGD
    trainer.compile(sgd(1e-3), critic_optimizer=sgd(1e-3), jit_compile=False)
    trainer.build_optimizers()
    return trainer


def test_drawings_come_with_their_pictures():
    base, data = make_base(), batch()
    parts, pictures, drawn = base.losses_and_drawings(data)
    assert pictures.shape == drawn.shape == [2 * 2 * 2, SIDE, SIDE, 4]
    expected = base.losses_of(data)
    for name, value in expected.items():
        np.testing.assert_allclose(parts[name], value, rtol=1e-6)
    l1 = losses.color_l1_loss(pictures[..., :3], drawn[..., :3])
    np.testing.assert_allclose(np.mean(l1), parts["color"], rtol=1e-5)
    # Given shapes cover the same pixels in both; outlines are soft in drawings.
    covered = pictures[..., 3].numpy() == 1
    assert np.all(drawn[..., 3].numpy()[covered] == 1)
    assert np.any(covered)


def test_the_critic_reaches_texture_and_light_through_the_renderer(trainer):
    heads = [trainer.network.texture_head.kernel, trainer.network.light_head.kernel]
    with tf.GradientTape() as tape:
        _, _, drawn = trainer.trainer.losses_and_drawings(batch(), training=True)
        score = tf.reduce_sum(trainer.critic.score(drawn[..., :3]))
    for gradient in tape.gradient(score, heads):
        assert np.all(np.isfinite(gradient))
        assert np.any(gradient)


@pytest.mark.slow
def test_fine_tuning_lowers_the_losses_of_a_batch(trainer):
    data = tf.data.Dataset.from_tensors(batch()).repeat()
    trainer.compile(
        keras.optimizers.Adam(3e-3, 0.5),
        critic_optimizer=keras.optimizers.Adam(3e-3, 0.5),
        jit_compile=False,
    )
    before = trainer.evaluate(data, steps=1, verbose=0, return_dict=True)
    trainer.fit(data, steps_per_epoch=12, epochs=1, verbose=0, shuffle=False)
    after = trainer.evaluate(data, steps=1, verbose=0, return_dict=True)
    assert after["color"] < before["color"]
    assert {"light_angle", "texture_l1", "texture_light_l1"} <= after.keys()
    assert after["gradient_norm"] > before["gradient_norm"]  # on its way to 1
    assert after["detail"] > 0


def test_the_error_of_the_shininess_is_measured_for_gloss_alone():
    base, data = make_base("phong"), batch("phong")
    found = base.figures_of(data)["shininess_error"]
    predicted = base.predict_all(data)["lights"].numpy()[..., 3]
    truth = data["lights"].numpy()[:, np.newaxis, 3]
    np.testing.assert_allclose(found, np.abs(np.log(predicted / truth)).mean(), rtol=1e-5)
    assert "shininess_error" not in make_base().figures_of(batch())
