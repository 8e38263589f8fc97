"""Data sets of pictures."""

from tf_mesh_renderer.datasets.patterns import (
    PALETTES,
    PATTERN_CLASSES,
    PATTERNS,
    draw_patterns,
    pattern_batches,
    pattern_label,
)

__all__ = [
    "PALETTES",
    "PATTERNS",
    "PATTERN_CLASSES",
    "draw_patterns",
    "pattern_batches",
    "pattern_label",
]
