"""Keras models that are made of, or trained through, renderers."""

from tf_mesh_renderer.models.features import FeatureNetwork

__all__ = ["FeatureNetwork"]
