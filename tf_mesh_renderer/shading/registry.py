"""Names of shading models, for configurations and command lines."""

from tf_mesh_renderer.registry import Registry

_MODELS = Registry("shading", method="shade", example="shading.Lambert()")

# The functions of the module are the methods of the one registry of shading models.
register = _MODELS.register
get = _MODELS.get
serialize = _MODELS.serialize
