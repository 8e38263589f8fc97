"""Parts of the programs that edit meshes: views, checkpoints, settings, pictures."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from absl import flags

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications import feature_network
from tf_mesh_renderer.applications.editing.callbacks import EverySteps
from tf_mesh_renderer.applications.editing.judge import PatternJudge
from tf_mesh_renderer.applications.editing.model import EditingModel
from tf_mesh_renderer.applications.editing.program import define_flags, settings
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.applications.style_transfer import PRESETS, StyleTransferSettings
from tf_mesh_renderer.datasets.patterns import draw_patterns, pattern_label
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
    model = EditingModel(
        EditableMesh(mr.geometry.icosphere(1)),
        Brightness(),
        ViewSampler(),
        image_size=16,
        batch_size=2,
        seed=seed,
    )
    model.use_adam(0.05, vertices=0.1, colors=1.0)
    return model


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


def test_something_is_done_every_few_steps():
    model, called = editing_model(), []
    run(model, 3, [EverySteps(2, called.append), EverySteps(0, called.append)])
    run(model, 3, [EverySteps(2, called.append)])
    assert called == [2, 4, 6]


def test_every_field_of_the_settings_is_a_flag_and_presets_fill_the_rest():
    values = flags.FlagValues()
    define_flags(PRESETS, values)
    names = {field.name for field in dataclasses.fields(StyleTransferSettings)}
    assert names <= {*values}
    values(["program", "--preset=paper", "--seed=3", "--layers=a,b", "--statistics=moments"])
    chosen = settings(PRESETS, values)
    expected = dataclasses.replace(
        PRESETS["paper"], seed=3, layers=("a", "b"), statistics="moments"
    )
    assert chosen == expected


def test_the_judge_names_patterns_by_their_middle():
    names = [("stripes", "orange_blue"), ("dots", "pink_purple"), ("grid", "black_white")]
    labels = [pattern_label(*name) for name in names for _ in range(8)]
    images = draw_patterns(labels, seed=(3, 3)).numpy()
    seen = PatternJudge().names(images)
    right = [name == "_".join(names[i // 8]) for i, name in enumerate(seen)]
    assert np.mean(right) >= 0.9


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
