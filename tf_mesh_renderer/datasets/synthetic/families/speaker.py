"""Speakers; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import box, cylinder, frustum, superquadric


def speaker(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Bookshelf boxes, towers, leaning monitors, round ones, and balls on feet."""
    kind = rng.choice(["box", "tower", "leaning", "round", "ball"], p=[0.3, 0.3, 0.15, 0.15, 0.1])
    case = palette.wood() if rng.random() < 0.4 else palette.solid()
    width, depth = rng.uniform(0.34, 0.6), rng.uniform(0.32, 0.6)
    height = rng.uniform(1.0, 1.5) if kind in ("tower", "round") else rng.uniform(0.6, 0.9)
    cone, rim = palette.dark(), palette.metal()
    if kind == "ball":
        ball = superquadric((height,) * 3, (0, 0.62 * height, 0))
        foot = cylinder(0.34 * height, 0.16 * height, (0, 0.08 * height, 0), top=0.2 * height)
        driver = _driver(0.3 * height, (0, 0.62 * height, 0.42 * height), cone, rim)
        return painted(case, ball) + painted(rim, foot) + driver
    if kind == "round":
        body = cylinder(width / 2, height, (0, height / 2, 0))
        ring = cylinder(0.53 * width, 0.06, (0, rng.uniform(0.2, 0.8) * height, 0))
        top = superquadric((width, 0.16, width), (0, height, 0))
        return painted(case, body) + painted(rim, ring) + painted(cone, top)
    shift = -rng.uniform(0.1, 0.25) if kind == "leaning" else 0.0
    body = frustum(
        (width, height, depth), (width, depth + shift), (0, height / 2, 0), shift=(0, shift / 2)
    )
    parts = painted(case, body)
    count = int(rng.integers(2, 5)) if kind == "tower" else int(rng.integers(1, 3))
    radii = 0.42 * width * np.sort(rng.uniform(0.5, 1, count))[::-1]
    lean = np.degrees(np.arctan2(-shift, height))
    y = 0.06 * height
    for radius in np.minimum(radii, 0.44 * (0.94 * height) / count):
        y += radius + 0.02
        z = depth / 2 + shift * y / height
        parts += _driver(radius, (0, y, z), cone, rim, lean=lean)
        y += radius
    if rng.random() < 0.4:
        plinth = box((1.15 * width, 0.06, 1.15 * depth), (0, -0.03, 0))
        parts += painted(rim, plinth)
    return parts


def _driver(radius, center, cone, rim, *, lean=0.0) -> list[Part]:
    """A ring that stands out, the cone inside it, and a dust cap."""
    pieces = (
        (rim, cylinder(radius, 0.05, axis="z")),
        (cone, cylinder(0.84 * radius, 0.07, axis="z")),
        (rim, superquadric((0.6 * radius, 0.6 * radius, 0.12))),
    )
    return [
        part
        for color, solid in pieces
        for part in painted(color, solid.turned("x", -lean).moved(*center))
    ]
