"""Lights as JSON types, for the configuration of layers."""

import dataclasses

import numpy as np

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.shading.lights import AmbientLight, DirectionalLight, PointLight
from tf_mesh_renderer.shading.spherical_harmonics import SphericalHarmonicsLight

_KIND = "kind"
_KINDS = {
    "ambient": AmbientLight,
    "directional": DirectionalLight,
    "point": PointLight,
    "spherical_harmonics": SphericalHarmonicsLight,
}


def lights_from_config(lights) -> tuple:
    """Returns lights for a sequence of lights, or of dicts from `lights_to_config`.

    Args:
      lights: the sequence.
    Returns:
      A tuple of lights of `shading`.
    Raises:
      ValueError: an item is neither.
    """
    return tuple(_light(item) for item in lights)


def lights_to_config(lights) -> list[dict]:
    """Returns lights as dicts of JSON types.

    Args:
      lights: lights of `shading` whose attributes are numbers or sequences of numbers.
    Returns:
      A list that `lights_from_config` turns back into equal lights.
    """
    names = {light_class: kind for kind, light_class in _KINDS.items()}
    return [
        {_KIND: names[type(light)]}
        | {key: _plain(value) for key, value in dataclasses.asdict(light).items()}
        for light in lights
    ]


def _light(item):
    if isinstance(item, tuple(_KINDS.values())):
        return item
    if isinstance(item, dict) and item.get(_KIND) in _KINDS:
        fields = {key: _frozen(value) for key, value in item.items() if key != _KIND}
        return _KINDS[item[_KIND]](**fields)
    raise argument_error(
        "FlatLighting",
        "lights",
        expected="lights of tf_mesh_renderer.shading",
        received=repr(item),
        hint="pass for instance (AmbientLight(), DirectionalLight())",
    )


def _plain(value):
    """A number or bool as it is, a sequence or array of numbers as (nested) lists."""
    return np.asarray(value, float).tolist() if hasattr(value, "__len__") else value


def _frozen(value):
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
