"""The example of texture and light: all of its commands, in a small size."""

import pytest


@pytest.mark.slow
def test_texture_light(figures_of_a_miss):
    # A network that has hardly learnt must not pass for one that has.
    figures = figures_of_a_miss("texture_light", "--steps=2", "--image_size=16", "--seeds=0")
    assert figures["lambert_light_angle_before"] > 45
    assert figures["shape_iou"] > 0.4
    assert 0 < figures["n3mr_dibr_fit_texture_light_l1"] < 0.2
