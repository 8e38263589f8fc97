"""Textured objects that are drawn: pure functions of seed and step, with a truth that fits."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets.textured import (
    TEST_SEED,
    TexturedStyle,
    draw_illumination,
    paint,
    superquadrics,
    textured_batches,
    textured_test_batches,
)
from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.shading import illumination

BATCH, SIDE = 4, 16
# Sums of the camera are rounded differently for batches of other sizes.
TOLERANCE = 1e-5


def style(kind="lambert"):
    return TexturedStyle(kind, (SIDE, SIDE), (8, 12), subdivisions=1)


def batches(count=2, kind="lambert", **arguments):
    arguments = {"batch_size": BATCH, "seed": 1, "style": style(kind)} | arguments
    found = textured_batches(**arguments).take(count)
    return [{name: value.numpy() for name, value in batch.items()} for batch in found]


@functools.cache
def first_batches():
    return batches(2)


def test_shapes_and_ranges():
    batch = first_batches()[0]
    shapes = {name: value.shape for name, value in batch.items()}
    assert shapes == {
        "images": (BATCH, 2, SIDE, SIDE, 4),
        "world_to_view": (BATCH, 2, 4, 4),
        "view_to_clip": (BATCH, 2, 4, 4),
        "vertices": (BATCH, 42, 3),
        "textures": (BATCH, 8, 12, 3),
        "lights": (BATCH, 3),
        "albedos": (BATCH, 2, SIDE, SIDE, 3),
    }
    assert batch["images"].min() >= 0
    assert batch["images"].max() <= 1
    assert np.all(batch["images"][..., :3] <= batch["albedos"] + 1e-6)  # a light of at most 1
    assert np.any(batch["images"][..., 3] == 1)


def test_going_on_at_a_step_is_the_same():
    (later,) = batches(1, start_step=1)
    for name, value in first_batches()[1].items():
        np.testing.assert_array_equal(later[name], value)
        assert not np.array_equal(first_batches()[0][name], value) or name == "view_to_clip"


def test_shards_are_parts_of_the_batch():
    parts = [batches(1, num_shards=2, shard=shard)[0] for shard in range(2)]
    for name, value in first_batches()[0].items():
        joined = np.concatenate([part[name] for part in parts])
        np.testing.assert_allclose(joined, value, atol=TOLERANCE)


def test_the_test_set_is_fixed_and_no_seed_of_training():
    one, other = ([b["lights"].numpy() for b in fixed_batches()] for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert len(one) == 2
    with pytest.raises(ValueError, match="seed"):
        textured_batches(batch_size=2, seed=TEST_SEED)
    with pytest.raises(ValueError, match="multiple"):
        textured_test_batches(count=3, batch_size=2)


def fixed_batches():
    return textured_test_batches(count=4, batch_size=2, style=style())


def test_the_graph_has_no_python_in_it():
    dataset = textured_batches(batch_size=2, seed=0, style=style())
    graph = tf.compat.v1.GraphDef.FromString(dataset._as_serialized_graph().numpy())
    names = {node.op for function in graph.library.function for node in function.node_def}
    assert "MeshRenderer>Rasterize" in names
    assert not [name for name in names if "PyFunc" in name]


@pytest.mark.parametrize(("kind", "numbers"), [("lambert", 3), ("phong", 4), ("sh", 9)])
def test_lights(kind, numbers):
    lights = draw_illumination(kind, count=200, seed=[1, 2]).numpy()
    assert lights.shape == (200, numbers)
    linear = lights[:, 1:4] * [-1, 1, -1] if kind == "sh" else lights
    height = linear[:, 0] if kind == "sh" else linear[:, 1]
    assert np.all(height > 0)
    if kind == "phong":
        assert 4 <= lights[:, 3].min() < 8
        assert 32 < lights[:, 3].max() <= 64
    if kind != "sh":
        np.testing.assert_allclose(np.linalg.norm(lights[:, :3], axis=1), 1.0, atol=1e-5)
        assert lights[:, 1].min() >= 0.2


def test_harmonics_are_those_of_a_sun_above():
    lights = tf.constant(draw_illumination("sh", count=50, seed=[1, 2]))
    model = illumination.get("sh")
    directions = model.direction(lights)
    (light,) = model.lights(lights)
    towards, away = (
        light.irradiance(side[:, tf.newaxis])[:, 0] for side in (directions, -directions)
    )
    assert tf.reduce_min(towards) > 3 * tf.reduce_max(away)
    assert tf.reduce_min(away) > -0.1  # nothing is black by much
    assert tf.reduce_min(directions[:, 1]) > 0


def test_superquadrics_keep_directions_and_fill_the_unit_cube():
    sphere = icosphere(2).vertices.numpy()
    vertices = superquadrics(sphere, count=5, seed=[3, 4]).numpy()
    np.testing.assert_allclose(np.abs(vertices).max(axis=(1, 2)), 0.5, rtol=1e-5)
    length = np.linalg.norm(vertices, axis=-1, keepdims=True)
    np.testing.assert_allclose(
        vertices / length, np.broadcast_to(sphere, vertices.shape), atol=1e-5
    )
    assert np.ptp(vertices, axis=0).max() > 0.05


def test_textures_close_and_differ():
    textures = paint((32, 32), count=3, seed=[0, 1]).numpy()
    assert textures.shape == (3, 32, 32, 3)
    assert textures.min() >= 0.03
    assert textures.max() <= 0.97
    steps = np.abs(np.diff(textures, axis=2)).mean(axis=(1, 2, 3))
    seam = np.abs(textures[:, :, 0] - textures[:, :, -1]).mean(axis=(1, 2))
    assert np.all(seam < 2 * steps)
    assert np.abs(textures[0] - textures[1]).mean() > 0.05
