"""What replicas of a model that train together have to agree on before each of them acts on it."""

from collections.abc import Sequence

import tensorflow as tf


def agree_on_overflow(gradients: Sequence[tf.Tensor | None]) -> list[tf.Tensor | None]:
    """Makes the gradients of all replicas NaN where those of one of them are not finite.

    Keras' `LossScaleOptimizer` leaves a step out when gradients are not finite, and decides that in
    each replica before it sums gradients. Processes that decide differently wait for each other for
    ever, and in one process the decision of the first replica would let another's NaN through.

    Args:
      gradients: of one replica, any float dtype and shape; None where a variable has none. Called
        in the replicas of a strategy, or without one.
    Returns:
      The gradients, the same if all are finite.
    Gradients:
      Not meant for any.
    """
    replica = tf.distribute.get_replica_context()
    if replica.num_replicas_in_sync == 1:
        return list(gradients)
    found = [gradient for gradient in gradients if gradient is not None]
    finite = tf.reduce_all([tf.reduce_all(tf.math.is_finite(gradient)) for gradient in found])
    # Any NaN makes the sum NaN.
    mark = replica.all_reduce(tf.distribute.ReduceOp.SUM, tf.where(finite, 0.0, float("nan")))
    return [None if gradient is None else gradient + mark for gradient in gradients]
