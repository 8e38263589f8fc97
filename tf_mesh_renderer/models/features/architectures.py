"""The networks whose features are used: how they are built and what they expect to see."""

import dataclasses
import functools
import re
from collections.abc import Callable

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.models.features.pattern_classifier import pattern_classifier

# Means of the ImageNet images that the VGG networks were trained on: blue, green, red of bytes.
_CAFFE_MEANS = (103.939, 116.779, 123.68)
_KERAS_FILES = "https://storage.googleapis.com/tensorflow/keras-applications/"
# Such names count on from model to model, so nothing can be told by them.
_NAMED_BY_KERAS = re.compile(
    r"(conv2d|batch_normalization|activation|max_pooling2d|average_pooling2d|concatenate)(_\d+)?$"
)
_VGG_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A network and how to use it.

    Attributes:
      build: makes the `keras.Model`, with random weights.
      preprocess: images [B, H, W, 3] in [0, 1], RGB, to what the network was trained on.
      style_layers: layers whose Gram matrices say what the style of an image is, from fine to
        coarse.
      dream_layer: the layer that DeepDream raises.
      weights_url: where Keras has the ImageNet weights; None for a network that comes with ours.
      smallest_side: of an image, in pixels.
    """

    build: Callable[[], keras.Model]
    preprocess: Callable[[tf.Tensor], tf.Tensor]
    style_layers: tuple[str, ...]
    dream_layer: str
    weights_url: str | None = None
    smallest_side: int = 32


def _centered(images):
    return images - 0.5


def _caffe(images):
    """Blue first, bytes, mean removed: `preprocess_input` of VGG for images in [0, 1]."""
    return images[..., ::-1] * 255.0 - tf.constant(_CAFFE_MEANS, images.dtype)


def _signed(images):
    """[-1, 1]: `preprocess_input` of InceptionV3 for images in [0, 1]."""
    return images * 2.0 - 1.0


def _keras_application(name):
    make = getattr(keras.applications, name)
    return functools.partial(make, include_top=False, weights=None, input_shape=(None, None, 3))


ARCHITECTURES = {
    "small": Architecture(
        pattern_classifier,
        _centered,
        style_layers=("conv1_2", "conv2_2", "conv3_2"),
        dream_layer="conv3_2",
        smallest_side=4,
    ),
    # The network of Kato et al., 2018.
    "vgg16": Architecture(
        _keras_application("VGG16"),
        _caffe,
        style_layers=_VGG_LAYERS,
        dream_layer="block5_conv2",
        weights_url=_KERAS_FILES + "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    ),
    "vgg19": Architecture(
        _keras_application("VGG19"),
        _caffe,
        style_layers=_VGG_LAYERS,
        dream_layer="block5_conv2",
        weights_url=_KERAS_FILES + "vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    ),
    # Keras has no GoogLeNet; mixed4 lies as deep in its successor as inception_4c does there.
    "inception_v3": Architecture(
        _keras_application("InceptionV3"),
        _signed,
        style_layers=("mixed0", "mixed2", "mixed4"),
        dream_layer="mixed4",
        weights_url=_KERAS_FILES
        + "inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        smallest_side=75,
    ),
}


def feature_layers(architecture: str) -> list[tuple[str, int]]:
    """The layers of a network whose output is a feature map.

    Args:
      architecture: a key of `ARCHITECTURES`.
    Returns:
      (name, number of channels) of each layer with a name of its own, from the input on.
    Raises:
      ValueError: the network is unknown.
    """
    check_choice("feature_layers", "architecture", value=architecture, choices=[*ARCHITECTURES])
    network = ARCHITECTURES[architecture].build()
    maps = [layer for layer in network.layers[1:] if len(layer.output.shape) == 4]
    return [(m.name, m.output.shape[-1]) for m in maps if not _NAMED_BY_KERAS.match(m.name)]
