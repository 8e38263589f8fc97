"""The stacks of layers that the reconstruction networks are made of."""

import keras
import tensorflow as tf

from tf_mesh_renderer.models.reconstruction.sizes import NetworkStyle, ReconstructionSize

# PyTorch's momentum of 0.1 is the weight of the new value, Keras' that of the old one.
_NORM_MOMENTUM = 0.9
_NORM_EPSILON = 1e-5


def image_encoder(size: ReconstructionSize, style: NetworkStyle, dtype=None) -> keras.Sequential:
    """Convolutions and dense layers from an image to a code.

    Each convolution is 5x5 with stride 2 and two rows and columns of zeros on every side, as in the
    papers' programs; Keras' padding "same" would put one on the left and two on the right. The
    picture is flattened with the channels last, which orders the weights of the first dense layer
    otherwise than the programs do and changes nothing else. Biases start at 0, as N3MR's; PyTorch,
    in which SoftRas and DIB-R are written, draws them from +-1 / sqrt(number of inputs).

    Args:
      size: widths.
      style: normalization, activation of the code, initializers.
      dtype: precision policy of the layers; None for the global one.
    Returns:
      `keras.Sequential` from [B, H, W, C] float to [B, size.code_units] float.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, and its released program.
    """
    layers = []
    for filters in size.filters:
        layers += _convolution(filters, style, dtype)
    layers += [keras.layers.Flatten(dtype=dtype)]
    for units in size.encoder_units:
        layers += _dense(units, style, dtype)
    code = keras.layers.Dense(
        size.code_units, style.code_activation, kernel_initializer=_of_dense(style), dtype=dtype
    )
    return keras.Sequential([*layers, code], name="encoder")


def mesh_decoder(
    size: ReconstructionSize, style: NetworkStyle, dtype=None, name="decoder"
) -> keras.Sequential:
    """Dense layers from a code to features that a head turns into numbers per vertex.

    Args:
      size: widths.
      style: normalization and initializers.
      dtype: precision policy of the layers; None for the global one.
      name: name of the stack.
    Returns:
      `keras.Sequential` from [B, size.code_units] to [B, size.decoder_units[-1]] float.
    """
    layers = [layer for units in size.decoder_units for layer in _dense(units, style, dtype)]
    return keras.Sequential(layers, name=name)


def head(units: int, style: NetworkStyle, name: str) -> keras.layers.Dense:
    """A linear layer, always in float32: half precision could not place a vertex to a pixel.

    Args:
      units: how many numbers.
      style: initializers.
      name: name of the layer.
    Returns:
      `keras.layers.Dense` from [B, N] to [B, units] float32.
    """
    return keras.layers.Dense(
        units, kernel_initializer=_of_dense(style), dtype="float32", name=name
    )


def batch_norm(dtype=None) -> keras.layers.Layer:
    """Batch normalization with PyTorch's numbers, the same with and without replicas.

    Args:
      dtype: precision policy; None for the global one.
    Returns:
      A new layer.
    """
    # Moments of the whole batch, not of a replica's share. Without replicas the other formula,
    # which loses fewer digits.
    synchronized = tf.distribute.get_strategy().num_replicas_in_sync > 1
    return keras.layers.BatchNormalization(
        momentum=_NORM_MOMENTUM, epsilon=_NORM_EPSILON, synchronized=synchronized, dtype=dtype
    )


def _convolution(filters: int, style: NetworkStyle, dtype) -> list[keras.layers.Layer]:
    return [
        keras.layers.ZeroPadding2D(2, dtype=dtype),
        keras.layers.Conv2D(
            filters, 5, strides=2, kernel_initializer=_by_inputs(style), dtype=dtype
        ),
        *_norm(style.convolution_norm, dtype),
        keras.layers.ReLU(dtype=dtype),
    ]


def _dense(units: int, style: NetworkStyle, dtype) -> list[keras.layers.Layer]:
    return [
        keras.layers.Dense(units, kernel_initializer=_of_dense(style), dtype=dtype),
        *_norm(style.dense_norm, dtype),
        keras.layers.ReLU(dtype=dtype),
    ]


def _norm(is_normalized: bool, dtype) -> list[keras.layers.Layer]:
    return [batch_norm(dtype)] if is_normalized else []


def _of_dense(style: NetworkStyle) -> keras.initializers.Initializer:
    if style.dense_stddev is None:
        return _by_inputs(style)
    return keras.initializers.RandomNormal(stddev=style.dense_stddev)


def _by_inputs(style: NetworkStyle) -> keras.initializers.Initializer:
    """A new initializer each time: one object would draw the same numbers for all layers."""
    return keras.initializers.VarianceScaling(
        style.variance_scale, mode="fan_in", distribution=style.distribution
    )
