"""Airplanes; they head for +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import (
    Solid,
    bar,
    box,
    cylinder,
    loft,
    prism,
    revolved,
    superquadric,
)


def airplane(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Airliners, fighters, propeller airplanes and biplanes."""
    kind = rng.choice(["airliner", "fighter", "propeller", "biplane"], p=[0.4, 0.25, 0.2, 0.15])
    body, trim, glass = palette.paint(), palette.paint(), palette.glass()
    if rng.random() < 0.5:
        trim = body
    if kind == "airliner":
        return _airliner(rng, body, trim, glass)
    if kind == "fighter":
        return _fighter(rng, body, trim, glass)
    return _propeller_airplane(rng, body, trim, glass, wings=1 + (kind == "biplane"))


def _airliner(rng, body, trim, glass) -> list[Part]:
    radius, span = rng.uniform(0.045, 0.075), rng.uniform(0.75, 1.05)
    sweep, z = rng.uniform(0.3, 0.65), rng.uniform(-0.02, 0.12)
    wing = _wing(span, rng.uniform(0.18, 0.26), 0.06, sweep=sweep, dihedral=0.08)
    engines = []
    for place in [0.3, 0.58][: int(rng.integers(1, 3))]:
        x = place * span / 2
        nacelle = cylinder(0.36 * radius + 0.01, 0.13, axis="z", top=0.45 * radius)
        nacelle = nacelle.moved(x, -0.5 * radius - 0.015, z - sweep * x + 0.06)
        engines += nacelle.with_mirror_image()
    tail_height = radius + 0.13 if rng.random() < 0.3 else 0.01
    cockpit = superquadric((1.3 * radius, radius, 0.1), (0, 0.4 * radius, 0.42))
    return (
        painted(body, _fuselage(radius, nose=0.12, tail=0.35))
        + painted(trim, wing.moved(0, -0.3 * radius, z), *_tail(rng, tail_height, radius))
        + painted(trim, *engines)
        + painted(glass, cockpit)
    )


def _fighter(rng, body, trim, glass) -> list[Part]:
    radius, span = rng.uniform(0.05, 0.07), rng.uniform(0.45, 0.7)
    sweep = rng.uniform(0.6, 1.1)
    wing = _wing(span, rng.uniform(0.35, 0.5), rng.uniform(0.03, 0.1), sweep=sweep)
    fin = _fin(rng.uniform(0.14, 0.2), 0.18, 0.07).moved(0, 0.5 * radius, -0.34)
    if rng.random() < 0.5:
        fins = fin.turned("z", -rng.uniform(5, 25)).moved(x=0.07).with_mirror_image()
    else:
        fins = (fin,)
    small = _wing(rng.uniform(0.3, 0.4), 0.13, 0.05, sweep=0.6)
    small = small.moved(0, 0, 0.2 if rng.random() < 0.3 else -0.4)
    exhaust = cylinder(0.7 * radius, 0.1, (0, 0, -0.48), axis="z")
    canopy = superquadric((0.9 * radius, 1.2 * radius, 0.2), (0, 0.75 * radius, 0.2))
    intake = box((0.06, 1.3 * radius, 0.35), (radius, -0.1 * radius, -0.05))
    return (
        painted(body, _fuselage(radius, nose=0.4, tail=0.1), *intake.with_mirror_image())
        + painted(trim, wing.moved(0, -0.1 * radius, -0.1), small, *fins)
        + painted(glass, canopy)
        + painted((0.12, 0.12, 0.12), exhaust)
    )


def _propeller_airplane(rng, body, trim, glass, *, wings) -> list[Part]:
    radius, span = rng.uniform(0.06, 0.085), rng.uniform(0.95, 1.3)
    chord, z = rng.uniform(0.14, 0.22), 0.14
    low, high = (
        (-0.6 * radius, 2.6 * radius) if wings == 2 else (rng.choice([-0.6, 1.0]) * radius,) * 2
    )
    planes = [_wing(span, chord, 0.75 * chord, sweep=0.0).moved(0, y, z) for y in {low, high}]
    struts = []
    if wings == 2:
        for x, dz in ((0.1, 0.0), (0.38, 0.05), (0.38, -0.05)):
            strut = bar((x * span, low, z + dz), (x * span, high, z + dz), 0.018)
            struts += strut.with_mirror_image()
    blade = box((0.03, rng.uniform(0.26, 0.36), 0.015), (0, 0, 0.43))
    blades = [blade, blade.turned("z", 90)] if rng.random() < 0.4 else [blade.turned("z", 35)]
    wheel = cylinder(0.045, 0.03, (0.13, -radius - 0.09, 0.2), axis="x")
    leg = bar((0.05, -0.5 * radius, 0.2), (0.13, -radius - 0.09, 0.2), 0.02)
    canopy = superquadric((1.2 * radius, 1.3 * radius, 0.2), (0, 0.9 * radius, 0.06))
    dark = (0.1, 0.1, 0.1)
    return (
        painted(body, _fuselage(radius, nose=0.1, tail=0.6, start=0.42))
        + painted(trim, *planes, *_tail(rng, 0.01, 0.6 * radius))
        + painted(dark, *blades, *wheel.with_mirror_image(), *leg.with_mirror_image(), *struts)
        + painted(glass, canopy)
    )


def _fuselage(radius, *, nose, tail, start=0.5) -> Solid:
    """Round, from z = -0.5 to `start`, pointed over the lengths `nose` and `tail`."""
    z = np.linspace(-0.5, start, 24)
    front = np.clip((start - z) / nose, 0, 1)
    back = np.clip((z + 0.5) / tail, 0, 1)
    shape = np.sqrt(1 - (1 - front) ** 2) * (0.25 + 0.75 * np.sin(back * np.pi / 2))
    return revolved(np.stack([radius * np.maximum(shape, 0.02), z], axis=-1), axis="z")


def _wing(span, root, tip, *, sweep, dihedral=0.0, thickness=0.12) -> Solid:
    """Both wings in one piece; `root` and `tip` are chords, sweep and dihedral are slopes."""
    angle = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    rings = []
    for x, chord in ((-span / 2, tip), (0, root), (span / 2, tip)):
        y = np.maximum(thickness * chord, 0.018) / 2 * np.sin(angle) + dihedral * abs(x)
        z = chord / 2 * np.cos(angle) - sweep * abs(x)
        rings.append(np.stack([np.full_like(z, x), y, z], axis=-1))
    return loft(np.stack(rings))


def _fin(height, root, tip) -> Solid:
    """Upright, its rear edge leaning back."""
    outline = [
        (root / 2, 0),
        (-root / 2, 0),
        (-root / 2 - 0.6 * tip, height),
        (-root / 2 + 0.4 * tip, height),
    ]
    return prism(outline, 0.022)


def _tail(rng, height, radius) -> tuple[Solid, Solid]:
    fin = _fin(radius + rng.uniform(0.11, 0.17), rng.uniform(0.12, 0.18), 0.09)
    plane = _wing(rng.uniform(0.28, 0.4), 0.12, 0.06, sweep=0.4)
    return fin.moved(z=-0.4), plane.moved(0, height, -0.43)
