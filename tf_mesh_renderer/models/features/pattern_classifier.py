"""A small convolutional network that tells patterns apart, for features without ImageNet."""

import keras

from tf_mesh_renderer.datasets.patterns import PATTERN_CLASSES

# Channels of the two convolutions of each block; blocks are joined by max pooling.
_WIDTHS = (32, 64, 128)
_KERNEL = 3


def pattern_classifier(
    *, num_classes: int = len(PATTERN_CLASSES), dtype: str = "float32"
) -> keras.Model:
    """Three blocks of two 3 x 3 convolutions, global mean, one dense layer; 290,104 weights.

    Convolutions are named conv1_1, conv1_2, ... and end in a ReLU; the last layer, "logits", has no
    activation. The global mean lets it take images of any size.

    Args:
      num_classes: what it tells apart, C.
      dtype: of weights and activations.
    Returns:
      `keras.Model` from [B, H, W, 3] in [-1/2, 1/2] (H, W >= 4) to logits [B, C], by default of
      `datasets.patterns.PATTERN_CLASSES`.
    """
    images = keras.Input((None, None, 3), dtype=dtype, name="images")
    features = images
    for block, width in enumerate(_WIDTHS, start=1):
        if block > 1:
            features = keras.layers.MaxPooling2D(dtype=dtype, name=f"pool{block - 1}")(features)
        for index in (1, 2):
            features = keras.layers.Conv2D(
                width,
                _KERNEL,
                padding="same",
                activation="relu",
                kernel_initializer="he_normal",
                dtype=dtype,
                name=f"conv{block}_{index}",
            )(features)
    features = keras.layers.GlobalAveragePooling2D(dtype=dtype, name="mean")(features)
    logits = keras.layers.Dense(num_classes, dtype=dtype, name="logits")(features)
    return keras.Model(images, logits, name="pattern_classifier")
