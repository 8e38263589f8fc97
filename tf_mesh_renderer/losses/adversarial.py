"""Losses of a critic that tells rendered images from real ones, and of who wants to deceive it."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import (
    argument_error,
    check_same_shape,
    float_tensors,
    static_rank,
)

_UNIT_NORM = 1.0  # of the gradient of the best critic among those that are 1-Lipschitz


def wasserstein_critic_loss(real_scores: Any, generated_scores: Any) -> tf.Tensor:
    """What a critic lowers: the score of generated images minus that of real ones.

    Args:
      real_scores: [B, ...] float, of real images; the mean over all axes but the first counts.
      generated_scores: [B, ...] float, of generated ones, the same shape.
    Returns:
      [B], float32 for half precision; minus the estimate of a distance between the two kinds of
      images, if the critic is 1-Lipschitz (`gradient_penalty`).
    Gradients:
      Exact to both.
    Raises:
      ValueError: a shape is wrong, or the two differ.
    Source:
      Arjovsky, Chintala & Bottou, "Wasserstein GAN", ICML 2017, eq. 2; Chen et al., "Learning to
      Predict 3D Objects with an Interpolation-based Differentiable Renderer", NeurIPS 2019, eq. 15.
    """
    where = "wasserstein_critic_loss"
    real, generated = float_tensors(real_scores, generated_scores)
    check_same_shape(
        where, "generated_scores", value=generated, other_name="real_scores", other=real
    )
    return _by_item(where, "generated_scores", generated) - _by_item(where, "real_scores", real)


def wasserstein_generator_loss(generated_scores: Any) -> tf.Tensor:
    """What a generator lowers: minus the critic's score of its images.

    Args:
      generated_scores: [B, ...] float; the mean over all axes but the first counts.
    Returns:
      [B], float32 for half precision.
    Gradients:
      Exact.
    Raises:
      ValueError: a shape is wrong.
    Source:
      As `wasserstein_critic_loss`; the scores of real images are constants for a generator.
    """
    (generated,) = float_tensors(generated_scores)
    return -_by_item("wasserstein_generator_loss", "generated_scores", generated)


def critic_gradient_norm(images: Any, critic: Callable[[tf.Tensor], tf.Tensor]) -> tf.Tensor:
    """How fast the score of an image changes with it: |d critic / d image|, over all its numbers.

    Args:
      images: [B, ...] float, where to look.
      critic: from such images to scores [B, ...]; differentiable twice, and without batch
        normalization, or the score of an item depended on the others.
    Returns:
      [B], float32 for half precision.
    Gradients:
      Exact to `images` and to the variables of the critic, its second derivatives; zero where the
      norm is zero.
    Raises:
      ValueError: a shape is wrong, or the scores do not depend on the images.
    """
    where = "critic_gradient_norm"
    (images,) = float_tensors(images)
    _check_rank(where, "images", images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        (scores,) = float_tensors(critic(images))
        total = tf.reduce_sum(_by_item(where, "critic", scores))
    slope = tape.gradient(total, images)
    if slope is None:
        raise argument_error(
            where,
            "critic",
            expected="scores that depend on the images",
            received="scores without a gradient",
            hint="compute them by TensorFlow from the tensor that the critic is called with",
        )
    squares = tf.reduce_sum(tf.square(slope), axis=_all_but_first(images))
    # The root has no derivative at 0, where many critics start: NaN for all their variables.
    is_flat = squares == 0.0
    root = tf.sqrt(tf.where(is_flat, tf.ones_like(squares), squares))
    return tf.where(is_flat, tf.zeros_like(squares), root)


def gradient_penalty(
    images: Any, critic: Callable[[tf.Tensor], tf.Tensor], *, target_norm: float = _UNIT_NORM
) -> tf.Tensor:
    """Keeps a critic about 1-Lipschitz: (|d critic / d image| - 1)².

    Asks for second derivatives of the critic only, never of a renderer: what is drawn here is a
    point where the critic is looked at. DIB-R takes the rendered images (`tf.stop_gradient` them,
    the penalty is the critic's affair), WGAN-GP points between those and real ones
    (`interpolate_images`).

    Args:
      images: [B, ...] float, where to look.
      critic: as in `critic_gradient_norm`.
      target_norm: the norm that costs nothing.
    Returns:
      [B], float32 for half precision.
    Gradients:
      As of `critic_gradient_norm`.
    Raises:
      ValueError: a shape is wrong, or the scores do not depend on the images.
    Source:
      Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, eq. 3; Chen et al.,
      NeurIPS 2019, eq. 15.
    """
    return tf.square(critic_gradient_norm(images, critic) - target_norm)


def interpolate_images(real: Any, generated: Any, *, seed: Any, first: Any = 0) -> tf.Tensor:
    """A random point between two images, for each item of the batch.

    Args:
      real: [B, ...] float.
      generated: [B, ...] float, the same shape.
      seed: [2] int; equal seeds draw equal points.
      first: [] int, number of the first item in the whole batch, where this is a replica's share.
    Returns:
      [B, ...]: real + t (generated - real), t uniform in [0, 1), one for each item.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a shape is wrong, or the two differ.
    Source:
      Gulrajani et al., "Improved Training of Wasserstein GANs", NeurIPS 2017, algorithm 1.
    """
    where = "interpolate_images"
    real, generated = float_tensors(real, generated)
    check_same_shape(where, "generated", value=generated, other_name="real", other=real)
    _check_rank(where, "real", real)
    ones = tf.ones([len(_all_but_first(real))], tf.int32)
    shape = tf.concat([first + tf.shape(real)[:1], ones], axis=0)
    t = tf.random.stateless_uniform(shape, seed, dtype=real.dtype)[first:]
    return real + t * (generated - real)


def _by_item(where: str, name: str, scores: tf.Tensor) -> tf.Tensor:
    """[B] from [B, ...]."""
    _check_rank(where, name, scores)
    return tf.reduce_mean(scores, axis=_all_but_first(scores))


def _check_rank(where: str, name: str, values: tf.Tensor) -> None:
    static_rank(where, name, value=values, ranks=range(1, 7))


def _all_but_first(values: tf.Tensor) -> list[int]:
    return list(range(1, values.shape.rank))
