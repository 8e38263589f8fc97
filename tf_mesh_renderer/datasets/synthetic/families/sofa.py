"""Sofas; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box, cylinder, superquadric


def sofa(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """One to four cushions; square, rolled or no arms; straight or with a long corner seat."""
    seats = int(rng.integers(1, 5))
    arm = rng.uniform(0.12, 0.24)
    width = seats * rng.uniform(0.5, 0.62) + 0.1
    depth, height, rise = rng.uniform(0.7, 0.95), rng.uniform(0.32, 0.45), rng.uniform(0.3, 0.5)
    cover = palette.fabric()
    cushion_color = cover if rng.random() < 0.4 else palette.fabric()
    foot = rng.uniform(0.02, 0.14)
    base = box((width, height - foot, depth), (0, (height + foot) / 2, 0))
    back = superquadric(
        (width, height + rise - foot, 0.22),
        (0, (height + rise + foot) / 2, -depth / 2 + 0.06),
        around=0.2,
        along=rng.uniform(0.15, 0.6),
    )
    feet = supports.four_legs(0.95 * width, 0.9 * depth, foot + 0.05, thickness=0.07)
    places = (np.arange(seats) - (seats - 1) / 2) * width / seats
    size = (0.97 * width / seats, 0.14, 0.8 * depth)
    cushions = [
        superquadric(size, (x, height + 0.05, 0.09 * depth), around=0.2, along=0.4) for x in places
    ]
    arms = _sofa_arms(rng, width, depth, height, arm)
    parts = painted(cover, base, back, *arms) + painted(cushion_color, *cushions)
    if seats >= 2 and rng.random() < 0.35:
        parts += _corner_seat(rng, width, depth, height, cover=cover, cushion=cushion_color)
    return parts + painted(palette.wood(), *feet)


def _sofa_arms(rng, width, depth, height, arm) -> list[Solid]:
    kind = rng.choice(["square", "rolled", "none"], p=[0.45, 0.35, 0.2])
    if kind == "none":
        return []
    rise = rng.uniform(0.14, 0.26)
    x, low = (width + arm) / 2, 0.04
    panel = box((arm, height + rise - low, depth), (x, (height + rise + low) / 2, 0))
    if kind == "square":
        return [*panel.with_mirror_image()]
    roll = cylinder(0.62 * arm, 1.02 * depth, (x, height + rise, 0), axis="z")
    return [*panel.with_mirror_image(), *roll.with_mirror_image()]


def _corner_seat(rng, width, depth, height, *, cover, cushion) -> list[Part]:
    side = rng.choice([-1, 1])
    length, across = rng.uniform(0.4, 0.8), rng.uniform(0.5, 0.62)
    place = (side * (width - across) / 2, (depth + length) / 2)
    base = box((across, height - 0.06, length), (place[0], height / 2 + 0.03, place[1]))
    size = (0.95 * across, 0.14, length)
    pad = superquadric(size, (place[0], height + 0.05, place[1]), around=0.2, along=0.4)
    return painted(cover, base) + painted(cushion, pad)
