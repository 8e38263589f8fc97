"""Colours of materials, linear RGB in [0, 1]."""

import colorsys

import numpy as np

Color = tuple[float, float, float]


class Palette:
    """Draws colours; what it returns differs from call to call.

    Args:
      rng: where chance comes from.
    """

    def __init__(self, rng: np.random.Generator):
        self._rng = rng

    def paint(self) -> Color:
        """Lively and of any hue; sometimes white, grey or dark as cars are."""
        if self._rng.random() < 0.25:
            return self._draw((0, 1), (0, 0.08), (0.15, 0.95))
        return self._draw((0, 1), (0.6, 0.95), (0.55, 0.95))

    def fabric(self) -> Color:
        """Of any hue, softer than paint."""
        return self._draw((0, 1), (0.25, 0.75), (0.35, 0.9))

    def wood(self) -> Color:
        """From light to dark brown."""
        return self._draw((0.04, 0.11), (0.45, 0.8), (0.25, 0.75))

    def metal(self) -> Color:
        """Grey, from dark to bright."""
        return self._draw((0.55, 0.65), (0, 0.12), (0.4, 0.8))

    def dark(self) -> Color:
        """Nearly black."""
        return self._draw((0, 1), (0, 0.3), (0.06, 0.16))

    def light(self) -> Color:
        """Nearly white."""
        return self._draw((0.08, 0.16), (0, 0.25), (0.85, 1.0))

    def glass(self) -> Color:
        """Blue, as what mirrors the sky."""
        return self._draw((0.52, 0.62), (0.3, 0.7), (0.35, 0.75))

    def solid(self) -> Color:
        """Of wood, metal, or painted."""
        return self._rng.choice([self.wood, self.metal, self.paint])()

    def _draw(self, hue, saturation, value) -> Color:
        ranges = (hue, saturation, value)
        return colorsys.hsv_to_rgb(*(self._rng.uniform(*limits) for limits in ranges))
