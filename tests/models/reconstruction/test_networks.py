"""The networks layer for layer: widths, paddings, initial weights, initial shapes."""

import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.model_cases import make_dibr, make_n3mr
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction import (
    DibrReconstruction,
    N3mrReconstruction,
    ReconstructionSize,
    SoftRasReconstruction,
    preset,
    stacks,
)
from tf_mesh_renderer.models.reconstruction.sizes import DIBR_STYLE, N3MR_STYLE, SOFTRAS_STYLE


def kernels(stack):
    return [layer.kernel for layer in stack.layers if hasattr(layer, "kernel")]


def shapes(stack):
    return [tuple(kernel.shape) for kernel in kernels(stack)]


@pytest.fixture(scope="module")
def paper_network():
    return preset("n3mr").make_network()


def test_layers_are_those_of_the_paper(paper_network):
    assert shapes(paper_network.encoder) == [
        (5, 5, 4, 64),
        (5, 5, 64, 128),
        (5, 5, 128, 256),
        (16384, 1024),
        (1024, 1024),
        (1024, 512),
    ]
    assert shapes(paper_network.decoder) == [(512, 1024), (1024, 2048)]
    assert tuple(paper_network.offset_head.kernel.shape) == (2048, 642 * 3)
    assert tuple(paper_network.centroid_head.kernel.shape) == (2048, 3)
    assert paper_network.faces.shape == (1280, 3)


@pytest.mark.parametrize(
    ("network", "kinds"),
    [(SoftRasReconstruction, (3, 0, 0)), (DibrReconstruction, (5, 2, 2))],
)
def test_where_the_other_papers_normalize(network, kinds):
    model = network(icosphere(0), size="small", predicts_colors=True)
    model.build([None, 32, 32, 4])
    stacks_of = (model.encoder, model.decoder, model.color_decoder)
    norms = [[layer for layer in s.layers if hasattr(layer, "moving_mean")] for s in stacks_of]
    assert tuple(len(layers) for layers in norms) == kinds
    assert {(layer.momentum, layer.epsilon) for layer in norms[0]} == {(0.9, 1e-5)}


@pytest.mark.parametrize(("name", "count"), [("tiny", 842_265), ("small", 2_367_417)])
def test_small_networks_have_the_published_number_of_parameters(name, count):
    assert preset(name).make_network().count_params() == count


@pytest.mark.parametrize("side", [64, 7])
def test_convolutions_have_two_zeros_on_every_side(side):
    """Padding "same" would put one zero before and two behind pictures with an even side."""
    size = ReconstructionSize(filters=(6,), encoder_units=(), code_units=1, decoder_units=(1,))
    stack = stacks.image_encoder(size, N3MR_STYLE)
    stack.build([None, side, side, 4])
    padding, convolution = stack.layers[:2]
    picture = np.random.default_rng(0).normal(size=[1, side, side, 4]).astype(np.float32)
    framed = np.pad(picture, [(0, 0), (2, 2), (2, 2), (0, 0)])
    expected = tf.nn.conv2d(framed, convolution.kernel, strides=2, padding="VALID")
    np.testing.assert_allclose(convolution(padding(picture)), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("style", "convolution", "dense"),
    [
        (N3MR_STYLE, 100**-0.5, 1600**-0.5),
        (SOFTRAS_STYLE, (3 * 100) ** -0.5, (3 * 1600) ** -0.5),
        (DIBR_STYLE, (3 * 100) ** -0.5, 1e-3),
    ],
)
def test_initial_weights_have_the_spread_of_the_programs(style, convolution, dense):
    size = ReconstructionSize(filters=(100,), encoder_units=(400,), code_units=1)
    stack = stacks.image_encoder(size, style)
    stack.build([None, 8, 8, 4])
    for kernel, spread in zip(kernels(stack), (convolution, dense)):
        values = kernel.numpy()
        assert abs(values.mean()) < 0.05 * spread
        np.testing.assert_allclose(values.std(), spread, rtol=0.03)
        if style.distribution == "uniform" and values.ndim == 4:
            assert np.abs(values).max() <= 3**0.5 * spread + 1e-6


def test_no_two_layers_start_with_the_same_numbers():
    size = ReconstructionSize(filters=(4,), encoder_units=(50, 50, 50), code_units=50)
    stack = stacks.image_encoder(size, N3MR_STYLE)
    stack.build([None, 8, 8, 4])
    *_, first, second = (kernel.numpy() for kernel in kernels(stack)[2:])
    assert np.abs(first - second).max() > 0.01


def test_the_centroid_learns_slower_in_n3mr_alone():
    for network, factor in ((N3mrReconstruction, 0.1), (SoftRasReconstruction, 1.0)):
        model = make_n3mr(network)
        assert [v.lr for v in model.centroid_head.trainable_variables] == [factor, factor]
        assert not hasattr(model.offset_head.kernel, "lr")


def test_the_shape_starts_near_the_template():
    picture = tf.random.stateless_uniform([2, 16, 16, 4], [1, 2])
    model = make_dibr(half_extent=0.5)
    outputs = model(picture)
    np.testing.assert_allclose(outputs["vertices"][0], 0.5 * model.template, atol=0.05)
    assert np.abs(outputs["displacements"]).max() < 0.02


def test_displacements_of_n3mr_are_those_of_its_vertices():
    model = make_n3mr()
    outputs = model(tf.random.stateless_uniform([2, 16, 16, 4], [1, 2]))
    moved = outputs["vertices"] - 0.25 * model.template
    np.testing.assert_allclose(outputs["displacements"], moved, atol=1e-6)


def test_every_picture_has_its_own_mesh():
    model = make_n3mr()
    pictures = tf.random.stateless_uniform([3, 1, 1, 4], [1, 2]) * tf.ones([3, 16, 16, 4])
    together = model(pictures)["vertices"]
    assert np.abs(together[0] - together[1]).max() > 1e-3
    np.testing.assert_allclose(model(pictures[1:2])["vertices"][0], together[1], atol=1e-6)


@pytest.mark.parametrize(
    ("size", "message"),
    [("big", "one of 'full', 'dibr', 'small'"), ({"filters": (4, 0)}, "integers > 0")],
)
def test_wrong_sizes_are_refused(size, message):
    with pytest.raises(ValueError, match=rf"ReconstructionSize: argument .*{message}.*Hint"):
        N3mrReconstruction(size=size)
