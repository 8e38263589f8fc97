"""Distances of images in what a network sees in them."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_same_shape, float_tensors, static_rank


def feature_matching_loss(
    target_features: Sequence[Any], predicted_features: Sequence[Any]
) -> tf.Tensor:
    """Mean absolute difference of feature maps, summed over layers.

    Args:
      target_features: one [B, ...] float for each layer of a network, of what should be seen: the
        maps of a convolution or the numbers of a dense layer.
      predicted_features: of what is seen, the same shapes.
    Returns:
      [B], float32 for half precision: sum over layers of |T - P|_1 / N, N the number of values
      that a layer has for an item.
    Gradients:
      Exact to both; zero where features are equal.
    Raises:
      ValueError: the numbers of layers or a shape differ, or there is no layer.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, eq. 16; of a discriminator: Salimans et al., "Improved Techniques for
      Training GANs", NeurIPS 2016, section 3.1.
    """
    if len(target_features) != len(predicted_features) or not target_features:
        raise argument_error(
            "feature_matching_loss",
            "predicted_features",
            expected=f"{max(len(target_features), 1)}, one for each of the target's",
            received=f"{len(predicted_features)}",
            hint="use the same layers for both",
        )
    pairs = zip(target_features, predicted_features, strict=True)
    return tf.add_n([_distance(target, predicted) for target, predicted in pairs])


def perceptual_loss(
    target: Any, predicted: Any, network: Callable[[tf.Tensor], Sequence[tf.Tensor]]
) -> tf.Tensor:
    """`feature_matching_loss` of what a network sees in two images.

    Args:
      target: [B, H, W, C] float, in the range that the network expects.
      predicted: [B, H, W, C] float, the same shape.
      network: from such images to its feature maps, a sequence of [B, ...]; `FeatureNetwork` and
        any Keras model with several outputs are such. It is called once on both batches together,
        and its variables are not meant to be trained by this.
    Returns:
      [B], float32 for half precision.
    Gradients:
      Exact to both images.
    Raises:
      ValueError: a shape is wrong, or the two images differ.
    Source:
      Chen et al., NeurIPS 2019, eq. 16; Johnson, Alahi & Li, "Perceptual Losses for Real-Time Style
      Transfer and Super-Resolution", ECCV 2016.
    """
    predicted, target = float_tensors(predicted, target)
    static_rank("perceptual_loss", "predicted", value=predicted, ranks=[4])
    check_same_shape(
        "perceptual_loss", "predicted", value=predicted, other_name="target", other=target
    )
    maps = network(tf.concat([target, predicted], axis=0))
    halves = [tf.split(features, 2) for features in maps]
    return feature_matching_loss(*zip(*halves, strict=True))


def _distance(target: Any, predicted: Any) -> tf.Tensor:
    """[B]: mean absolute difference."""
    predicted, target = float_tensors(predicted, target)
    where = "feature_matching_loss"
    check_same_shape(
        where, "predicted_features", value=predicted, other_name="target_features", other=target
    )
    rank = static_rank(where, "predicted_features", value=predicted, ranks=range(2, 7))
    return tf.reduce_mean(tf.abs(target - predicted), axis=list(range(1, rank)))
