"""The tiny training of synthetic shapes, shortened: networks learn shapes from silhouettes."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets import NUM_VIEWS, camera_of_view
from tf_mesh_renderer.datasets.synthetic import make_shape
from tf_mesh_renderer.geometry import Mesh, voxelize
from tf_mesh_renderer.metrics import voxel_iou
from tf_mesh_renderer.models.reconstruction import preset
from tf_mesh_renderer.rendering import render_silhouette

CATEGORIES = ("car", "phone")
OBJECTS = 4  # of each category
STEPS = 60
SETTINGS = dataclasses.replace(preset("tiny"), batch_size=8)


def shapes(seed):
    rng = np.random.default_rng(seed)
    return [make_shape(name, rng) for name in CATEGORIES for _ in range(OBJECTS)]


def pictures(mesh):
    """[24, 32, 32, 4]: white silhouettes, soft at the border."""
    vertices = tf.constant(mesh.vertices, tf.float32)
    alpha = render_silhouette(
        Mesh(vertices, np.asarray(mesh.faces, np.int32)),
        camera_of_view(np.arange(NUM_VIEWS)),
        image_size=SETTINGS.image_size,
    )
    return np.repeat(alpha.numpy()[..., np.newaxis], 4, axis=-1)


def batches(images):
    """Pairs of views of random objects."""
    rng = np.random.default_rng(0)
    objects = rng.integers(0, len(images), (STEPS, SETTINGS.batch_size, 1))
    views = rng.integers(0, NUM_VIEWS, (STEPS, SETTINGS.batch_size, 2)).astype(np.int32)
    batch = {"images": images[objects, views], "viewpoints": views}
    return tf.data.Dataset.from_tensor_slices(batch)


def predicted_voxels(trainer, images):
    """What is predicted from one view of each object."""
    vertices = trainer.predict(images[:, 3], verbose=0)["vertices"]
    return np.stack([voxelize(prediction, trainer.network.faces) for prediction in vertices])


def mean_iou(truth, grids):
    return float(np.mean(voxel_iou(truth, grids)))


def voxels_and_pictures(seed):
    meshes = shapes(seed)
    truth = [voxelize(np.float32(mesh.vertices), mesh.faces) for mesh in meshes]
    return np.stack(truth), np.stack([pictures(mesh) for mesh in meshes])


@pytest.fixture(scope="module")
def training_pictures():
    return voxels_and_pictures(1)[1]


@pytest.fixture(scope="module")
def held_out():
    """Other objects of the same categories."""
    return voxels_and_pictures(2)


@pytest.mark.parametrize("gradient", ["n3mr", "dibr", "softras"])
def test_volumes_are_learned_from_silhouettes(training_pictures, held_out, gradient):
    truth, images = held_out
    keras.utils.set_random_seed(0)
    trainer = SETTINGS.make_trainer(gradient)
    before = mean_iou(truth, predicted_voxels(trainer, images))
    trainer.fit(batches(training_pictures), verbose=0, shuffle=False)
    grids = predicted_voxels(trainer, images)
    after, swapped = mean_iou(truth, grids), mean_iou(np.roll(truth, OBJECTS, axis=0), grids)
    assert before < 0.4
    assert after > before + 0.2, (before, after)
    assert after > swapped + 0.3, "the picture decides whether it is a car or a phone"
