"""Rifles; the muzzle is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, bar, box, cylinder, prism, tube


def rifle(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Hunting rifles, assault rifles, sniper rifles and shotguns."""
    kind = rng.choice(["hunting", "assault", "sniper", "shotgun"])
    metal = palette.dark() if rng.random() < 0.7 else palette.metal()
    grip = palette.wood() if rng.random() < 0.6 else palette.fabric()
    caliber = rng.uniform(0.022, 0.036)
    muzzle = 0.5 * rng.uniform(0.9, 1.15)
    barrel = cylinder(caliber / 2, muzzle + 0.1, (0, 0.01, muzzle / 2 - 0.05), axis="z")
    receiver = box((0.05, rng.uniform(0.06, 0.09), 0.26), (0, 0, -0.08))
    parts = painted(metal, barrel, receiver)
    parts += painted(grip, _stock(rng, kind))
    guard = box((0.05, 0.05, rng.uniform(0.2, 0.34)), (0, -0.01, 0.18))
    parts += painted(grip, guard)
    if kind == "assault":
        parts += _assault_parts(rng, metal, grip)
    if kind == "shotgun":
        magazine = cylinder(0.7 * caliber, muzzle, (0, -0.03, muzzle / 2), axis="z")
        parts += painted(metal, magazine)
    if kind == "sniper" or (kind != "shotgun" and rng.random() < 0.3):
        parts += _scope(rng, metal)
    if kind == "sniper":
        leg = bar((0.01, -0.01, 0.3), (rng.uniform(0.08, 0.13), -0.2, 0.32), 0.02)
        parts += painted(metal, *leg.with_mirror_image())
    sight = box((0.015, 0.05, 0.03), (0, 0.04, muzzle - 0.05))
    trigger = tube(
        [(0, -0.03, -0.04), (0, -0.08, -0.06), (0, -0.08, -0.11), (0, -0.03, -0.13)], 0.014
    )
    return parts + painted(metal, sight, trigger)


def _stock(rng, kind) -> Solid:
    """A wooden wedge behind the receiver, or a lighter straight one."""
    drop, butt = rng.uniform(0.03, 0.09), rng.uniform(0.1, 0.15)
    if kind == "assault":
        drop = 0.02
    outline = [
        (-0.18, 0.035),
        (-0.18, -0.035),
        (-0.3, -0.05 - 0.3 * drop),
        (-0.54, -drop - butt / 2 - 0.02),
        (-0.56, butt / 2 - drop),
        (-0.3, 0.03),
    ]
    return prism(outline, 0.045)


def _assault_parts(rng, metal, grip) -> list[Part]:
    curve = rng.uniform(0, 0.08)
    length = rng.uniform(0.14, 0.22)
    points = [
        (0, -0.02, 0.0),
        (0, -0.02 - length / 2, 0.02 + 0.3 * curve),
        (0, -0.02 - length, 0.03 + curve),
    ]
    magazine = tube(points, 0.06, round_section=False)
    handle = bar((0, 0, -0.15), (0, -rng.uniform(0.12, 0.17), -0.2), 0.05)
    parts = painted(metal, magazine) + painted(grip, handle)
    if rng.random() < 0.5:
        rail = box((0.03, 0.025, 0.2), (0, 0.1, -0.06))
        posts = [box((0.02, 0.07, 0.025), (0, 0.065, z)) for z in (-0.14, 0.02)]
        parts += painted(metal, rail, *posts)
    return parts


def _scope(rng, metal) -> list[Part]:
    y, length = rng.uniform(0.08, 0.1), rng.uniform(0.2, 0.32)
    body = cylinder(0.02, length, (0, y, -0.06), axis="z")
    bell = cylinder(0.022, 0.08, (0, y, -0.06 + length / 2), axis="z", top=0.035)
    posts = [box((0.015, 0.06, 0.025), (0, y - 0.03, z)) for z in (-0.12, 0.0)]
    return painted(metal, body, bell, *posts)
