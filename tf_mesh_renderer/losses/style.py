"""Losses of neural style transfer on rendered images."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_shape, float_tensors, static_rank


def gram_matrix(features: Any, mask: Any = None) -> tf.Tensor:
    """Second moments of feature maps, over the pixels of an object.

    G = sum_p m_p f_p f_p^T / (C sum_p m_p), with the mask averaged over the image region that
    belongs to each feature p. Which features occur together is kept, where they occur is not.

    Args:
      features: [B, h, w, C] float.
      mask: [B, H, W] or [B, H, W, 1] float in [0, 1], coverage at the resolution of the image;
        None: everything counts.
    Returns:
      [B, C, C] in the dtype of `features` (float32 for half precision), symmetric; 0 where the mask
      is 0 everywhere.
    Gradients:
      Exact to `features`; none to `mask`.
    Raises:
      ValueError: a shape is wrong.
    Source:
      Gatys, Ecker & Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016,
      eq. 3; masked as in Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, sec. 4.2.
    """
    features, weights = _weighted("gram_matrix", features, mask)
    moments, total = _second_moments(features, weights)
    channels = tf.cast(tf.shape(features)[3], features.dtype)
    return tf.math.divide_no_nan(moments, total[..., tf.newaxis] * channels)


def feature_moments(features: Any, mask: Any = None) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean and covariance of feature maps, over the pixels of an object.

    C times a Gram matrix is the covariance plus the product of the mean with itself, which is most
    of it, as ReLUs are never negative. Apart, the two count alike in a loss.

    Args:
      features: [B, h, w, C] float.
      mask: as in `gram_matrix`.
    Returns:
      Mean [B, C] and covariance [B, C, C] in the dtype of `features` (float32 for half precision);
      0 where the mask is 0 everywhere.
    Gradients:
      Exact to `features`; none to `mask`.
    Raises:
      ValueError: a shape is wrong.
    Source:
      Li, Wang, Liu & Hou, "Demystifying Neural Style Transfer", IJCAI 2017, which matches means and
      variances of channels.
    """
    features, weights = _weighted("feature_moments", features, mask)
    total = tf.reduce_sum(weights, axis=[1, 2])
    mean = tf.math.divide_no_nan(tf.reduce_sum(features * weights, axis=[1, 2]), total)
    centered = features - mean[:, tf.newaxis, tf.newaxis]
    moments, total = _second_moments(centered, weights)
    return mean, tf.math.divide_no_nan(moments, total[..., tf.newaxis])


def style_loss(
    features: Sequence[Any],
    reference_grams: Sequence[Any],
    mask: Any = None,
    *,
    relative: bool = False,
) -> tf.Tensor:
    """Distance of the Gram matrices of images from those of a style.

    Args:
      features: feature maps [B, h, w, C] of the images, one for each layer of a network.
      reference_grams: `gram_matrix` of the style for the same layers: [C, C], [1, C, C] or
        [B, C, C].
      mask: coverage of the images, as in `gram_matrix`.
      relative: divide the term of each layer by the squared norm of its reference, so that layers
        count alike and the loss of a black image is about the number of layers. False is Kato et
        al.'s.
    Returns:
      [B]: sum over layers of the squared Frobenius norm.
    Gradients:
      Exact to `features` and `reference_grams`; none to `mask`.
    Raises:
      ValueError: the numbers of layers differ, or a shape is wrong.
    Source:
      Gatys, Ecker & Bethge, CVPR 2016, eqs. 4 and 5; Kato, Ushiku & Harada, CVPR 2018, section 4.2.
    """
    _check_layers("style_loss", "reference_grams", features, reference_grams)
    terms = []
    for maps, reference in zip(features, reference_grams, strict=True):
        gram = gram_matrix(maps, mask)
        reference = tf.cast(reference, gram.dtype)
        check_shape("style_loss", "reference_grams", value=reference, shape=gram.shape[1:])
        terms.append(_distance(gram, reference, rank=2, relative=relative))
    return tf.add_n(terms)


def moment_loss(
    features: Sequence[Any], reference_moments: Sequence[tuple[Any, Any]], mask: Any = None
) -> tf.Tensor:
    """Distance of means and covariances of feature maps from those of a style.

    A style loss for networks whose features are not as distinct as VGG's: colours and patterns
    count alike, though colours make up most of a Gram matrix.

    Args:
      features: feature maps [B, h, w, C] of the images, one for each layer of a network.
      reference_moments: `feature_moments` of the style for the same layers: [C], [1, C] or [B, C]
        and [C, C], [1, C, C] or [B, C, C].
      mask: coverage of the images, as in `gram_matrix`.
    Returns:
      [B]: sum over layers of two squared distances, each divided by the squared norm of its
      reference, so that a black image has a loss of twice the number of layers.
    Gradients:
      Exact to `features` and `reference_moments`; none to `mask`.
    Raises:
      ValueError: the numbers of layers differ, or a shape is wrong.
    Source:
      Li, Wang, Liu & Hou, "Demystifying Neural Style Transfer", IJCAI 2017, eq. 10, with the whole
      covariance for the variances.
    """
    _check_layers("moment_loss", "reference_moments", features, reference_moments)
    terms = []
    for maps, references in zip(features, reference_moments, strict=True):
        for moment, reference in zip(feature_moments(maps, mask), references, strict=True):
            reference = tf.cast(reference, moment.dtype)
            check_shape("moment_loss", "reference_moments", value=reference, shape=moment.shape[1:])
            terms.append(_distance(moment, reference, rank=moment.shape.rank - 1, relative=True))
    return tf.add_n(terms)


def total_variation_loss(images: Any, mask: Any = None) -> tf.Tensor:
    """Squared differences of neighbouring pixels inside an object.

    Args:
      images: [B, H, W, C] float.
      mask: [B, H, W] or [B, H, W, 1] float; a pixel and its right and lower neighbour are compared
        where the mask of the pixel is exactly 1. None: everywhere.
    Returns:
      [B]: sum over pixels and channels; 0 for images of one row or column.
    Gradients:
      Exact to `images`; none to `mask`.
    Raises:
      ValueError: a shape is wrong.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 4.2.
    """
    (images,) = float_tensors(images)
    static_rank("total_variation_loss", "images", value=images, ranks=[4])
    here = images[:, :-1, :-1]
    squares = tf.square(images[:, 1:, :-1] - here) + tf.square(images[:, :-1, 1:] - here)
    if mask is not None:
        (mask,) = float_tensors(tf.cast(mask, images.dtype))
        inside = _with_channel("total_variation_loss", mask)[:, :-1, :-1] == 1.0
        squares = tf.where(inside, squares, tf.zeros_like(squares))
    return tf.reduce_sum(squares, axis=[1, 2, 3])


def vertex_displacement_loss(vertices: Any, reference: Any) -> tf.Tensor:
    """How far vertices have moved: the content loss of style transfer on meshes.

    Args:
      vertices: [B, V, 3] or [V, 3] float, any space.
      reference: [B, V, 3] or [V, 3] float, where they were, in the same space.
    Returns:
      [B] (or [] without a batch): sum over vertices of the squared distance.
    Gradients:
      Exact to both.
    Raises:
      ValueError: a shape is wrong.
    Source:
      Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018, eq. 3.
    """
    vertices, reference = float_tensors(vertices, reference)
    for name, value in (("vertices", vertices), ("reference", reference)):
        check_shape("vertex_displacement_loss", name, value=value, shape=[None, 3])
    return tf.reduce_sum(tf.square(vertices - reference), axis=[-2, -1])


def _check_layers(where, name, features, references):
    if len(features) != len(references) or not features:
        raise argument_error(
            where,
            name,
            expected=f"{max(len(features), 1)}, one for each feature map",
            received=f"{len(references)}",
            hint="use the same layers for both",
        )


def _distance(value, reference, *, rank, relative):
    """[B]: squared distance over the last `rank` axes."""
    axes = [*range(-rank, 0)]
    squares = tf.reduce_sum(tf.square(value - reference), axis=axes)
    size = tf.reduce_sum(tf.square(reference), axis=axes)
    return tf.math.divide_no_nan(squares, size) if relative else squares


def _weighted(where, features, mask):
    """Features [B, h, w, C] and how much each of them counts, [B, h, w, 1]."""
    (features,) = float_tensors(features)
    static_rank(where, "features", value=features, ranks=[4])
    if mask is None:
        return features, tf.ones_like(features[..., :1])
    (mask,) = float_tensors(tf.cast(mask, features.dtype))
    return features, _pooled(tf.stop_gradient(_with_channel(where, mask)), features)


def _second_moments(features, weights):
    """Weighted sums of products [B, C, C], and of the weights [B, 1]."""
    shape = tf.shape(features)
    positions = tf.stack([shape[0], shape[1] * shape[2], shape[3]])
    flat = tf.reshape(features * tf.sqrt(weights), positions)  # [B, P, C]
    return tf.matmul(flat, flat, transpose_a=True), tf.reduce_sum(weights, axis=[1, 2])


def _with_channel(where, mask):
    """[B, H, W, 1] for [B, H, W]."""
    rank = static_rank(where, "mask", value=mask, ranks=[3, 4])
    return mask[..., tf.newaxis] if rank == 3 else mask


def _pooled(mask, features):
    """The mean of the mask over the region of each feature: [B, h, w, 1]."""
    old, new = mask.shape[1:3], features.shape[1:3]
    if old == new:
        return mask
    known = old.is_fully_defined() and new.is_fully_defined()
    if known and all(o % n == 0 for o, n in zip(old, new)):
        blocks = [o // n for o, n in zip(old, new)]
        return tf.nn.avg_pool2d(mask, blocks, blocks, padding="VALID")
    return tf.image.resize(mask, tf.shape(features)[1:3], method="area")
