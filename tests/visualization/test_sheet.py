"""Sheets of pictures."""

import numpy as np

from tf_mesh_renderer.visualization import sheet


def test_a_sheet_has_its_pictures_in_rows():
    red, blue = np.zeros((2, 3, 4), np.float32), np.zeros((2, 3, 3), np.float32)
    red[..., 0] = blue[..., 2] = 1.0
    page = sheet([[red], [blue, red]])
    assert page.shape == (16, 18, 3)
    np.testing.assert_array_equal(page[4:6, 4:7], red[..., :3])
    np.testing.assert_array_equal(page[10:12, 4:7], blue)
    np.testing.assert_array_equal(page[10:12, 11:14], red[..., :3])
    np.testing.assert_array_equal(page[4:6, 11:14], 1.0)


def test_without_a_margin_pictures_touch():
    pictures = np.random.default_rng(0).random([2, 3, 4, 5, 3], np.float32)
    expected = pictures.transpose(0, 2, 1, 3, 4).reshape(2 * 4, 3 * 5, 3)
    np.testing.assert_array_equal(sheet(pictures, margin=0), expected)
