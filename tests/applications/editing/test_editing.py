"""Parts of the programs that edit meshes: views, checkpoints, settings, pictures."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl import flags

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications import feature_network
from tf_mesh_renderer.applications.editing.model import EditingModel
from tf_mesh_renderer.applications.editing.program import (
    define_flags,
    fingerprint,
    settings,
)
from tf_mesh_renderer.applications.editing.program import feature_network as feature_network_of
from tf_mesh_renderer.applications.editing.settings import EditingSettings
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.applications.style_transfer import PRESETS, StyleTransferSettings
from tf_mesh_renderer.models import EditableMesh
from tf_mesh_renderer.models.features import pattern_classifier
from tf_mesh_renderer.training import Checkpoints


class Brightness:
    """An objective that wants dark pictures."""

    def background(self, seed):
        return tf.random.stateless_uniform([], seed)

    def terms(self, images, vertices):
        return {
            "brightness": tf.reduce_mean(images[..., :3] * images[..., 3:]),
            "size": 0.1 * tf.reduce_mean(tf.square(vertices)),
        }


def editing_model(seed=0):
    chosen = EditingSettings(image_size=16, batch_size=2, seed=seed, vertex_step_scale=0.1)
    return EditingModel(EditableMesh(mr.geometry.icosphere(1)), Brightness(), ViewSampler(), chosen)


def run(model, steps, callbacks=()):
    losses = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda _, logs: seen.append(logs["loss"])
    )
    seen = []
    model.fit(tf.data.Dataset.range(steps), verbose=0, callbacks=[losses, *callbacks])
    return seen


def angles_of(views):
    eye = views.camera.eye.numpy()
    distance = np.linalg.norm(eye, axis=-1)
    elevation = np.degrees(np.arcsin(eye[:, 1] / distance))
    azimuth = np.degrees(np.arctan2(eye[:, 0], -eye[:, 2])) % 360
    return distance, elevation, azimuth


def test_views_have_the_published_distribution():
    views = ViewSampler().draw(4000, tf.constant([1, 2]))
    distance, elevation, azimuth = angles_of(views)
    assert distance.mean() == pytest.approx(2.732, abs=0.01)
    assert distance.std() == pytest.approx(0.1, abs=0.01)
    assert elevation.min() == pytest.approx(20.0, abs=0.1)
    assert elevation.max() == pytest.approx(40.0, abs=0.1)
    assert np.histogram(azimuth, bins=8, range=(0, 360))[0].min() > 400
    _, sun = views.lights
    np.testing.assert_allclose(sun.direction[:, 1], np.cos(np.pi / 6), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(sun.direction, axis=-1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(np.mean(sun.direction, axis=0)[::2], 0.0, atol=0.03)


def test_views_follow_from_their_seed():
    first, again, other = (ViewSampler().draw(3, tf.constant(s)) for s in ([0, 1], [0, 1], [0, 2]))
    np.testing.assert_array_equal(first.camera.eye, again.camera.eye)
    assert np.abs(first.camera.eye - other.camera.eye).max() > 0.01


def test_held_out_views_cover_azimuths_and_elevations():
    views = ViewSampler(elevation=(-10.0, 30.0), light_cone=None).held_out(16)
    distance, elevation, azimuth = angles_of(views)
    np.testing.assert_allclose(distance, 2.732, rtol=1e-5)
    np.testing.assert_allclose(np.diff(np.sort(azimuth)), 22.5, atol=0.01)
    np.testing.assert_allclose(np.diff(np.sort(elevation)), 40 / 16, atol=0.01)
    (ambient,) = views.lights
    assert ambient.intensity == 1.0


def test_steps_lower_the_loss_and_move_both_weights():
    model = editing_model()
    before = [value.copy() for value in model.get_weights()]
    losses = run(model, 30)
    assert np.mean(losses[-10:]) < np.mean(losses[:10])
    assert all(np.abs(a - b).max() > 0 for a, b in zip(before, model.get_weights()))


def test_seeds_decide_the_steps():
    assert run(editing_model(), 2) != run(editing_model(seed=1), 2)


def test_a_checkpoint_continues_bit_for_bit(tmp_path):
    expected = run(editing_model(), 5)
    model = editing_model()
    first = run(model, 3)
    Checkpoints(model, tmp_path).save(3)
    model = editing_model()
    assert Checkpoints(model, tmp_path).restore() == 3
    assert first + run(model, 2) == expected


@pytest.mark.parametrize("count", [9, 16, 20, 45])
def test_held_out_views_have_each_elevation_once(count):
    _, elevation, _ = angles_of(ViewSampler().held_out(count))
    np.testing.assert_allclose(np.diff(np.sort(elevation)), 20 / count, atol=0.01)


@pytest.mark.parametrize(
    ("steps", "checkpoint_every", "expected"), [(400, 0, 50), (410, 0, 41), (3, 0, 3), (6, 2, 2)]
)
def test_checkpoints_divide_the_steps(steps, checkpoint_every, expected):
    chosen = EditingSettings(steps=steps, checkpoint_every=checkpoint_every)
    assert chosen.steps_per_epoch == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"checkpoint_every": 3, "steps": 10}, "a divisor of the 10 steps.*received 3"),
        ({"elevation_min": 50.0}, "at least elevation_min, 50.*received 40"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        EditingSettings(**values)


def test_inputs_are_known_by_what_is_in_them():
    one, other = np.arange(4.0), np.arange(4.0)[::-1]
    facts = fingerprint("a", one, other)
    assert facts["bytes"] == 64
    assert fingerprint("b", one, other) == facts | {"name": "b"}
    assert fingerprint("a", other, one)["crc32"] != facts["crc32"]


def test_random_features_are_those_of_the_seed():
    def weights(seed):
        return feature_network_of(EditingSettings(weights="random", seed=seed)).get_weights()

    for one, same, other in zip(weights(1), weights(1), weights(2)):
        np.testing.assert_array_equal(one, same)
        assert one.ndim == 1 or np.abs(one - other).max() > 0  # biases start at 0


def test_every_field_of_the_settings_is_a_flag_and_presets_fill_the_rest():
    values = flags.FlagValues()
    define_flags(PRESETS, values)
    names = {field.name for field in dataclasses.fields(StyleTransferSettings)}
    assert names <= {*values}
    given = ["--seed=3", "--layers=a,b", "--statistics=moments", "--color_bias=0,0.5,-1"]
    values(["program", "--preset=paper", *given])
    chosen = settings(PRESETS, values)
    expected = dataclasses.replace(
        PRESETS["paper"],
        seed=3,
        layers=("a", "b"),
        statistics="moments",
        color_bias=(0.0, 0.5, -1.0),
    )
    assert chosen == expected


def test_a_feature_network_is_trained_and_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(feature_network, "_TEST_SIZE", 8)
    network, accuracy = feature_network.train(seed=0, steps=2, batch_size=4)
    assert 0 <= accuracy <= 1
    path = tmp_path / "made" / "network.weights.h5"
    feature_network.save(network, path)
    assert path.stat().st_size < 0.7e6
    read = pattern_classifier()
    read.load_weights(path)
    for one, other in zip(read.get_weights(), network.get_weights()):
        np.testing.assert_array_equal(one, other)
