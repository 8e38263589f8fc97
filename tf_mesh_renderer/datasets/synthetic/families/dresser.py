"""Dressers; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box


def dresser(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Chests of drawers, wardrobes, sideboards and open shelves."""
    kind = rng.choice(["chest", "wardrobe", "sideboard", "shelves"])
    limits = {
        "chest": ((0.5, 1.0), (0.6, 1.1)),
        "wardrobe": ((0.5, 0.9), (1.1, 1.6)),
        "sideboard": ((1.1, 1.7), (0.4, 0.65)),
        "shelves": ((0.5, 1.2), (0.7, 1.5)),
    }[kind]
    width, height = rng.uniform(*limits[0]), rng.uniform(*limits[1])
    depth = rng.uniform(0.32, 0.6)
    foot = rng.uniform(0.08, 0.25) if rng.random() < 0.55 else 0.0
    body_color, front_color = palette.solid(), palette.solid()
    if kind == "shelves":
        back = box((width, height, 0.03), (0, height / 2, -depth / 2))
        parts = painted(front_color, back)
        parts += painted(body_color, *_shelves(rng, width, height, depth))
    else:
        parts = painted(body_color, box((width, height, depth), (0, height / 2, 0)))
        columns, rows = {
            "chest": (int(rng.integers(1, 3)), int(rng.integers(3, 6))),
            "wardrobe": (int(rng.integers(2, 4)), 1),
            "sideboard": (int(rng.integers(2, 5)), int(rng.integers(1, 3))),
        }[kind]
        fronts, knobs = _fronts(width, height, depth, columns=columns, rows=rows)
        parts += painted(front_color, *fronts) + painted(palette.metal(), *knobs)
    if foot:
        legs = supports.four_legs(0.94 * width, 0.9 * depth, foot + 0.02, thickness=0.07)
        parts += painted(palette.solid(), *[leg.moved(y=-foot) for leg in legs])
    if rng.random() < 0.5:
        over = box((1.06 * width, 0.05, 1.1 * depth), (0, height, 0))
        parts += painted(body_color, over)
    return parts


def _fronts(width, height, depth, *, columns, rows) -> tuple[list[Solid], list[Solid]]:
    """Doors or drawers that stand out from the body, and their knobs."""
    across, up = width / columns, height / rows
    places = [
        ((i + 0.5) * across - width / 2, (k + 0.5) * up)
        for i in range(columns)
        for k in range(rows)
    ]
    fronts = [box((0.88 * across, 0.86 * up, 0.04), (x, y, depth / 2)) for x, y in places]
    knobs = [box((0.3 * across, 0.035, 0.04), (x, y, depth / 2 + 0.035)) for x, y in places]
    return fronts, knobs


def _shelves(rng, width, height, depth) -> list[Solid]:
    wall = rng.uniform(0.03, 0.06)
    levels = np.linspace(wall / 2, height - wall / 2, int(rng.integers(3, 7)))
    boards = [box((width, wall, depth), (0, y, 0)) for y in levels]
    sides = supports.side_panels(width, depth, height, thickness=wall)
    if rng.random() < 0.5:
        sides.append(box((wall, height, depth), (0, height / 2, 0)))
    return [*boards, *sides]
