"""Names of gradient models, for configurations and command lines."""

from tf_mesh_renderer.registry import Registry

_MODELS = Registry("gradients", method="draw", example="gradients.N3mr()")

# The functions of the module are the methods of the one registry of gradient models.
register = _MODELS.register
get = _MODELS.get
serialize = _MODELS.serialize
