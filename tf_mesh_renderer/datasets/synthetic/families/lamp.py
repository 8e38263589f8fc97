"""Lamps; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, cylinder, revolved, superquadric, tube

# Solids that only touch would keep the surface between them.
_SUNK = 0.01


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
    return parts + painted(shade, _shade(rng, height - _SUNK))


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
