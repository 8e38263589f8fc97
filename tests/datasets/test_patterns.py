"""Procedural patterns: deterministic, in range, told apart by their colours and periods."""

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets.patterns import (
    PALETTES,
    PATTERN_CLASSES,
    PATTERNS,
    draw_patterns,
    pattern_batches,
    pattern_label,
)


@pytest.fixture(name="pictures", scope="module")
def fixture_pictures():
    labels = np.repeat(np.arange(len(PATTERN_CLASSES)), 4)
    return labels, draw_patterns(labels, seed=(1, 2)).numpy()


def test_there_are_six_patterns_in_four_palettes():
    assert len(PATTERN_CLASSES) == len(PATTERNS) * len(PALETTES) == 24
    assert PATTERN_CLASSES[pattern_label("dots", "pink_purple")] == "dots_pink_purple"


def test_pictures_are_in_range_and_not_flat(pictures):
    _, images = pictures
    assert images.shape == (96, 64, 64, 3)
    assert images.dtype == np.float32
    assert images.min() >= 0.0
    assert images.max() <= 1.0
    assert images.std(axis=(1, 2)).max(axis=-1).min() > 0.05


def test_pictures_of_a_class_differ(pictures):
    _, images = pictures
    of_class = images.reshape(24, 4, -1)
    for i in range(4):
        for j in range(i):
            assert np.abs(of_class[:, i] - of_class[:, j]).mean(axis=-1).min() > 0.02


def test_pictures_have_the_colours_of_their_palette(pictures):
    """Pixels differ most along the line between the two colours."""
    labels, images = pictures
    for label, image in zip(labels, images):
        ground, drawn = [*PALETTES.values()][label % len(PALETTES)]
        line = np.subtract(drawn, ground)
        pixels = image.reshape(-1, 3)
        _, _, directions = np.linalg.svd(pixels - pixels.mean(axis=0), full_matrices=False)
        assert abs(directions[0] @ line) / np.linalg.norm(line) > 0.9


@pytest.mark.parametrize(("pattern", "turned"), [("stripes", 0), ("diagonal", 45)])
def test_stripes_have_one_direction(pattern, turned):
    """The strongest frequency lies within the tilt of an axis, or of a diagonal."""
    labels = [pattern_label(pattern, "black_white")] * 16
    grey = draw_patterns(labels, seed=(3, 4)).numpy().mean(axis=-1)
    power = np.abs(np.fft.rfft2(grey - grey.mean(axis=(1, 2), keepdims=True)))
    for one in power:
        row, column = np.unravel_index(one.argmax(), one.shape)
        angle = np.degrees(np.arctan2((row + 32) % 64 - 32, column))
        off = abs((angle - turned + 45) % 90 - 45)
        assert off <= 12 + 8  # the tilt, and the coarse grid of frequencies


def test_the_same_seed_gives_the_same_pictures():
    labels = [0, 9, 17]
    first = draw_patterns(labels, seed=(5, 6), image_size=32)
    np.testing.assert_array_equal(first, draw_patterns(labels, seed=(5, 6), image_size=32))
    assert np.abs(first - draw_patterns(labels, seed=(5, 7), image_size=32)).max() > 0.1


def test_batches_depend_on_seed_and_step_alone():
    batches = [*pattern_batches(3, seed=1, image_size=16).take(4)]
    later = [*pattern_batches(3, seed=1, image_size=16, start_step=2).take(2)]
    for (images, labels), (same_images, same_labels) in zip(batches[2:], later):
        np.testing.assert_array_equal(images, same_images)
        np.testing.assert_array_equal(labels, same_labels)
    ((other, _),) = pattern_batches(3, seed=2, image_size=16).take(1)
    assert np.abs(other - batches[0][0]).max() > 0.1


def test_labels_of_batches_are_spread():
    labels = np.concatenate([b for _, b in pattern_batches(48, seed=0, image_size=8).take(10)])
    counts = np.bincount(labels, minlength=24)
    assert counts.min() > 0
    assert labels.dtype == np.int32


def test_patterns_are_drawn_in_graphs():
    draw = tf.function(lambda labels: draw_patterns(labels, seed=(1, 2), image_size=16))
    labels = tf.constant([4, 5])
    np.testing.assert_allclose(
        draw(labels), draw_patterns(labels, seed=(1, 2), image_size=16), atol=1e-5
    )


def test_an_unknown_pattern_is_named():
    with pytest.raises(ValueError, match=r"'plaid_black_white'.*Hint"):
        pattern_label("plaid", "black_white")


def test_patterns_lie_where_they_are_told_to():
    ticks = (np.arange(16) + 0.5) / 16 - 0.5
    flat = np.stack(np.meshgrid(ticks, ticks), axis=-1).astype(np.float32)[np.newaxis]
    quiet = {"seed": (1, 2), "image_size": 16}
    expected = draw_patterns([9], **quiet)
    np.testing.assert_allclose(draw_patterns([9], **quiet, places=flat), expected, atol=1e-5)
    one_place = draw_patterns([9], **quiet, places=np.zeros_like(flat)).numpy()
    assert one_place.std(axis=(1, 2)).max() < 0.15 < expected.numpy().std(axis=(1, 2)).max()
