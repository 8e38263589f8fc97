"""A mesh that turns once."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.visualization import turntable


def test_a_turntable_goes_round_once():
    def draw(azimuths):
        return tf.ones([tf.shape(azimuths)[0], 2, 2, 3]) * azimuths[:, None, None, None]

    frames = turntable(draw, frames=9, per_batch=4)
    np.testing.assert_allclose(frames[:, 0, 0, 0], np.arange(9) * 40.0)
