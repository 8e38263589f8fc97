"""Gradients of replicas; what several of them do is tested in tests/applications."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.models.replicas import agree_on_overflow


def test_one_replica_agrees_with_itself():
    gradients = [tf.constant([1.0, np.inf]), None, tf.constant([2.0], tf.float16)]
    assert all(a is b for a, b in zip(agree_on_overflow(gradients), gradients, strict=True))


def test_a_strategy_of_one_device_changes_nothing():
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])

    @tf.function
    def run(gradient):
        return strategy.run(lambda: agree_on_overflow([gradient, None])[0])

    np.testing.assert_array_equal(run(tf.constant([1.0, np.nan])), [1.0, np.nan])
