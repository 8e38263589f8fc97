"""Tables; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box, cylinder


def table(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Rectangular, round or oval; on legs, a post, panels, trestles or drawers."""
    kind = rng.choice(["legs", "splayed", "pedestal", "panels", "trestles", "desk"])
    width, depth, height = rng.uniform(0.7, 1.3), rng.uniform(0.5, 0.8), rng.uniform(0.35, 0.75)
    thickness = rng.uniform(0.03, 0.09)
    round_top = kind in ("pedestal", "splayed") and rng.random() < 0.8
    if round_top:
        depth = width * rng.uniform(0.65, 1)
        top = cylinder(width / 2, thickness, (0, height, 0), flatten=depth / width)
    else:
        top = box((width, thickness, depth), (0, height, 0))
    inset = 0.66 if round_top else rng.uniform(0.88, 1)
    base = _table_base(rng, kind, inset * width, inset * depth, height)
    frame, surface = palette.solid(), palette.solid()
    parts = painted(surface, top) + painted(frame, *base)
    if kind in ("legs", "panels") and rng.random() < 0.4:
        shelf = box((0.92 * inset * width, 0.03, 0.92 * inset * depth), (0, 0.3 * height, 0))
        parts += painted(surface, shelf)
    return parts


def _table_base(rng, kind, width, depth, height) -> list[Solid]:
    thickness = rng.uniform(0.04, 0.1)
    if kind == "pedestal":
        return supports.pedestal(0.42 * width, height, thickness=1.4 * thickness)
    if kind == "panels":
        return supports.side_panels(width, depth, height, thickness=thickness)
    if kind == "trestles":
        return supports.trestles(width, depth, height, thickness=0.8 * thickness)
    if kind == "desk":
        return _desk_base(rng, width, depth, height)
    splay = rng.uniform(0.05, 0.12) if kind == "splayed" else 0.0
    return supports.four_legs(
        width,
        depth,
        height,
        thickness=thickness,
        splay=splay,
        round_section=bool(rng.random() < 0.4),
    )


def _desk_base(rng, width, depth, height) -> list[Solid]:
    """A chest of drawers at one side or at both, a board at the other."""
    across = rng.uniform(0.22, 0.34) * width
    x = (width - across) / 2
    chest = box((across, 0.94 * height, depth), (x, 0.53 * height, 0))
    front = [
        box((0.86 * across, 0.24 * height, 0.03), (x, y * height, depth / 2))
        for y in (0.23, 0.51, 0.79)
    ]
    if rng.random() < 0.4:
        return [half for solid in (chest, *front) for half in solid.with_mirror_image()]
    board = box((0.05, height, depth), (-width / 2 + 0.025, height / 2, 0))
    return [chest, *front, board]
