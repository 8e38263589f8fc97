"""Anti-aliasing by supersampling: render at twice the size, then average blocks of 2x2 pixels."""

import tensorflow as tf

from tf_mesh_renderer.arguments import height_and_width

# Pixels per side of a block. The factor is fixed because N3MR's results depend on it.
SUPERSAMPLING = 2


def supersampled(image_size):
    """Returns the image size to render at before `downsample`.

    Args:
      image_size: (height, width) in pixels: a pair of int or an int32 tensor [2].
    Returns:
      (2 height, 2 width), of the same kind as the argument.
    Raises:
      ValueError: `image_size` is no pair of integers.
    """
    if tf.is_tensor(image_size):
        return image_size * SUPERSAMPLING
    height, width = height_and_width("render", image_size)
    return (height * SUPERSAMPLING, width * SUPERSAMPLING)


def downsample(image: tf.Tensor) -> tf.Tensor:
    """Averages blocks of 2x2 pixels; right for colour and alpha.

    Args:
      image: [B, 2 H, 2 W, C] float.
    Returns:
      [B, H, W, C]: the mean of each block.
    Gradients:
      A quarter of the upstream gradient to each pixel of the block.
    """
    return tf.nn.avg_pool2d(image, SUPERSAMPLING, SUPERSAMPLING, padding="VALID")


def downsample_depth(depth: tf.Tensor, mask: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Averages the depth of the covered pixels of each block of 2x2.

    A plain mean would mix the value of empty pixels into the border of the object, and give depths
    where there is nothing.

    Args:
      depth: [B, 2 H, 2 W] float; 0 where `mask` is 0.
      mask: [B, 2 H, 2 W] float, 1 where a face is seen, else 0.
    Returns:
      Depth [B, H, W], the mean over covered pixels (0 where none is), and coverage [B, H, W] in
      [0, 1].
    Gradients:
      The upstream gradient is shared equally by the covered pixels of a block; none to `mask`.
    """
    coverage = downsample(tf.stop_gradient(mask)[..., tf.newaxis])[..., 0]
    mean = downsample(depth[..., tf.newaxis])[..., 0]
    return tf.math.divide_no_nan(mean, coverage), coverage
