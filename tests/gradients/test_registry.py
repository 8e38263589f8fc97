"""Names and configurations of gradient models."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tf_mesh_renderer import gradients, layers
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.primitives import cube
from tf_mesh_renderer.rendering import render, render_silhouette


@gradients.register("test-constant")
@dataclasses.dataclass(frozen=True)
class Constant:
    """A fourth model, in a file of its own, that draws one value everywhere."""

    value: float = 0.25

    def draw(self, view, shade=None, *, background=0.0):
        """Ignores all but the shape."""
        del background
        fragments = view.rasterize()
        channels = 1 if shade is None else 1 + shade(fragments).shape[-1]
        return tf.fill([*fragments.face_id.shape, channels], tf.cast(self.value, tf.float32))


def test_get_by_name_gives_the_defaults():
    assert gradients.get("n3mr") == gradients.N3mr(eps=1e-3)
    assert gradients.get("dibr") == gradients.DibR(sigma_inv=7000.0, box_length=0.02)
    assert gradients.get("softras") == gradients.SoftRas(sigma=1e-5, gamma=1e-4)


def test_get_keeps_objects():
    model = gradients.N3mr(eps=0.5)
    assert gradients.get(model) is model


MODELS = (
    gradients.N3mr(eps=0.02),
    gradients.DibR(sigma_inv=3333.0, k_faces=30, falloff="linear", perspective_correct=False),
    gradients.SoftRas(sigma=1e-4, aggregate_rgb="hard", max_fragments=7, on_overflow="truncate"),
    Constant(0.75),
)


@pytest.mark.parametrize("model", MODELS)
def test_serialize_and_get_are_inverse(model):
    assert gradients.get(gradients.serialize(model)) == model


def test_models_satisfy_the_protocol():
    for model in MODELS:
        assert isinstance(model, gradients.GradientModel)


@pytest.mark.parametrize("identifier", ["n3rm", {"name": "n3rm"}, {}, 3, None, gradients.N3mr])
def test_unknown_models_are_refused(identifier):
    with pytest.raises(ValueError, match=r"argument `identifier`: expected .*n3mr.*Hint"):
        gradients.get(identifier)


def test_names_are_given_once():
    with pytest.raises(ValueError, match="expected an unused name, received 'n3mr'"):
        gradients.register("n3mr")(Constant)


def test_models_without_a_name_cannot_be_serialized():
    with pytest.raises(ValueError, match=r"gradients\.serialize: argument `model`"):
        gradients.serialize(object())


@pytest.mark.parametrize("eps", [0.0, -1.0, float("nan")])
def test_n3mr_refuses_an_eps_that_does_not_bound_the_gradient(eps):
    with pytest.raises(ValueError, match="N3mr: argument `eps`: expected a finite number > 0"):
        gradients.N3mr(eps=eps)


def test_a_further_model_draws_without_any_other_change():
    view = Camera.look_at((0.0, 0.0, 3.0))
    options = {"image_size": (4, 6), "gradient": Constant(0.5)}
    np.testing.assert_array_equal(render(cube(), view, **options), np.full((1, 4, 6, 4), 0.5))
    silhouette = render_silhouette(cube(), view, **options)
    np.testing.assert_array_equal(silhouette, np.full((1, 4, 6), 0.5))
    layer = layers.MeshRenderer((4, 6), gradient="test-constant")
    restored = layers.MeshRenderer.from_config(layer.get_config())
    assert restored.gradient == Constant()
