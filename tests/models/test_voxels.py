"""The voxel network: shapes, its file, and that it can learn by heart."""

import keras
import numpy as np
import pytest

from tf_mesh_renderer.models import VoxelReconstruction

SMALL = {"filters": [4, 4, 8], "encoder_units": [32], "code_units": 32, "decoder_units": [8]}
IMAGES = np.random.default_rng(0).random([3, 16, 16, 4]).astype(np.float32)


def small(**arguments):
    return VoxelReconstruction(SMALL, decoder_filters=(8, 6, 4), **arguments)


def test_probabilities_of_a_grid():
    probabilities = small()(IMAGES)
    assert probabilities.shape == (3, 32, 32, 32)
    assert probabilities.dtype == "float32"
    assert 0 < np.min(probabilities) < np.max(probabilities) < 1


def test_widths_of_the_paper():
    layers = VoxelReconstruction().decoder.layers
    convolutions = [layer for layer in layers if hasattr(layer, "kernel_size")]
    assert layers[0].units == 4**3 * 512
    assert [(layer.filters, layer.kernel_size[0]) for layer in convolutions] == [
        (256, 4),
        (96, 5),
        (1, 6),
    ]


def test_half_precision_ends_in_single():
    assert small(dtype="mixed_float16")(IMAGES).dtype == "float32"


def test_survives_a_file(tmp_path):
    network = small(name="voxels")
    expected = network(IMAGES)
    network.save(tmp_path / "network.keras")
    restored = keras.saving.load_model(tmp_path / "network.keras")
    assert restored.get_config() == network.get_config()
    np.testing.assert_array_equal(restored(IMAGES), expected)


def test_learns_by_heart():
    """A ball for one picture, its complement for another."""
    place = np.stack(np.indices([32] * 3)) - 15.5
    ball = (np.sum(place**2, axis=0) < 100).astype(np.float32)
    targets = np.stack([ball, 1 - ball])
    keras.utils.set_random_seed(0)
    network = small()
    network.compile(keras.optimizers.Adam(5e-3), keras.losses.BinaryCrossentropy())
    dark_and_bright = IMAGES[:2] * np.array([0.2, 1.0], np.float32).reshape(2, 1, 1, 1)
    network.fit(dark_and_bright, targets, epochs=50, batch_size=2, verbose=0)
    assert (
        np.mean((np.asarray(network(dark_and_bright)) > 0.5) == targets) > 0.8
    )  # 0.5 without the pictures


@pytest.mark.parametrize("filters", [(8, 4), (8, 4, 2, 1), (8, 0, 4)])
def test_refusals(filters):
    with pytest.raises(ValueError, match="`decoder_filters`: expected three integers > 0"):
        VoxelReconstruction(SMALL, decoder_filters=filters)
