"""What all textures do with the arrays that they are given."""

import dataclasses

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, is_plain


def floats(where, name, value):
    """Lists as arrays or tensors; arrays stay until the dtype of the mesh is known.

    Tensors stay too, and variables, so that a tape sees them.

    Raises:
      TypeError: these are no floating-point numbers; names `where` and `name`.
    """
    if isinstance(value, (list, tuple)):
        value = np.asarray(value, np.float64) if is_plain(value) else tf.convert_to_tensor(value)
    is_array = isinstance(value, np.ndarray) or tf.is_tensor(value)
    if is_array and not tf.as_dtype(value.dtype).is_floating:
        raise argument_error(
            where,
            name,
            expected="float32 or float64",
            received=tf.as_dtype(value.dtype).name,
            hint="divide bytes by 255, so that 1 is white",
            error=TypeError,
        )
    return value


def with_dtype(texture, names, dtype):
    """A texture whose fields `names` are tensors; what was an array becomes one of this dtype."""
    arrays = {name: getattr(texture, name) for name in names}
    arrays = {name: value for name, value in arrays.items() if isinstance(value, np.ndarray)}
    if not arrays:
        return texture
    tensors = {name: tf.convert_to_tensor(value, dtype) for name, value in arrays.items()}
    return dataclasses.replace(texture, **tensors)


def check_rank(where, name, value, ranks):
    """Refuses a tensor whose rank is known and none of `ranks`.

    Raises:
      ValueError: names `where` and `name`.
    """
    rank = value.ndim if isinstance(value, np.ndarray) else None
    rank = value.shape.rank if tf.is_tensor(value) else rank
    if rank not in (None, *ranks):
        raise argument_error(
            where,
            name,
            expected=" or ".join(f"{rank} dimensions" for rank in ranks),
            received=f"shape {value.shape}",
            hint="the batch dimension comes first and may be left out",
        )


def for_images(where, name, value, batch):
    """A tensor [1 or B, ...] repeated for a batch of B images.

    Raises:
      ValueError: it is known to be for another number of images; names `where` and `name`.
    """
    given, wanted = value.shape[0], tf.get_static_value(batch)
    if None not in (given, wanted) and given not in (1, wanted):
        raise argument_error(
            where,
            name,
            expected=f"a batch of {wanted}, the number of images, or of 1",
            received=f"shape {value.shape}",
            hint="repeat the vertices of the mesh or the camera as often",
        )
    return tf.broadcast_to(value, tf.concat([[batch], tf.shape(value)[1:]], axis=0))


def with_batch(value, rank):
    """A tensor of `rank` dimensions: with a batch of one, where it has none."""
    value = tf.convert_to_tensor(value)
    return value if value.shape.rank in (None, rank) else value[tf.newaxis]
