"""Settings of whole trainings."""

import dataclasses

import keras
import numpy as np
import pytest

from tf_mesh_renderer import gradients, neural_renderer
from tf_mesh_renderer.models.reconstruction import (
    RECONSTRUCTION_PRESETS,
    DibrReconstruction,
    LossWeights,
    N3mrReconstruction,
    SoftRasReconstruction,
    preset,
)


def rate(name, step):
    schedule = preset(name).learning_rate_schedule()
    return float(schedule(step)) if callable(schedule) else schedule


@pytest.mark.parametrize(
    ("name", "step", "expected"),
    [
        ("n3mr", 0, 1e-4),
        ("n3mr", 949_999, 1e-4),
        ("n3mr", 950_000, 1e-5),
        ("softras", 149_999, 1e-4),
        ("softras", 150_000, 3e-5),
        ("dibr", 249_999, 1e-4),
        ("tiny", 999, 1e-3),
    ],
)
def test_learning_rates_are_those_of_the_papers(name, step, expected):
    np.testing.assert_allclose(rate(name, step), expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["long", "softras"])
def test_other_numbers_of_steps_stretch_the_schedule(name):
    settings = preset(name)
    half = settings.with_steps(settings.steps // 2)
    assert half.steps == settings.steps // 2
    long, short = (dict(s.learning_rate_drops) for s in (settings, half))
    assert [step // 2 for step in long] == list(short)
    assert list(long.values()) == list(short.values())
    assert half.sigma_drop_at == (75_000 if name == "softras" else None)


def test_losses_are_those_of_the_papers():
    weights = {name: settings.weights for name, settings in RECONSTRUCTION_PRESETS.items()}
    assert weights["n3mr"] == LossWeights()
    assert weights["softras"] == LossWeights(laplacian=5e-3, flatten=5e-4)
    assert weights["dibr"] == LossWeights(
        color=1.0, laplacian=0.01, flatten=0.001, laplacian_of="displacements"
    )
    for name in ("tiny", "small", "long"):
        assert weights[name] == LossWeights(laplacian=0.01, flatten=0.001)
    assert weights["color"] == LossWeights(
        color=5.0, laplacian=0.01, flatten=0.001, color_over="object"
    )


def test_networks_and_optimizers_are_those_of_the_papers():
    kinds = {"n3mr": N3mrReconstruction, "softras": SoftRasReconstruction}
    for name, kind in {**kinds, "dibr": DibrReconstruction}.items():
        settings = dataclasses.replace(preset(name), size="small", subdivisions=0)
        network = settings.make_network()
        assert type(network) is kind
        assert network.predicts_colors == (name == "dibr")
        optimizer = settings.make_optimizer()
        expected = neural_renderer.Adam if name == "n3mr" else keras.optimizers.Adam
        assert isinstance(optimizer, expected)
        assert settings.batch_size == 64


def test_any_gradient_model_may_train_any_network():
    models = {"n3mr": gradients.N3mr, "dibr": gradients.DibR, "softras": gradients.SoftRas}
    for name, kind in models.items():
        trainer = dataclasses.replace(preset("tiny"), subdivisions=0).make_trainer(name)
        assert isinstance(trainer.rendering.gradients[0], kind)
        assert trainer.optimizer.epsilon == 1e-8
    assert isinstance(preset("tiny").make_trainer().rendering.gradients[0], gradients.N3mr)


def test_the_shrinking_reach_belongs_to_the_preset():
    settings = dataclasses.replace(preset("softras"), size="small", subdivisions=0)
    assert settings.make_trainer().rendering.boundaries == (150_000,)
    assert settings.make_trainer("dibr").rendering.boundaries == ()


def test_unknown_presets_are_refused():
    with pytest.raises(
        ValueError, match=r"preset: argument `name`: expected one of 'tiny', .*Hint"
    ):
        preset("large")
