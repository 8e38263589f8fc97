"""Feature networks: one interface, the right preprocessing, weights, and errors that help."""

import os
import subprocess
import sys

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer.datasets.patterns import pattern_batches
from tf_mesh_renderer.models import FeatureNetwork
from tf_mesh_renderer.models.features import (
    ARCHITECTURES,
    SMALL_WEIGHTS,
    feature_layers,
    pattern_classifier,
)

IMAGES = np.random.default_rng(1).uniform(size=(2, 32, 32, 3)).astype(np.float32)
VGG_LAYERS = ["block1_conv2", "block2_conv2"]


@pytest.fixture(name="vgg16", scope="module")
def fixture_vgg16():
    return FeatureNetwork("vgg16", layers=VGG_LAYERS, weights="random")


def test_the_small_network_gives_maps_from_fine_to_coarse():
    network = FeatureNetwork("small")
    assert network.layer_names == ("conv1_2", "conv2_2", "conv3_2")
    shapes = [tuple(features.shape) for features in network(IMAGES)]
    assert shapes == [(2, 32, 32, 32), (2, 16, 16, 64), (2, 8, 8, 128)]
    assert all(np.min(features) >= 0 for features in network(IMAGES))


def test_layers_come_in_the_order_they_are_asked_for():
    one, two = FeatureNetwork("small", layers=["conv3_2", "conv1_1"])(IMAGES)
    assert one.shape[-1] == 128
    assert two.shape[-1] == 32
    (alone,) = FeatureNetwork("small", layers=["conv3_2"])(IMAGES)
    np.testing.assert_allclose(alone, one, rtol=1e-5)


def test_features_are_differentiable_and_weights_frozen():
    network = FeatureNetwork("small")
    images = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        loss = tf.reduce_sum(network(images)[-1])
    assert np.abs(tape.gradient(loss, images)).max() > 0
    assert network.trainable_variables == []


def test_the_weights_that_come_with_it_tell_patterns_apart():
    network = pattern_classifier()
    network.load_weights(SMALL_WEIGHTS)
    right = [
        np.argmax(network(images - 0.5, training=False), axis=-1) == labels
        for images, labels in pattern_batches(48, seed=99).take(5)
    ]
    assert np.mean(right) >= 0.98
    assert SMALL_WEIGHTS.stat().st_size < 1e6


def test_vgg16_sees_what_its_own_preprocessing_gives(vgg16):
    expected = keras.applications.vgg16.preprocess_input(IMAGES * 255.0)
    np.testing.assert_allclose(
        ARCHITECTURES["vgg16"].preprocess(tf.constant(IMAGES)), expected, atol=1e-4
    )
    shapes = [tuple(features.shape) for features in vgg16(IMAGES)]
    assert shapes == [(2, 32, 32, 64), (2, 16, 16, 128)]


def test_inception_sees_what_its_own_preprocessing_gives():
    expected = keras.applications.inception_v3.preprocess_input(IMAGES * 255.0)
    np.testing.assert_allclose(
        ARCHITECTURES["inception_v3"].preprocess(tf.constant(IMAGES)), expected, atol=1e-5
    )


def test_layers_of_vgg16_are_listed_with_their_channels():
    layers = dict(feature_layers("vgg16"))
    assert {*ARCHITECTURES["vgg16"].style_layers} <= {*layers}
    assert [layers[name] for name in ARCHITECTURES["vgg16"].style_layers] == [64, 128, 256, 512]


@pytest.mark.slow
def test_inception_gives_features_and_lists_names_that_do_not_depend_on_what_was_built_before():
    first = feature_layers("inception_v3")
    assert first == feature_layers("inception_v3")
    assert ARCHITECTURES["inception_v3"].dream_layer in dict(first)
    network = FeatureNetwork("inception_v3", layers=["mixed0"], weights="random")
    (features,) = network(np.zeros((1, 80, 80, 3), np.float32))
    assert features.shape[-1] == 256
    with pytest.raises(ValueError, match="at least 75 pixels"):
        network(IMAGES)


def test_a_keras_file_of_vgg16_is_read(tmp_path, vgg16):
    """The layout of the files that Keras publishes: HDF5 without the classifier."""
    keras.utils.set_random_seed(3)
    published = ARCHITECTURES["vgg16"].build()
    path = tmp_path / "vgg16_notop.weights.h5"
    published.save_weights(path)
    network = FeatureNetwork("vgg16", layers=VGG_LAYERS, weights=str(path))
    preprocessed = keras.applications.vgg16.preprocess_input(IMAGES * 255.0)
    model = keras.Model(published.input, published.get_layer("block2_conv2").output)
    np.testing.assert_allclose(network(IMAGES)[1], model(preprocessed), rtol=1e-4, atol=1e-4)
    assert np.abs(network(IMAGES)[1] - vgg16(IMAGES)[1]).max() > 1e-3


# TensorFlow reads KERAS_HOME once, so a process of its own has to look there.
SHOWS_MEANS = """
import sys
import numpy as np
from tf_mesh_renderer.models import FeatureNetwork
network = FeatureNetwork(sys.argv[1])
print(*(float(np.mean(one)) for one in network(np.load(sys.argv[2]))))
"""


def write_published_layout(network, path):
    """The HDF5 layout of the files of keras.applications, which are older than `.weights.h5`."""
    whole = path.with_suffix(".whole.h5")
    network.save(whole)
    with h5py.File(whole) as source, h5py.File(path, "w") as target:
        weights = source["model_weights"]
        target.attrs.update(weights.attrs)
        for name in weights:
            source.copy(weights[name], target)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["vgg16", "inception_v3"])
def test_weights_placed_by_hand_are_found_without_a_download(tmp_path, architecture):
    keras.utils.set_random_seed(4)
    settings = ARCHITECTURES[architecture]
    published = settings.build()
    path = tmp_path / "models" / settings.weights_url.rsplit("/", maxsplit=1)[-1]
    path.parent.mkdir()
    write_published_layout(published, path)
    images = np.random.default_rng(2).uniform(size=(1, 80, 80, 3)).astype(np.float32)
    np.save(tmp_path / "images.npy", images)
    maps = [published.get_layer(name).output for name in settings.style_layers]
    expected = keras.Model(published.input, maps)(settings.preprocess(images), training=False)
    command = [sys.executable, "-c", SHOWS_MEANS, architecture, str(tmp_path / "images.npy")]
    environment = {**os.environ, "KERAS_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    means = [float(text) for text in done.stdout.split()]
    np.testing.assert_allclose(means, [np.mean(one) for one in expected], rtol=1e-4)


def test_the_configuration_round_trips():
    network = FeatureNetwork("small", layers=["conv2_1"])
    copy = FeatureNetwork.from_config(network.get_config())
    np.testing.assert_allclose(copy(IMAGES)[0], network(IMAGES)[0], rtol=1e-6)


def test_weights_that_cannot_be_fetched_say_where_to_put_them(monkeypatch):
    def no_network(name, origin, **_):
        raise Exception(f"URL fetch failure on {origin}: None -- unreachable")  # as Keras does

    monkeypatch.setattr(keras.utils, "get_file", no_network)
    with pytest.raises(ConnectionError) as caught:
        FeatureNetwork("vgg16", weights="imagenet")
    message = str(caught.value)
    assert "URL fetch failure" in message
    assert "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/" in message
    assert "models/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5" in message
    assert "--weights" in message


def test_imagenet_weights_are_fetched_once_by_keras(monkeypatch, tmp_path):
    published = tmp_path / "fetched.weights.h5"
    ARCHITECTURES["vgg16"].build().save_weights(published)
    monkeypatch.setattr(keras.utils, "get_file", lambda name, origin, **_: str(published))
    FeatureNetwork("vgg16", layers=VGG_LAYERS)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"architecture": "alexnet"}, ValueError, "'small', 'vgg16'"),
        ({"layers": ["conv9"]}, ValueError, "'conv1_1'.*received 'conv9'"),
        ({"layers": []}, ValueError, "one name or more"),
        ({"weights": "nowhere.h5"}, FileNotFoundError, "'nowhere.h5'.*Hint: train it"),
        ({"weights": "imagenet"}, ValueError, "Hint: ImageNet weights are for vgg16"),
    ],
)
def test_wrong_arguments_are_named(options, error, message):
    with pytest.raises(error, match=message):
        FeatureNetwork(**options)


def test_weights_of_another_network_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"vgg16.*Hint: take the file .* notop\.h5"):
        FeatureNetwork("vgg16", weights=str(SMALL_WEIGHTS))
    text = tmp_path / "text.weights.h5"
    text.write_text("no weights")
    with pytest.raises(ValueError, match="Hint: train it again"):
        FeatureNetwork("small", weights=str(text))


def test_images_without_three_channels_are_refused():
    with pytest.raises(ValueError, match=r"shape \[\.\.\., \?, \?, 3\]"):
        FeatureNetwork("small")(IMAGES[..., :1])
