"""One interface to all feature networks: images in, feature maps out."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, check_shape
from tf_mesh_renderer.models.features.architectures import ARCHITECTURES, feature_layers
from tf_mesh_renderer.models.features.weights import load_feature_weights


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class FeatureNetwork(keras.layers.Layer):
    """Feature maps of images, by a network that stays as it is.

    Example:
      >>> network = FeatureNetwork("small")
      >>> fine, middle, coarse = network(images)  # [B, H, W, 32], [B, H/2, W/2, 64], ...

    Args:
      architecture: "small", "vgg16", "vgg19" or "inception_v3", see `ARCHITECTURES`.
      layers: names of the layers to look at, in any order; None: those for style.
      weights: a file, "imagenet", "random" or None, see `load_feature_weights`.
      **kwargs: passed to `keras.layers.Layer`.
    Call arguments:
      images: [B, H, W, 3] float in [0, 1], RGB, without preprocessing.
    Returns:
      A list of [B, h, w, C] float, non-negative: one map for each of `layers`, in their order.
    Gradients:
      Exact to `images`; the weights are frozen.
    Raises:
      ValueError: an unknown network or layer, images that are too small or no RGB, or weights of
        another network.
      FileNotFoundError: there are no such weights.  ConnectionError: they cannot be fetched.
    """

    def __init__(
        self,
        architecture: str = "small",
        *,
        layers: Sequence[str] | None = None,
        weights: str | None = None,
        **kwargs,
    ):
        kwargs = {"trainable": False, **kwargs}
        super().__init__(**kwargs)
        check_choice("FeatureNetwork", "architecture", value=architecture, choices=[*ARCHITECTURES])
        self.architecture = architecture
        self.weights_source = weights
        settings = ARCHITECTURES[architecture]
        self.layer_names = tuple(settings.style_layers if layers is None else layers)
        _check_layers(architecture, self.layer_names)
        network = settings.build()
        load_feature_weights(network, architecture, weights)
        maps = [network.get_layer(name).output for name in self.layer_names]
        self._maps = keras.Model(network.input, maps, trainable=False)

    def call(self, images: tf.Tensor) -> list[tf.Tensor]:
        check_shape("FeatureNetwork", "images", value=images, shape=[None, None, 3])
        settings = ARCHITECTURES[self.architecture]
        _check_size(images.shape[1:3], settings.smallest_side)
        maps = self._maps(settings.preprocess(images), training=False)
        return maps if isinstance(maps, list) else [maps]

    def get_config(self):
        return {
            **super().get_config(),
            "architecture": self.architecture,
            "layers": list(self.layer_names),
            "weights": self.weights_source,
        }


def _check_layers(architecture, names):
    known = [name for name, _ in feature_layers(architecture)]
    if not names:
        raise argument_error(
            "FeatureNetwork",
            "layers",
            expected="one name or more",
            received="none",
            hint="leave it out for the usual ones",
        )
    for name in names:
        check_choice("FeatureNetwork", "layers", value=name, choices=known)


def _check_size(size, smallest):
    if any(side is not None and side < smallest for side in size):
        raise argument_error(
            "FeatureNetwork",
            "images",
            expected=f"at least {smallest} pixels on each side",
            received=f"{size[0]} x {size[1]}",
            hint="render larger images",
        )
