"""What all textures do with the arrays that they are given."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error


def tensor(value):
    """Turns arrays and lists into tensors; variables stay, so that a tape sees them."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return tf.convert_to_tensor(value)
    return value


def check_rank(where, name, value, ranks):
    """Refuses a tensor whose rank is known and none of `ranks`.

    Raises:
      ValueError: names `where` and `name`.
    """
    if tf.is_tensor(value) and value.shape.rank not in (None, *ranks):
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
            expected=f"a batch of 1 or {wanted}, the number of images",
            received=f"shape {value.shape}",
            hint="repeat the vertices of the mesh or the camera as often",
        )
    return tf.broadcast_to(value, tf.concat([[batch], tf.shape(value)[1:]], axis=0))


def with_batch(value, rank):
    """A tensor of `rank` dimensions: with a batch of one, where it has none."""
    value = tf.convert_to_tensor(value)
    return value if value.shape.rank in (None, rank) else value[tf.newaxis]
