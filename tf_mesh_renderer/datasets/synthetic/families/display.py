"""Displays; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import (
    Solid,
    bar,
    box,
    cylinder,
    frustum,
    superquadric,
)


def display(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Flat monitors on a foot, televisions on two legs, and picture tubes."""
    kind = rng.choice(["monitor", "television", "tube"], p=[0.45, 0.3, 0.25])
    case = palette.dark() if rng.random() < 0.5 else palette.metal()
    screen = palette.glass() if rng.random() < 0.7 else palette.paint()
    width = rng.uniform(0.85, 1.0)
    height = width * (rng.uniform(0.7, 0.85) if kind == "tube" else rng.uniform(0.5, 0.72))
    if kind == "tube":
        return _picture_tube(rng, width, height, case, screen)
    depth = rng.uniform(0.04, 0.1)
    foot = 0.06 if kind == "television" else rng.uniform(0.1, 0.3)
    middle = foot + height / 2
    panel = box((width, height, depth), (0, middle, 0))
    bezel = rng.uniform(0.03, 0.08)
    glass = box((width - 2 * bezel, height - 2 * bezel, 0.02), (0, middle, depth / 2))
    bulge = superquadric(
        (0.6 * width, 0.6 * height, 0.12), (0, middle, -depth / 2 - 0.03), around=0.4, along=0.4
    )
    parts = painted(case, panel, bulge) + painted(screen, glass)
    if kind == "television":
        leg = [bar((0.32 * width, 0.1, 0), (0.38 * width, 0, z), 0.035) for z in (-0.17, 0.17)]
        return parts + painted(case, *[half for solid in leg for half in solid.with_mirror_image()])
    return parts + painted(palette.metal(), *_monitor_stand(rng, foot, middle))


def _monitor_stand(rng, foot, middle) -> list[Solid]:
    neck = frustum((0.16, middle, 0.05), (0.1, 0.05), (0, middle / 2, -0.06), shift=(0, 0.02))
    kind = rng.choice(["disc", "plate", "fork"])
    if kind == "disc":
        return [neck, cylinder(rng.uniform(0.16, 0.24), 0.04, (0, 0.02, 0), flatten=0.8)]
    if kind == "plate":
        return [neck, box((rng.uniform(0.3, 0.5), 0.03, rng.uniform(0.22, 0.32)), (0, 0.015, 0))]
    prong = bar((0, 0.02, -0.12), (rng.uniform(0.22, 0.36), 0.02, 0.16), 0.04)
    return [neck, *prong.with_mirror_image()]


def _picture_tube(rng, width, height, case, screen) -> list[Part]:
    depth = rng.uniform(0.5, 0.85)
    front = box((width, height, 0.3 * depth), (0, height / 2, 0.35 * depth))
    # A stump that narrows to the rear: built upright and laid down.
    rear = frustum((0.94 * width, 0.72 * depth, 0.94 * height), (0.5 * width, 0.5 * height))
    rear = rear.turned("x", -90).moved(0, height / 2, -0.14 * depth)
    glass = superquadric(
        (0.82 * width, 0.78 * height, 0.1), (0, 0.54 * height, 0.5 * depth), around=0.3, along=0.3
    )
    foot = (
        cylinder(0.3, 0.1, (0, -0.02, 0)) if rng.random() < 0.5 else box((0.6, 0.06, 0.5 * depth))
    )
    return painted(case, front, rear, foot) + painted(screen, glass)
