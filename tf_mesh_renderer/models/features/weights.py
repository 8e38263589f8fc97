"""Where the weights of feature networks come from."""

import os
import pathlib

import keras

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.models.features.architectures import ARCHITECTURES

_DATA = pathlib.Path(__file__).resolve().parent / "data"
# Trained by `python -m tf_mesh_renderer.applications.feature_network --seed=0`.
SMALL_WEIGHTS = _DATA / "pattern_classifier.weights.h5"

IMAGENET = "imagenet"
RANDOM = "random"


def load_feature_weights(network: keras.Model, architecture: str, weights: str | None) -> None:
    """Gives a network the weights that a name or a file stands for.

    Args:
      network: as `Architecture.build` makes it.
      architecture: its key in `ARCHITECTURES`.
      weights: a file that Keras wrote (`.weights.h5`, or `.h5` without the classifier); "imagenet",
        which Keras fetches once; "random", which leaves them as they are; None: those that come
        with this package for "small", "imagenet" for the others.
    Raises:
      FileNotFoundError: there is no such file.
      ValueError: the file is for another network, or there are no ImageNet weights for this one.
      ConnectionError: the weights cannot be fetched; says where to put them.
    """
    url = ARCHITECTURES[architecture].weights_url
    if weights is None:
        weights = str(SMALL_WEIGHTS) if url is None else IMAGENET
    if weights == RANDOM:
        return
    if weights == IMAGENET:
        weights = _fetch(architecture, url)
    _load(network, pathlib.Path(weights), url)


def _fetch(architecture, url):
    if url is None:
        raise argument_error(
            "FeatureNetwork",
            "weights",
            expected="a file, 'random' or nothing",
            received=f"'{IMAGENET}' for the network '{architecture}'",
            hint="ImageNet weights are for "
            + ", ".join(name for name, one in ARCHITECTURES.items() if one.weights_url),
        )
    name = url.rsplit("/", maxsplit=1)[-1]
    try:
        return keras.utils.get_file(name, url, cache_subdir="models")
    except Exception as error:  # Keras raises just that when a URL cannot be opened
        folder = _keras_home() / "models"
        raise argument_error(
            "FeatureNetwork",
            "weights",
            expected="ImageNet weights that can be fetched",
            received=str(error),
            hint=f"get {url} on a machine with a network and put it at {folder / name}, or pass "
            f"--weights with its path; the network 'small' needs no download",
            error=ConnectionError,
        ) from error


def _keras_home():
    return pathlib.Path(os.environ.get("KERAS_HOME", pathlib.Path.home() / ".keras"))


def _load(network, path, url):
    if not path.is_file():
        source = f"get it from {url}" if url else "train it with applications.feature_network"
        raise argument_error(
            "FeatureNetwork",
            "weights",
            expected="a file that exists, 'imagenet' or 'random'",
            received=f"'{path}'",
            hint=source,
            error=FileNotFoundError,
        )
    try:
        network.load_weights(path)
    except (ValueError, OSError, KeyError) as error:
        raise argument_error(
            "FeatureNetwork",
            "weights",
            expected=f"weights of {network.name}, without the classifier of ImageNet",
            received=f"'{path}' ({str(error).splitlines()[0]})",  # Keras goes on with arrays
            hint="take the file whose name ends in notop.h5" if url else "train it again",
        ) from error
