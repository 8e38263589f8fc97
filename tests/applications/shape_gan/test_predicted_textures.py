"""Textures that a network predicts count as real ones where one is given."""

import dataclasses

import numpy as np
import pytest

from tf_mesh_renderer.applications.shape_gan.predicted_textures import TexturePredictor
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.datasets import CanonicalViews
from tf_mesh_renderer.models.texture_light import texture_light_preset
from tf_mesh_renderer.training import CHECKPOINTS, Checkpoints

SIDE = 32


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Folder of a training with a network that has not learnt anything, and the network."""
    output = tmp_path_factory.mktemp("texture_light")
    settings = dataclasses.replace(
        texture_light_preset("tiny"), image_size=(SIDE, SIDE), texture_size=(16, 16)
    )
    experiment = TextureLightExperiment(settings, seed=3)
    trainer = experiment.make_trainer()
    experiment.write(output)
    Checkpoints(trainer, output / CHECKPOINTS).save(1)
    return output, trainer.network


def test_textures_are_those_of_the_network_for_the_first_picture(trained):
    output, network = trained
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, [3, 4, SIDE, SIDE, 4], np.uint8)
    views = CanonicalViews(images, np.zeros([3, 8, 8, 3], np.uint8))
    found = TexturePredictor(output).replace_textures(views)
    assert found.images is views.images
    assert found.textures.dtype == np.uint8
    expected = network(images[:, 0] / np.float32(255))["textures"].numpy()
    expected = expected.reshape(3, 8, 2, 8, 2, 3).mean(axis=(2, 4))  # averaged to 8 x 8
    np.testing.assert_allclose(found.textures / 255, expected, atol=0.003)
    assert np.ptp(found.textures.astype(int), axis=0).max() > 0


def test_without_a_training_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="folder that `train` wrote"):
        TexturePredictor(tmp_path)
