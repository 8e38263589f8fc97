"""Batches that are drawn: the same pictures as the renderer's, from any shard, in a pure graph."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import geometry, render
from tf_mesh_renderer.datasets import (
    NUM_VIEWS,
    MeshArrays,
    PictureStyle,
    camera_of_view,
    rendered_view_pairs,
)
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight, Lambert

SIZE, BATCH = 12, 4
# Sums of the camera are rounded differently for batches of other sizes.
TOLERANCE = 1e-6


def ball(subdivisions, color, scale=0.4):
    mesh = geometry.icosphere(subdivisions)
    vertices = scale * np.asarray(mesh.vertices, np.float32) * np.float32([1.0, 0.6, 0.8])
    colors = np.tile(np.uint8(color), [len(vertices), 1])
    return MeshArrays(vertices, np.asarray(mesh.faces, np.int32), colors)


# Different numbers of vertices, and of meshes.
MESHES = (
    [ball(0, (255, 0, 0)), ball(1, (0, 255, 0)), ball(2, (0, 0, 255))],
    [ball(1, (255, 255, 0), scale=0.3)],
)


def pairs(count=2, meshes=MESHES, **arguments):
    arguments = {"batch_size": BATCH, "seed": 1, "style": PictureStyle(SIZE)} | arguments
    batches = rendered_view_pairs(meshes, **arguments)
    return [{name: value.numpy() for name, value in batch.items()} for batch in batches.take(count)]


@functools.cache
def first_pairs():
    return pairs(2)


def test_the_types_are_known_before_anything_is_drawn():
    spec = rendered_view_pairs(MESHES, batch_size=BATCH, seed=0, num_shards=2).element_spec
    assert spec["images"] == tf.TensorSpec([2, 2, 64, 64, 4], tf.float32)
    assert spec["viewpoints"] == tf.TensorSpec([2, 2], tf.int32)


def test_the_graph_has_no_python_in_it():
    dataset = rendered_view_pairs(MESHES, batch_size=BATCH, seed=0)
    graph = tf.compat.v1.GraphDef.FromString(dataset._as_serialized_graph().numpy())
    names = {node.op for function in graph.library.function for node in function.node_def}
    assert "MeshRenderer>Rasterize" in names
    assert not [name for name in names if "PyFunc" in name]


def test_pictures_are_those_of_the_renderer():
    lights = (
        AmbientLight(intensity=0.3),
        DirectionalLight(intensity=0.7, direction=(1.0, 1.0, 0.0)),
    )
    style = PictureStyle(SIZE, lights, Lambert(normals="flat"))
    mesh = MESHES[0][1]
    (batch,) = pairs(1, [[mesh]], style=style)
    expected = render(
        mesh.to_mesh(),
        camera_of_view(batch["viewpoints"].reshape(-1)),
        image_size=(SIZE, SIZE),
        lights=style.lights,
        material=style.material,
    )
    np.testing.assert_allclose(batch["images"].reshape(expected.shape), expected, atol=TOLERANCE)
    assert batch["images"][..., 3].max() == 1.0


def test_smaller_meshes_of_a_batch_are_drawn_as_if_alone():
    together = pairs(1, MESHES, batch_size=16)[0]
    for images, views in zip(together["images"], together["viewpoints"]):
        alone = [
            render(mesh.to_mesh(), camera_of_view(views), image_size=(SIZE, SIZE), material="unlit")
            for category in MESHES
            for mesh in category
        ]
        assert sum(np.abs(images - other).max() < TOLERANCE for other in alone) == 1


def test_a_batch_depends_on_seed_and_step_alone():
    whole = first_pairs()
    np.testing.assert_equal(pairs(1, start_step=1), whole[1:])
    assert not np.array_equal(pairs(1, seed=2)[0]["images"], whole[0]["images"])
    assert not np.array_equal(whole[0]["images"], whole[1]["images"])


def test_shards_together_are_the_batch():
    whole = first_pairs()
    shards = [pairs(2, num_shards=2, shard=shard) for shard in range(2)]
    for step, batch in enumerate(whole):
        for name, value in batch.items():
            parts = [shard[step][name] for shard in shards]
            np.testing.assert_allclose(np.concatenate(parts), value, atol=TOLERANCE)


def test_categories_objects_and_views_are_uniform():
    batch = pairs(1, batch_size=2000, style=PictureStyle(6))[0]
    # The only mesh of the second category comes as often as the three of the first together.
    color = batch["images"][:, 0, :, :, :3].max(axis=(1, 2)) > 0  # [B, 3]
    counts = {tuple(row): np.sum(np.all(color == row, axis=1)) for row in np.unique(color, axis=0)}
    deviations = 4 * np.sqrt(2000)  # four standard deviations of a count are less
    assert abs(counts[True, True, False] - 1000) < deviations
    for channel in np.eye(3, dtype=bool):
        assert abs(counts[tuple(channel)] - 1000 / 3) < deviations
    views = np.bincount(batch["viewpoints"].reshape(-1), minlength=NUM_VIEWS)
    assert len(views) == NUM_VIEWS
    np.testing.assert_allclose(views, 4000 / NUM_VIEWS, atol=deviations / 2)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"meshes": [[MESHES[0][0]], []]}, "`meshes`: expected at least one mesh in each category"),
        ({"meshes": []}, "`meshes`"),
        ({"batch_size": 3, "num_shards": 2}, "`batch_size`: expected a multiple of num_shards"),
        ({"seed": -1}, "`seed`"),
        ({"start_step": -1}, "`start_step`"),
        ({"shard": 1}, "`shard`"),
    ],
)
def test_errors_name_the_argument(arguments, text):
    with pytest.raises(ValueError, match=f"rendered_view_pairs: argument {text}"):
        pairs(1, **arguments)
