"""Tables, dressers and lamps; their front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import (
    Solid,
    box,
    cylinder,
    revolved,
    superquadric,
    tube,
)


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
        parts = painted(body_color, *_shelves(rng, width, height, depth))
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
    return [*boards, *sides, box((width, height, wall), (0, height / 2, -depth / 2))]


def lamp(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Table lamps, floor lamps, bent desk lamps, hanging lamps and globes on posts."""
    kind = rng.choice(["table", "floor", "desk", "pendant", "globe"], p=[0.3, 0.2, 0.2, 0.15, 0.15])
    stand, shade = palette.solid(), palette.fabric() if rng.random() < 0.5 else palette.light()
    if kind == "desk":
        return _desk_lamp(rng, stand, palette.paint())
    if kind == "pendant":
        cord = cylinder(0.012, rng.uniform(0.4, 0.9), (0, 0.5, 0))
        rose = cylinder(0.09, 0.03, (0, 0.5 + rng.uniform(0.2, 0.45), 0))
        return painted(stand, cord, rose) + painted(shade, _shade(rng, 0.05))
    height = rng.uniform(1.1, 1.6) if kind == "floor" else rng.uniform(0.3, 0.65)
    foot = cylinder(rng.uniform(0.13, 0.2), 0.04, (0, 0.02, 0))
    if kind == "table":
        parts = painted(stand, foot, _turned_body(rng, height))
    else:
        post = rng.uniform(0.02, 0.05)
        parts = painted(stand, foot, cylinder(post, height, (0, height / 2, 0), top=0.8 * post))
    if kind == "globe":
        ball = rng.uniform(0.25, 0.42)
        return parts + painted(shade, superquadric((ball,) * 3, (0, height + 0.4 * ball, 0)))
    return parts + painted(shade, _shade(rng, height))


def _shade(rng, y) -> Solid:
    """A cone, drum or bowl that stands on a height."""
    low, rise = rng.uniform(0.18, 0.34), rng.uniform(0.18, 0.36)
    kind = rng.choice(["cone", "drum", "bowl"])
    if kind == "bowl":
        angle = np.linspace(0.08, 0.5, 7) * np.pi
        profile = np.stack([low * np.sin(angle), y + rise * np.cos(angle)], axis=-1)
        return revolved(profile)
    top = low * (rng.uniform(0.35, 0.7) if kind == "cone" else rng.uniform(0.85, 1))
    return cylinder(low, rise, (0, y + rise / 2, 0), top=top)


def _turned_body(rng, height) -> Solid:
    """A vase with a waist or a belly."""
    level = np.linspace(0, 1, 12)
    waves = rng.uniform(0.5, 2.2)
    radius = rng.uniform(0.06, 0.14) * (1 + 0.6 * np.sin(waves * np.pi * level + rng.uniform(0, 2)))
    radius = np.maximum(radius * (1 - 0.6 * level**2), 0.025)
    return revolved(np.stack([radius, level * height], axis=-1))


def _desk_lamp(rng, stand, shade) -> list[Part]:
    knee = np.array([-rng.uniform(0.1, 0.3), rng.uniform(0.35, 0.55), 0])
    head = np.array([rng.uniform(0.15, 0.4), knee[1] + rng.uniform(0.05, 0.35), 0])
    foot = cylinder(rng.uniform(0.15, 0.22), 0.05, (0, 0.025, 0))
    arms = [tube([(0, 0.03, 0), knee], 0.045), tube([knee, head], 0.04)]
    joint = superquadric((0.08,) * 3, knee)
    radius = rng.uniform(0.1, 0.17)
    cone = cylinder(radius, rng.uniform(0.16, 0.26), (0, -0.06, 0), top=0.35 * radius)
    cone = cone.turned("z", rng.uniform(10, 50)).moved(*head)
    return painted(stand, foot, *arms, joint) + painted(shade, cone)
