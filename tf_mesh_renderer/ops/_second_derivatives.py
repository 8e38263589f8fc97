"""The gradient of a gradient op: a reason why there is none."""


def refuse_second_derivatives(op, *_):
    """Gradient function that raises a LookupError naming the op.

    Register it for every op that computes a gradient: TensorFlow's own error only says that nothing
    is registered.
    """
    raise LookupError(
        f"{op.type}: second derivatives through visibility are not available: the op is itself a "
        "gradient. Hint: stop the inner gradient with tf.stop_gradient, or take the outer one by "
        "finite differences."
    )
