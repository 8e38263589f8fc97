"""The picture of many objects."""

import numpy as np

from tf_mesh_renderer.datasets import find_category
from tf_mesh_renderer.datasets.synthetic import make_object
from tf_mesh_renderer.datasets.synthetic.preview import VIEW, contact_sheet


def test_rows_are_categories_over_white():
    rows = [find_category("car"), find_category("sofa")]
    sheet = contact_sheet(rows, count=3, seed=4, shading="plain")
    assert sheet.shape == (128, 192, 3)
    np.testing.assert_array_equal(sheet[0, 0], 1)
    assert sheet.min() >= 0
    assert sheet.max() <= 1 + 1e-6
    sofa = make_object(rows[1], "train", 2, seed=4, shading="plain").images[VIEW] / 255.0
    expected = np.moveaxis(sofa[:3] + 1 - sofa[3:], 0, -1)
    np.testing.assert_allclose(sheet[64:, 128:], expected, atol=1e-6)
