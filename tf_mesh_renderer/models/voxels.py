"""A network that fills voxels: what mesh reconstruction is compared with."""

from typing import Any

import keras

from tf_mesh_renderer.arguments import argument_error, to_count
from tf_mesh_renderer.models.reconstruction import stacks
from tf_mesh_renderer.models.reconstruction.sizes import N3MR_STYLE, ReconstructionSize

RESOLUTION = 32
_FIRST_SIDE = 4  # of the coarsest grid; every transposed convolution doubles it
_KERNELS = (4, 5, 6)


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class VoxelReconstruction(keras.Model):
    """One image to the probabilities that voxels are occupied.

    The encoder is that of the mesh networks; the decoder is a dense layer and three transposed
    convolutions. Train it with `keras.losses.BinaryCrossentropy`, and choose the threshold above
    which a voxel counts as occupied on the training data.

    Args:
      size: `ReconstructionSize`, its name or its configuration; what it says of decoders is not
        used.
      decoder_filters: channels of the grids of 4, 8 and 16 voxels a side.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1], RGB and mask; other numbers of channels work too.
      training: not used, no layer behaves otherwise in training.
    Returns:
      [B, 32, 32, 32] float32 in [0, 1], indexed [x, y, z] as `geometry.voxelize`.
    Raises:
      TypeError, ValueError: `decoder_filters` are not three integers > 0.
    Source:
      Yan et al., "Perspective Transformer Nets", NIPS 2016: the volume decoder as in the authors'
      TensorFlow program.
    """

    def __init__(self, size: Any = "full", *, decoder_filters=(512, 256, 96), **kwargs):
        super().__init__(**kwargs)
        self.size = ReconstructionSize.from_config(size)
        self.decoder_filters = _checked(decoder_filters)
        self.encoder = stacks.image_encoder(self.size, N3MR_STYLE, self.dtype_policy)
        self.decoder = _decoder(self.decoder_filters, self.dtype_policy)

    def build(self, input_shape):
        """Makes all variables.

        Args:
          input_shape: (B, H, W, C) of the images; B may be None.
        """
        if self.built:
            return
        self.encoder.build(input_shape)
        self.decoder.build((None, self.size.code_units))
        self.built = True

    def call(self, images, training=False):
        return self.decoder(self.encoder(images, training=training), training=training)

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size.to_config(),
            "decoder_filters": list(self.decoder_filters),
        }


def _decoder(filters, dtype):
    """From a code [B, N] to probabilities [B, 32, 32, 32]."""
    layers = [
        keras.layers.Dense(
            _FIRST_SIDE**3 * filters[0],
            activation="relu",
            kernel_initializer="he_normal",
            dtype=dtype,
        ),
        keras.layers.Reshape([_FIRST_SIDE] * 3 + [filters[0]], dtype=dtype),
    ]
    channels, activations = (*filters[1:], 1), ("relu", "relu", None)
    for width, kernel, activation in zip(channels, _KERNELS, activations, strict=True):
        layers += [
            keras.layers.Conv3DTranspose(
                width,
                kernel,
                strides=2,
                padding="same",
                activation=activation,
                kernel_initializer="he_normal",
                dtype=dtype,
            )
        ]
    layers += [
        keras.layers.Reshape([RESOLUTION] * 3, dtype="float32"),
        keras.layers.Activation("sigmoid", dtype="float32"),
    ]
    return keras.Sequential(layers, name="decoder")


def _checked(filters):
    filters = tuple(
        to_count("VoxelReconstruction", "decoder_filters", channels) for channels in filters
    )
    if len(filters) != len(_KERNELS) or min(filters) < 1:
        raise argument_error(
            "VoxelReconstruction",
            "decoder_filters",
            expected="three integers > 0",
            received=repr(filters),
            hint="for example (128, 64, 24) for a small network",
        )
    return filters
