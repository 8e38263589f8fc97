"""Chairs; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box, superquadric


def chair(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Legs, star base, post or runners; four kinds of seat back; with or without arms."""
    width, depth, height = rng.uniform(0.42, 0.58), rng.uniform(0.4, 0.55), rng.uniform(0.36, 0.52)
    thickness = rng.uniform(0.04, 0.12)
    frame, cover = palette.solid(), palette.fabric()
    rounded = rng.random() < 0.4
    seat = superquadric(
        (width, thickness, depth), (0, height, 0), around=0.8 if rounded else 0.25, along=0.3
    )
    base = _chair_base(rng, width, depth, height)
    back = _seat_back(rng, width, height, rng.uniform(0.32, 0.6))
    lean = rng.uniform(0, 14)
    pieces = [solid.turned("x", -lean).moved(y=height, z=-depth / 2 + 0.03) for solid in back]
    arms = (
        supports.arm_rests(width, depth, height, rise=rng.uniform(0.16, 0.24))
        if rng.random() < 0.4
        else []
    )
    back_color = cover if rng.random() < 0.6 else frame
    return painted(frame, *base, *arms) + painted(cover, seat) + painted(back_color, *pieces)


def _chair_base(rng, width, depth, height) -> list[Solid]:
    kind = rng.choice(
        ["legs", "splayed", "star", "pedestal", "sled"], p=[0.35, 0.2, 0.2, 0.1, 0.15]
    )
    thickness = rng.uniform(0.035, 0.075)
    if kind == "star":
        arms, radius = int(rng.integers(4, 6)), 0.5 * width
        return supports.star_base(radius, height, thickness=thickness, arms=arms)
    if kind == "pedestal":
        return supports.pedestal(0.42 * width, height, thickness=thickness)
    if kind == "sled":
        return supports.sled(width, depth, height, thickness=0.6 * thickness)
    return supports.four_legs(
        width,
        depth,
        height,
        thickness=thickness,
        splay=rng.uniform(0.03, 0.08) if kind == "splayed" else 0.0,
        round_section=rng.random() < 0.4,
    )


def _seat_back(rng, width, height, rise) -> list[Solid]:
    """Stands on y = 0 at z = 0."""
    thickness = rng.uniform(0.035, 0.08)
    kind = rng.choice(["panel", "rounded", "spindles", "ladder"])
    if kind == "panel":
        return [box((width, rise, thickness), (0, rise / 2, 0))]
    if kind == "rounded":
        size = (width, rise, 1.2 * thickness)
        return [superquadric(size, (0, rise / 2, 0), around=0.4, along=0.55)]
    x = (width - thickness) / 2
    posts = [box((thickness, rise, thickness), (i * x, rise / 2, 0)) for i in (-1, 1)]
    if kind == "ladder":
        levels = np.linspace(0.3, 0.94, int(rng.integers(2, 5))) * rise
        return posts + [box((width, 0.14 * rise, 0.6 * thickness), (0, y, 0)) for y in levels]
    places = np.linspace(-x, x, int(rng.integers(4, 7)))[1:-1]
    spindles = [box((0.03, rise, 0.03), (x, rise / 2, 0)) for x in places]
    return [*posts, *spindles, box((width, 0.16 * rise, thickness), (0, 0.92 * rise, 0))]
