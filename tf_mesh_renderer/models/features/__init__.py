"""Frozen networks that turn images into feature maps."""

from tf_mesh_renderer.models.features.architectures import ARCHITECTURES, feature_layers
from tf_mesh_renderer.models.features.network import FeatureNetwork
from tf_mesh_renderer.models.features.pattern_classifier import pattern_classifier
from tf_mesh_renderer.models.features.weights import SMALL_WEIGHTS

__all__ = [
    "ARCHITECTURES",
    "SMALL_WEIGHTS",
    "FeatureNetwork",
    "feature_layers",
    "pattern_classifier",
]
