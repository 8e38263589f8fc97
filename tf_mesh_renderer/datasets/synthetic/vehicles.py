"""Airplanes, cars and vessels; they head for +z."""

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


def car(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Sedans, hatchbacks, sports cars, off-road cars, vans and pickups."""
    kind = rng.choice(["sedan", "hatchback", "sports", "offroad", "van", "pickup"])
    # Heights of body and cabin, length of the cabin's floor and its centre.
    low, rise, length, place = {
        "sedan": (0.17, 0.13, 0.55, -0.04),
        "hatchback": (0.19, 0.15, 0.62, -0.15),
        "sports": (0.14, 0.09, 0.45, -0.08),
        "offroad": (0.22, 0.17, 0.66, -0.14),
        "van": (0.2, 0.24, 0.84, -0.06),
        "pickup": (0.2, 0.15, 0.36, 0.06),
    }[kind]
    low, rise = low * rng.uniform(0.9, 1.15), rise * rng.uniform(0.85, 1.2)
    length = length * rng.uniform(0.92, 1.08)
    width, ground = rng.uniform(0.36, 0.46), 0.05 if kind == "sports" else 0.08
    paint, roof = palette.paint(), palette.paint()
    roof = paint if rng.random() < 0.8 else roof
    body = superquadric(
        (width, low, 1), (0, ground + low / 2, 0), around=0.18, along=rng.uniform(0.25, 0.5)
    )
    taper = 0.88 if kind == "van" else rng.uniform(0.5, 0.68)
    parts = painted(paint, body) + _cabin(
        (0.9 * width, rise, length),
        (0, ground + low, place),
        taper,
        paint=roof,
        glass=palette.glass(),
    )
    if kind == "pickup":
        wall = box((0.03, 0.09, 0.34), (0.46 * width, ground + low + 0.02, -0.3))
        parts += painted(paint, *wall.with_mirror_image())
        parts += painted(paint, box((0.95 * width, 0.09, 0.03), (0, ground + low + 0.02, -0.47)))
    if kind == "sports" and rng.random() < 0.6:
        parts += painted(paint, box((0.9 * width, 0.02, 0.08), (0, ground + low + 0.06, -0.45)))
        parts += painted(
            paint, *box((0.03, 0.07, 0.04), (0.12, ground + low + 0.02, -0.45)).with_mirror_image()
        )
    return parts + _wheels(rng, width, palette) + _car_lights(width, ground + 0.6 * low)


def _cabin(size, base, taper, *, paint, glass) -> list[Part]:
    """Windows all around with a painted roof; the windscreen leans more than the rear."""
    width, rise, length = size
    x, y, z = base
    top = (0.82 * width, taper * length)
    shift = (0.0, -0.12 * (1 - taper) * length)
    windows = frustum((width, rise, length), top, (x, y + 0.45 * rise, z), shift=shift)
    roof = box((top[0] * 1.01, 0.16 * rise, top[1] * 1.02), (x, y + 0.95 * rise, z + shift[1]))
    pillar = box((width, 0.8 * rise, 0.04), (x, y + 0.4 * rise, z + shift[1]))
    return painted(glass, windows) + painted(paint, roof, pillar)


def _wheels(rng, width, palette) -> list[Part]:
    radius, base = rng.uniform(0.075, 0.11), rng.uniform(0.27, 0.34)
    parts = []
    for z in (-base, base):
        tyre = cylinder(radius, 0.09, (width / 2 - 0.02, radius, z), axis="x")
        hub = cylinder(0.55 * radius, 0.1, (width / 2 - 0.02, radius, z), axis="x")
        parts += painted(palette.dark(), *tyre.with_mirror_image())
        parts += painted((0.7, 0.7, 0.72), *hub.with_mirror_image())
    return parts


def _car_lights(width, height) -> list[Part]:
    front = box((0.09, 0.045, 0.04), (0.34 * width, height, 0.485))
    rear = box((0.09, 0.045, 0.04), (0.34 * width, height, -0.485))
    yellow, red = (1.0, 0.95, 0.7), (0.75, 0.05, 0.05)
    return painted(yellow, *front.with_mirror_image()) + painted(red, *rear.with_mirror_image())


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
