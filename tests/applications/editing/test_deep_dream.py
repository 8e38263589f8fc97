"""DeepDream: two steps with everything, resuming, octaves, and errors."""

import dataclasses
import json
import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.deep_dream import PRESETS, DreamObjective, dream, main
from tf_mesh_renderer.geometry import Adjacency
from tf_mesh_renderer.losses import edge_length_variance_loss
from tf_mesh_renderer.models import FeatureNetwork
from tf_mesh_renderer.models.features import ARCHITECTURES

TINY = dataclasses.replace(PRESETS["small"], steps=2, image_size=32, batch_size=2, texture_size=2)
SPHERE = mr.geometry.icosphere(1)
IMAGES = np.random.default_rng(0).uniform(size=(2, 32, 32, 4)).astype(np.float32)


def objective(**changes):
    settings = dataclasses.replace(TINY, **changes)
    network = FeatureNetwork("small", layers=["conv3_2"])
    return DreamObjective(network, Adjacency.from_faces(SPHERE.faces), settings), network


def test_two_steps_write_everything(plain_mesh, options):
    report = dream(plain_mesh, TINY, options)
    names = {path.name for path in pathlib.Path(options.output).iterdir()}
    assert {"sheet.png", "turntable.gif", "result.obj", "result.glb", "report.json"} <= names
    assert report["finite"]
    assert report["displacement"] > 0
    assert report["objective_end"] > report["objective_start"] > 0
    assert mr.read_image(pathlib.Path(options.output) / "sheet.png").shape == (44, 84, 3)


@pytest.mark.slow
def test_a_run_goes_on_where_it_stopped(plain_mesh, options, tmp_path):
    longer = dataclasses.replace(TINY, steps=4, checkpoint_every=2)
    whole = dataclasses.replace(options, output=str(tmp_path / "whole"))
    expected = dream(plain_mesh, longer, whole)
    dream(plain_mesh, TINY, options)
    assert dream(plain_mesh, longer, options) == expected
    meshes = [
        mr.load_mesh(pathlib.Path(run.output) / "result.obj", texture_size=2)
        for run in (options, whole)
    ]
    np.testing.assert_array_equal(meshes[0].vertices, meshes[1].vertices)
    np.testing.assert_array_equal(meshes[0].texture.cubes, meshes[1].texture.cubes)


@pytest.mark.parametrize(
    ("gradient", "texture"), [("n3mr", "uv"), ("dibr", "vertex_colors"), ("softras", "cubes")]
)
def test_any_gradient_and_any_texture(textured_mesh, options, gradient, texture):
    settings = dataclasses.replace(TINY, steps=1, image_size=16, gradient=gradient, texture=texture)
    report = dream(textured_mesh, settings, options)
    assert report["finite"]
    assert report["displacement"] > 0
    assert report["color_change"] > 0


def test_the_objective_is_the_mean_square_of_the_features():
    one, network = objective()
    (features,) = network(IMAGES[..., :3])
    terms = one.terms(tf.constant(IMAGES), tf.constant(SPHERE.vertices))
    assert float(terms["dream"]) == pytest.approx(-np.square(features).mean(), rel=1e-5)
    lengths = edge_length_variance_loss(SPHERE.vertices, Adjacency.from_faces(SPHERE.faces))
    assert float(terms["lengths"]) == pytest.approx(1e-4 * float(lengths), rel=1e-5)


def test_octaves_average_over_sizes():
    one, network = objective(octaves=2, octave_scale=2.0)
    small = tf.image.resize(IMAGES[..., :3], [16, 16], antialias=True)
    expected = [np.square(network(images)[0]).mean() for images in (IMAGES[..., :3], small)]
    terms = one.terms(tf.constant(IMAGES), tf.constant(SPHERE.vertices))
    assert float(terms["dream"]) == pytest.approx(-np.mean(expected), rel=1e-5)


def test_backgrounds_are_random_greys():
    one, _ = objective()
    greys = [float(one.background(tf.constant([0, step]))) for step in range(50)]
    assert 0 <= min(greys) < 0.2
    assert 0.8 < max(greys) <= 1
    assert greys[3] == float(one.background(tf.constant([0, 3])))


def test_the_published_setting_differs_from_the_small_one():
    paper = PRESETS["paper"]
    assert (paper.distance, paper.elevation_min, paper.elevation_max) == (2.5, -10.0, 30.0)
    assert (paper.learning_rate, paper.vertex_step_scale, paper.steps) == (0.01, 0.01, 1000)
    assert (paper.image_size, paper.fov_y_degrees, paper.length_weight) == (224, 60.0, 1e-4)
    small = PRESETS["small"]
    assert (small.elevation_min, small.elevation_max) == (-10.0, 30.0)


@pytest.mark.slow
def test_the_published_setting_dreams_with_weights_from_a_file(tmp_path, capsys):
    """InceptionV3 at 224 pixels; random weights stand in for those of ImageNet."""
    keras.utils.set_random_seed(5)
    published = ARCHITECTURES["inception_v3"].build()
    weights = tmp_path / "inception.weights.h5"
    published.save_weights(weights)
    output = tmp_path / "output"
    bunny = ["--preset=paper", "--color_bias=0,0.5,0.5", f"--weights={weights}"]
    short = ["--steps=2", "--frames=2", "--size=16", f"--output={output}"]
    assert main(["deep_dream", *bunny, *short]) == 0
    assert "objective ratio" in capsys.readouterr().out
    facts = json.loads((output / "settings.json").read_text())
    assert (facts["network"], facts["image_size"], facts["batch_size"]) == ("inception_v3", 224, 4)
    assert facts["color_bias"] == [0.0, 0.5, 0.5]
    assert facts["weights"]["name"] == str(weights)
    report = json.loads((output / "report.json").read_text())
    assert report["finite"]
    assert report["displacement"] > 0
    assert report["objective_ratio"] > 1


def test_a_bias_tints_the_start(plain_mesh, options):
    pictures = []
    for bias in [(0.0, 0.0, 0.0), (0.0, 2.0, 2.0)]:
        run = dataclasses.replace(options, output=f"{options.output}{bias[1]:g}")
        settings = dataclasses.replace(TINY, steps=1, color_bias=bias, color_step_scale=0.0)
        dream(plain_mesh, settings, run)
        pictures.append(mr.read_image(pathlib.Path(run.output) / "sheet.png"))
    red, green, blue = (pictures[1] - pictures[0]).mean(axis=(0, 1))
    assert abs(red) < 0.01
    assert min(green, blue) > 0.02


def test_an_unknown_layer_is_named(plain_mesh, options):
    with pytest.raises(ValueError, match=r"'conv3_2'.*received 'conv7'"):
        dream(plain_mesh, dataclasses.replace(TINY, layers=("conv7",)), options)


def test_images_too_small_for_the_network_are_refused(plain_mesh, options):
    settings = dataclasses.replace(TINY, octaves=8, octave_scale=2.0)
    with pytest.raises(ValueError, match="at least 4 pixels"):
        dream(plain_mesh, settings, options)


def test_the_command_line(plain_mesh, tmp_path, capsys):
    small = ("--image_size=16", "--batch_size=1", "--frames=2", "--size=16")
    arguments = [f"--mesh={plain_mesh}", "--layer=conv2_2", f"--output={tmp_path}", "--steps=1"]
    assert main(["deep_dream", *arguments, *small]) == 0
    assert "objective ratio" in capsys.readouterr().out
    assert json.loads((tmp_path / "settings.json").read_text())["layers"] == ["conv2_2"]
