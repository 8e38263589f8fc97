"""Three-vectors and small matrices with finite gradients and the same precision on every device.

Products are written as sums of element-wise products on purpose: on recent GPUs TensorFlow computes
`tf.matmul` of float32 in TensorFloat-32, whose ten bits of mantissa would move vertices by pixels.
"""

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

# Squared lengths below this count as zero. Far above the point where the derivative of x / |x|
# overflows (its terms grow with 1 / |x|^3), far below any length that carries information.
_TINY_SQUARED_LENGTH = {tf.float32: 1e-30, tf.float64: 1e-180}


def cross(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Cross product a x b of vectors.

    Args:
      a: [..., 3] float.
      b: [..., 3] float; broadcasts against `a`.
    Returns:
      [..., 3].
    Gradients:
      Exact, to both.
    """
    ax, ay, az = tf.unstack(a, axis=-1)
    bx, by, bz = tf.unstack(b, axis=-1)
    return tf.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def dot(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Inner product over the last axis, which is kept.

    Args:
      a: [..., D] float.
      b: [..., D] float; broadcasts against `a`.
    Returns:
      [..., 1].
    Gradients:
      Exact, to both.
    """
    return tf.reduce_sum(a * b, axis=-1, keepdims=True)


def length(vectors: tf.Tensor) -> tf.Tensor:
    """Euclidean length over the last axis, which is dropped.

    Args:
      vectors: [..., D] float32 or float64.
    Returns:
      [...]; 0 where the squared length is zero within the reach of the dtype.
    Gradients:
      Exact; zero (never NaN) for vectors without a direction.
    """
    squared = tf.reduce_sum(tf.square(vectors), axis=-1)
    # NaN has to pass, so ask for what is tiny.
    is_tiny = squared <= _TINY_SQUARED_LENGTH[vectors.dtype]
    root = tf.sqrt(tf.where(is_tiny, tf.ones_like(squared), squared))
    return tf.where(is_tiny, tf.zeros_like(squared), root)


def normalize(vectors: tf.Tensor, epsilon: float = 0.0) -> tf.Tensor:
    """Unit vectors v / (|v| + epsilon); vectors without a direction give zero.

    Args:
      vectors: [..., D] float32 or float64.
      epsilon: added to the length. 0 gives unit length; 1e-5 is the Chainer renderer's rule.
    Returns:
      [..., D]; exactly 0 where the length is zero within the reach of the dtype.
    Gradients:
      Exact; zero (never NaN) for vectors without a direction.
    Raises:
      ValueError: the dtype is neither float32 nor float64.
    """
    if vectors.dtype not in _TINY_SQUARED_LENGTH:
        raise argument_error(
            "normalize",
            "vectors",
            expected="dtype float32 or float64",
            received=vectors.dtype.name,
            hint="cast to float32 first",
        )
    squared = dot(vectors, vectors)
    has_length = squared > _TINY_SQUARED_LENGTH[vectors.dtype]
    # The first `where` keeps the square root's infinite slope at 0 out of the backward pass.
    length = tf.sqrt(tf.where(has_length, squared, tf.ones_like(squared)))
    return tf.where(has_length, vectors / (length + epsilon), tf.zeros_like(vectors))


def matrix_from_rows(*rows: list[tf.Tensor]) -> tf.Tensor:
    """The matrix with the given entries.

    Args:
      *rows: I lists of J floats [...], all of one shape.
    Returns:
      [..., I, J].
    Gradients:
      Exact, to every entry.
    """
    return tf.stack([tf.stack(row, axis=-1) for row in rows], axis=-2)


def matrix_product(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """Product of small matrices in full precision.

    Args:
      a: [..., I, K] float.
      b: [..., K, J] float; batch dimensions broadcast.
    Returns:
      [..., I, J].
    Gradients:
      Exact, to both.
    """
    return tf.reduce_sum(a[..., :, :, tf.newaxis] * b[..., tf.newaxis, :, :], axis=-2)


def matrix_times_vectors(matrix: tf.Tensor, vectors: tf.Tensor) -> tf.Tensor:
    """Applies a matrix to many column vectors, in full precision.

    Args:
      matrix: [..., I, 3] float.
      vectors: [..., N, 3] float; batch dimensions broadcast against those of `matrix`.
    Returns:
      [..., N, I].
    Gradients:
      Exact, to both.
    """
    columns = tf.unstack(matrix[..., tf.newaxis, :, :], axis=-1)  # 3 of [..., 1, I]
    x, y, z = columns
    return vectors[..., 0:1] * x + vectors[..., 1:2] * y + vectors[..., 2:3] * z
