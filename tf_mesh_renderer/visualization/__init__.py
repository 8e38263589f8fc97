"""Pictures for people: turntables and sheets."""

from tf_mesh_renderer.visualization.sheet import sheet
from tf_mesh_renderer.visualization.turntable import turntable

__all__ = ["sheet", "turntable"]
