"""Training from single views: what is compared, the figures, and learning."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.models.single_view.conftest import make_batch, make_network, randomize
from tf_mesh_renderer import metrics
from tf_mesh_renderer.cameras import weak_perspective
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.models import single_view
from tf_mesh_renderer.models.single_view.trainer import camera_of, over_black, project
from tf_mesh_renderer.models.texture_light import TexturedRendering
from tf_mesh_renderer.rendering import render_silhouette

WEIGHTS = single_view.SingleViewLossWeights(laplacian=0.1, flatten=0.01, keypoint=2.0)


def make_trainer(network=None, **options):
    options = {"weights": WEIGHTS} | options
    trainer = single_view.SingleViewTrainer(network or make_network(), **options)
    trainer.compile(keras.optimizers.Adam(1e-2), jit_compile=False)
    return trainer


def test_keypoint_loss_is_a_mean_over_what_is_visible():
    rng = np.random.default_rng(0)
    target, predicted = rng.normal(size=[3, 5, 3]), rng.normal(size=[3, 5, 2])
    target[2, :, 2] = 0
    expected = [
        np.mean([np.sum((p - t[:2]) ** 2) for t, p in zip(*pair, strict=True) if t[2] > 0])
        for pair in zip(target[:2], predicted[:2], strict=True)
    ]
    np.testing.assert_allclose(single_view.keypoint_loss(target, predicted), [*expected, 0])


def test_weights_name_and_add_up_their_parts():
    assert WEIGHTS.used == ("silhouette", "color", "laplacian", "flatten", "keypoint")
    parts = {name: tf.constant(10.0**i) for i, name in enumerate(WEIGHTS.used)}
    np.testing.assert_allclose(WEIGHTS.total(parts), 1 + 10 + 0.1 * 100 + 0.01 * 1000 + 2e4)
    assert "keypoint" not in dataclasses.replace(WEIGHTS, keypoint=0.0).used
    assert single_view.SingleViewLossWeights.from_config(WEIGHTS.to_config()) == WEIGHTS
    with pytest.raises(ValueError, match="argument `keypoint`: expected a finite number >= 0"):
        single_view.SingleViewLossWeights(keypoint=-1.0)


def test_the_camera_of_a_pose_is_where_its_keypoints_are(batch):
    points = np.random.default_rng(1).uniform(-0.5, 0.5, [3, 6, 3]).astype(np.float32)
    clip = camera_of(tf.constant(batch["poses"])).project(points)
    seen = project(points, batch["poses"])
    np.testing.assert_allclose(clip[..., :2] * [1, -1], seen, atol=1e-5)
    pose = batch["poses"]
    expected = weak_perspective(points, pose[:, 0], pose[:, 1:3], pose[:, 3:])
    np.testing.assert_array_equal(seen, expected)


def test_what_is_drawn_is_the_shape_from_the_photographs_camera(batch):
    trainer = make_trainer(randomize(make_network(), scale=0.1))
    images = over_black(tf.constant(batch["images"]))
    predicted = trainer(images)
    drawn = trainer.draw(batch, predicted)
    camera = camera_of(tf.constant(batch["poses"]))
    for item in range(3):
        one = dataclasses.replace(
            camera,
            world_to_view=camera.world_to_view[item],
            view_to_clip=camera.view_to_clip[item],
        )
        mesh = Mesh(predicted["vertices"][item], trainer.network.faces)
        how = {"gradient": trainer.rendering.gradient, "anti_aliasing": False}
        expected = render_silhouette(mesh, one, image_size=(16, 16), **how)[0]
        np.testing.assert_allclose(drawn[item, ..., 3], expected, atol=1e-5)
        assert 10 < np.sum(expected) < 246


def test_losses_and_figures_are_those_of_the_library(batch):
    trainer = make_trainer(randomize(make_network(), scale=0.1), object_side=1.5)
    parts = trainer.losses_of(batch)
    assert set(parts) == {*WEIGHTS.used, "iou"}
    figures = trainer.figures_of(batch)
    images = over_black(tf.constant(batch["images"]))
    predicted = trainer(images)
    drawn = trainer.draw(batch, predicted)
    found = project(predicted["keypoints"], batch["poses"])
    pck = metrics.keypoint_pck(batch["keypoints"], found, object_side=1.5)
    expected = {
        "texture_l1": np.mean(np.abs(images[..., :3] - drawn[..., :3])),
        "pck": np.mean(pck),
        "keypoint": np.mean(single_view.keypoint_loss(batch["keypoints"], found)),
        "iou": np.mean(metrics.silhouette_iou(images[..., 3] > 0.5, drawn[..., 3] > 0.5)),
        "color": 3 * np.mean(np.abs(images[..., :3] - drawn[..., :3])),
    }
    for name, value in expected.items():
        np.testing.assert_allclose(figures[name], value, rtol=1e-5)
    for name, value in parts.items():
        np.testing.assert_allclose(figures[name], value, rtol=1e-5)


def test_the_background_of_a_photograph_changes_nothing(batch):
    trainer = make_trainer(randomize(make_network(), scale=0.1))
    other = dict(batch)
    mask = batch["images"][..., 3:]
    noise = make_batch(seed=9)["images"][..., :3]
    colors = batch["images"][..., :3] * mask + noise * (1 - mask)
    other["images"] = np.concatenate([colors, mask], axis=-1)
    for name, value in trainer.figures_of(batch).items():
        np.testing.assert_allclose(trainer.figures_of(other)[name], value, rtol=1e-6)


def test_every_variable_learns(batch):
    trainer = make_trainer(randomize(make_network(), scale=0.1))
    with tf.GradientTape() as tape:
        loss = WEIGHTS.total(trainer.losses_of(batch, training=True))
    variables = trainer.trainable_variables
    for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
        assert np.all(np.isfinite(gradient)), variable.path
        assert np.any(gradient), variable.path


def test_a_few_steps_lower_the_loss(batch):
    trainer = make_trainer()
    trainer.network.start_from(np.random.default_rng(0).uniform(-0.5, 0.5, [5, 3]))
    data = tf.data.Dataset.from_tensors(batch).repeat()
    history = trainer.fit(data, epochs=2, steps_per_epoch=8, verbose=0).history
    assert history["loss"][1] < 0.8 * history["loss"][0]
    assert history["keypoint"][1] < history["keypoint"][0]


def test_without_a_loss_on_keypoints_their_weights_stay(batch):
    trainer = make_trainer(weights=dataclasses.replace(WEIGHTS, keypoint=0.0))
    names = [variable.name for variable in trainer.trainable_variables]
    assert "keypoint_logits" not in names
    assert "keypoint" not in trainer.losses_of(batch)


def test_a_keras_file_restores_the_trainer(tmp_path, batch):
    rendering = TexturedRendering(depth_from="z", near=1.0, far=9.0)
    trainer = make_trainer(rendering=rendering, object_side=1.5)
    config = trainer.get_config()
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    trainer.save(tmp_path / "trainer.keras")
    restored = keras.saving.load_model(tmp_path / "trainer.keras")
    assert restored.get_config() == config
    for name, value in trainer.figures_of(batch).items():
        np.testing.assert_allclose(restored.figures_of(batch)[name], value, rtol=1e-5)


def test_presets():
    assert single_view.single_view_preset("full").image_size == 256
    with pytest.raises(ValueError, match="argument `name`: expected one of 'tiny', 'full'"):
        single_view.single_view_preset("huge")


def test_refusals():
    network = single_view.SingleViewNetwork(num_keypoints=2, size="tiny")
    with pytest.raises(ValueError, match="SingleViewTrainer: argument `network`"):
        single_view.SingleViewTrainer(network)
    with pytest.raises(ValueError, match="`rendering`: expected depth_from='z'"):
        single_view.SingleViewTrainer(make_network(), rendering=TexturedRendering())
