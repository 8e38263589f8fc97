"""Chairs, benches and sofas; their front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, bar, box, cylinder, superquadric


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
    arms = _chair_arms(width, depth, height, rng.uniform(0.16, 0.24)) if rng.random() < 0.4 else []
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


def _chair_arms(width, depth, height, rise) -> list[Solid]:
    rest = box((0.06, 0.04, 0.85 * depth), (width / 2, height + rise, -0.05 * depth))
    post = bar((width / 2, height, 0.3 * depth), (width / 2, height + rise, 0.3 * depth), 0.04)
    return [*rest.with_mirror_image(), *post.with_mirror_image()]


def bench(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Long, of planks or one slab, on legs, panels, blocks or runners; with or without back."""
    width, depth, height = rng.uniform(1.1, 1.9), rng.uniform(0.32, 0.5), rng.uniform(0.38, 0.5)
    thickness = rng.uniform(0.04, 0.1)
    frame, wood = palette.solid(), palette.wood() if rng.random() < 0.7 else palette.paint()
    planks = int(rng.choice([1, 3, 4]))
    seat = _planks(width, depth, thickness, planks)
    parts = painted(wood, *[solid.moved(y=height) for solid in seat])
    parts += painted(frame, *_bench_base(rng, width, depth, height))
    if rng.random() < 0.6:
        rise = rng.uniform(0.3, 0.5)
        # The planks of the seat, stood upright and put to its rear edge.
        back = [
            solid.turned("x", 90 - rng.uniform(8, 9)).moved(y=height + 0.1 + rise / 2, z=-depth / 2)
            for solid in _planks(width, rise, 0.7 * thickness, int(rng.integers(1, 4)))
        ]
        post = box((0.05, rise + 0.1, 0.06), (0.42 * width, height + rise / 2, -depth / 2 - 0.03))
        parts += painted(wood, *back) + painted(frame, *post.with_mirror_image())
    if rng.random() < 0.45:
        parts += painted(frame, *_chair_arms(width - 0.08, depth, height, rng.uniform(0.15, 0.25)))
    return parts


def _planks(width, depth, thickness, count) -> list[Solid]:
    pitch = depth / count
    gap = 0.0 if count == 1 else 0.22 * pitch
    places = (np.arange(count) - (count - 1) / 2) * pitch
    return [box((width, thickness, pitch - gap), (0, 0, z)) for z in places]


def _bench_base(rng, width, depth, height) -> list[Solid]:
    kind = rng.choice(["legs", "panels", "blocks", "sled", "trestles"])
    thickness = rng.uniform(0.05, 0.1)
    if kind == "panels":
        return supports.side_panels(0.9 * width, depth, height, thickness=thickness)
    if kind == "blocks":
        block = box((rng.uniform(0.15, 0.3), height, 0.8 * depth), (0.32 * width, height / 2, 0))
        return [*block.with_mirror_image()]
    if kind == "sled":
        return supports.sled(0.85 * width, 0.9 * depth, height, thickness=0.8 * thickness)
    if kind == "trestles":
        return supports.trestles(0.95 * width, depth, height, thickness=0.8 * thickness)
    return supports.four_legs(width, depth, height, thickness=thickness)


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
