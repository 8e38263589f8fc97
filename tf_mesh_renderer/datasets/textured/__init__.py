"""Textured objects under random light, drawn when they are needed, with their truth."""

from tf_mesh_renderer.datasets.textured.batches import (
    TEST_SEED,
    TexturedStyle,
    textured_batches,
    textured_test_batches,
)
from tf_mesh_renderer.datasets.textured.lighting import draw_illumination
from tf_mesh_renderer.datasets.textured.painting import paint
from tf_mesh_renderer.datasets.textured.shapes import superquadrics

__all__ = [
    "TEST_SEED",
    "TexturedStyle",
    "draw_illumination",
    "paint",
    "superquadrics",
    "textured_batches",
    "textured_test_batches",
]
