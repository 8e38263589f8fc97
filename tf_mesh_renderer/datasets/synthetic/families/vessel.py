"""Vessels; they head for +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import (
    Solid,
    bar,
    box,
    cylinder,
    frustum,
    loft,
    prism,
    superquadric,
)


def vessel(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Sailing boats, container ships, warships, liners and motor boats."""
    kind = rng.choice(["sail", "container", "warship", "liner", "motor"])
    width = {"sail": 0.26, "container": 0.18, "warship": 0.13, "liner": 0.19, "motor": 0.32}[kind]
    width *= rng.uniform(0.85, 1.2)
    draught = width * rng.uniform(0.45, 0.8)
    deck = palette.wood() if kind in ("sail", "motor") else palette.metal()
    parts = painted(palette.paint(), _hull(width, draught, rng.uniform(0.15, 0.35), keel=0.45))
    plank = _hull(0.94 * width, 0.02, 0.25, keel=0.95).moved(y=0.01)
    parts += painted(deck, plank)
    add = {
        "sail": _sails,
        "container": _containers,
        "warship": _turrets,
        "liner": _decks,
        "motor": _cockpit,
    }[kind]
    return parts + add(rng, palette, width)


def _hull(width, draught, bow, *, keel) -> Solid:
    """Below y = 0, from z = -0.5 to 0.5: a flat stern, and a bow that comes to a point."""
    z = np.linspace(-0.5, 0.5, 12)
    front = np.clip((0.5 - z) / (bow + 0.2), 0, 1)
    half = (
        width
        / 2
        * np.maximum(np.sin(front * np.pi / 2), 0.03)
        * (0.85 + 0.15 * np.clip((z + 0.5) / 0.3, 0, 1))
    )
    sheer = 0.25 * draught * np.clip((z - 0.1) / 0.4, 0, 1) ** 2  # the deck rises to the bow
    rings = []
    for level, b, y in zip(z, half, sheer):
        x = np.array(
            [-b, -b * (1 + keel) / 2, -b * keel * 0.8, b * keel * 0.8, b * (1 + keel) / 2, b]
        )
        height = np.array([y, -0.6 * draught, -draught, -draught, -0.6 * draught, y])
        overhang = 0.12 * height * np.clip(level / 0.5, 0, 1) / max(draught, 0.05) * 0.5
        rings.append(np.stack([x, height, level + overhang], axis=-1))
    return loft(np.stack(rings))


def _sails(rng, palette, width) -> list[Part]:
    white = palette.light() if rng.random() < 0.7 else palette.paint()
    cabin = superquadric((0.5 * width, 0.09, 0.3), (0, 0.04, 0.0), around=0.4, along=0.4)
    parts = painted(palette.light(), cabin)
    masts = [0.08] if rng.random() < 0.65 else [0.2, -0.2]
    for z in masts:
        height = rng.uniform(0.7, 1.15) / len(masts) ** 0.5
        mast = cylinder(0.014, height, (0, height / 2, z))
        boom = bar((0, 0.12, z), (0, 0.12, z - 0.32 / len(masts) ** 0.5), 0.018)
        foot = 0.34 / len(masts) ** 0.5
        main = prism([(z - 0.01, 0.14), (z - foot, 0.14), (z - 0.01, 0.96 * height)], 0.02)
        parts += painted(palette.wood(), mast, boom) + painted(white, main)
    if rng.random() < 0.7:
        z = masts[0]
        jib = prism([(z + 0.03, 0.12), (0.46, 0.08), (z + 0.03, 0.8 * height)], 0.02)
        parts += painted(white, jib)
    return parts


def _containers(rng, palette, width) -> list[Part]:
    parts = []
    rows = int(rng.integers(4, 7))
    pitch = 0.62 / rows
    for k in range(rows):
        levels = int(rng.integers(1, 4))
        for i in (-1, 0, 1):
            height = 0.045 * max(1, levels - (rng.random() < 0.3))
            size = (0.28 * width, height, 0.88 * pitch)
            place = (0.29 * i * width, height / 2, -0.26 + (k + 0.5) * pitch)
            parts += painted(palette.paint(), box(size, place))
    house = box((0.85 * width, rng.uniform(0.14, 0.22), 0.1), (0, 0.08, -0.36))
    bridge = box((width, 0.04, 0.07), (0, 0.17, -0.35))
    funnel = cylinder(0.03, 0.12, (0, 0.2, -0.43))
    return parts + painted(palette.light(), house, bridge) + painted(palette.paint(), funnel)


def _turrets(rng, palette, width) -> list[Part]:
    grey = palette.metal()
    levels = int(rng.integers(2, 4))
    tower = [
        frustum(
            (0.75 * width * 0.85**i, 0.07, 0.3 * 0.7**i),
            (0.65 * width * 0.85**i, 0.26 * 0.7**i),
            (0, 0.035 + 0.065 * i, 0.02),
        )
        for i in range(levels)
    ]
    mast = cylinder(0.012, 0.22, (0, 0.065 * levels + 0.1, 0.02), top=0.005)
    funnel = cylinder(0.03, 0.1, (0, 0.1, -0.2), flatten=1.5)
    parts = painted(grey, *tower, mast, funnel)
    for z, side in ((0.26, 1), (-0.36, -1)):
        turret = superquadric((0.55 * width, 0.06, 0.1), (0, 0.03, z), around=0.4, along=0.4)
        barrel = bar((0.02, 0.04, z), (0.02, 0.06, z + 0.15 * side), 0.014)
        parts += painted(grey, turret, *barrel.with_mirror_image())
    return parts


def _decks(rng, palette, width) -> list[Part]:
    levels = int(rng.integers(2, 5))
    parts = []
    for i in range(levels):
        length = 0.68 - 0.09 * i
        size = (0.9 * width - 0.015 * i, 0.035, length)
        white = box(size, (0, 0.02 + 0.05 * i, -0.08))
        band = box((size[0] - 0.012, 0.05, length - 0.02), (0, 0.045 + 0.05 * i, -0.08))
        parts += painted(palette.light(), white) + painted(palette.glass(), band)
    top = 0.05 * levels + 0.02
    parts += painted(palette.light(), box((0.8 * width, 0.02, 0.4), (0, top, -0.08)))
    places = np.linspace(-0.22, 0.04, int(rng.integers(1, 4)))
    return parts + painted(
        palette.paint(),
        *[cylinder(0.03, 0.1, (0, top + 0.05, z), top=0.026, flatten=1.4) for z in places],
    )


def _cockpit(rng, palette, width) -> list[Part]:
    cabin = frustum(
        (0.75 * width, rng.uniform(0.08, 0.16), 0.4),
        (0.6 * width, 0.22),
        (0, 0.05, 0.02),
        shift=(0, -0.06),
    )
    roof = box((0.66 * width, 0.025, rng.uniform(0.25, 0.35)), (0, 0.13, -0.06))
    bench = box((0.7 * width, 0.05, 0.07), (0, 0.03, -0.32))
    motor = box((0.07, 0.14, 0.06), (0, -0.02, -0.52))
    parts = painted(palette.glass(), cabin) + painted(palette.fabric(), bench)
    parts += painted(palette.dark(), motor)
    return parts + painted(palette.light(), roof) if rng.random() < 0.6 else parts
