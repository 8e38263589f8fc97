"""Displays, speakers, phones and rifles; fronts, and the muzzle, are towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import (
    Solid,
    bar,
    box,
    cylinder,
    frustum,
    prism,
    superquadric,
    tube,
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


def speaker(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Bookshelf boxes, towers, leaning monitors, round ones, and balls on feet."""
    kind = rng.choice(["box", "tower", "leaning", "round", "ball"], p=[0.3, 0.3, 0.15, 0.15, 0.1])
    case = palette.wood() if rng.random() < 0.4 else palette.solid()
    width, depth = rng.uniform(0.34, 0.6), rng.uniform(0.32, 0.6)
    height = rng.uniform(1.0, 1.5) if kind in ("tower", "round") else rng.uniform(0.6, 0.9)
    cone, rim = palette.dark(), palette.metal()
    if kind == "ball":
        ball = superquadric((height,) * 3, (0, 0.62 * height, 0))
        foot = cylinder(0.34 * height, 0.16 * height, (0, 0.08 * height, 0), top=0.2 * height)
        driver = _driver(0.3 * height, (0, 0.62 * height, 0.42 * height), cone, rim)
        return painted(case, ball) + painted(rim, foot) + driver
    if kind == "round":
        body = cylinder(width / 2, height, (0, height / 2, 0))
        ring = cylinder(0.53 * width, 0.06, (0, rng.uniform(0.2, 0.8) * height, 0))
        top = superquadric((width, 0.16, width), (0, height, 0))
        return painted(case, body) + painted(rim, ring) + painted(cone, top)
    shift = -rng.uniform(0.1, 0.25) if kind == "leaning" else 0.0
    body = frustum(
        (width, height, depth), (width, depth + shift), (0, height / 2, 0), shift=(0, shift / 2)
    )
    parts = painted(case, body)
    count = int(rng.integers(2, 5)) if kind == "tower" else int(rng.integers(1, 3))
    radii = 0.42 * width * np.sort(rng.uniform(0.5, 1, count))[::-1]
    lean = np.degrees(np.arctan2(-shift, height))
    y = 0.06 * height
    for radius in np.minimum(radii, 0.44 * (0.94 * height) / count):
        y += radius + 0.02
        z = depth / 2 + shift * y / height
        parts += _driver(radius, (0, y, z), cone, rim, lean=lean)
        y += radius
    if rng.random() < 0.4:
        plinth = box((1.15 * width, 0.06, 1.15 * depth), (0, -0.03, 0))
        parts += painted(rim, plinth)
    return parts


def _driver(radius, center, cone, rim, *, lean=0.0) -> list[Part]:
    """A ring that stands out, the cone inside it, and a dust cap."""
    pieces = (
        (rim, cylinder(radius, 0.05, axis="z")),
        (cone, cylinder(0.84 * radius, 0.07, axis="z")),
        (rim, superquadric((0.6 * radius, 0.6 * radius, 0.12))),
    )
    return [
        part
        for color, solid in pieces
        for part in painted(color, solid.turned("x", -lean).moved(*center))
    ]


def phone(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Smartphones, keypad phones, open clamshells, sliders and desk telephones."""
    kind = rng.choice(
        ["smart", "keypad", "clamshell", "slider", "desk"], p=[0.3, 0.25, 0.2, 0.1, 0.15]
    )
    case, keys, glass = palette.paint(), palette.light(), palette.glass()
    if rng.random() < 0.4:
        case = palette.dark()
    if kind == "desk":
        return _desk_phone(rng, case, keys, glass)
    width, depth = rng.uniform(0.4, 0.56), rng.uniform(0.06, 0.16)
    corner = rng.uniform(0.12, 0.5)
    if kind == "smart":
        screen = box((0.88 * width, rng.uniform(0.72, 0.86), 0.02), (0, 0.5, depth / 2))
        button = cylinder(0.05, 0.03, (0, 0.055, depth / 2), axis="z")
        return (
            painted(case, _slab(width, 1, depth, corner))
            + painted(glass, screen)
            + painted(keys, button)
        )
    if kind == "keypad":
        parts = painted(case, _slab(width, 1, 1.5 * depth, corner))
        parts += painted(glass, box((0.8 * width, 0.34, 0.02), (0, 0.74, 0.75 * depth)))
        parts += _keypad(width, 0.48, 0.75 * depth, keys)
        if rng.random() < 0.5:
            antenna = cylinder(0.04, rng.uniform(0.2, 0.4), (0.34 * width, 1.05, 0))
            parts += painted(case, antenna)
        return parts
    lower = painted(case, _slab(width, 0.55, depth, corner)) + _keypad(width, 0.45, depth / 2, keys)
    upper = painted(case, _slab(width, 0.55, depth, corner))
    upper += painted(glass, box((0.78 * width, 0.38, 0.02), (0, 0.28, depth / 2)))
    if kind == "slider":
        return lower + _placed(upper, 0, rng.uniform(0.25, 0.4), depth)
    return lower + _placed(upper, rng.uniform(10, 70), 0.54, 0.0)


def _slab(width, height, depth, corner) -> Solid:
    """Stands on y = 0; the outline seen from the front has round corners."""
    slab = superquadric((width, depth, height), around=corner, along=0.25)
    return slab.turned("x", 90).moved(y=height / 2)


def _placed(parts, degrees, y, z) -> list[Part]:
    """Parts turned about the x axis, their upper end to the front, and moved."""
    return [Part(part.solid.turned("x", degrees).moved(y=y, z=z), part.color) for part in parts]


def _keypad(width, top, z, color) -> list[Part]:
    pitch = (0.25 * width, (top - 0.06) / 4)
    return painted(
        color,
        *[
            box(
                (0.7 * pitch[0], 0.6 * pitch[1], 0.03),
                (i * pitch[0], 0.06 + (k + 0.5) * pitch[1], z),
            )
            for i in (-1, 0, 1)
            for k in range(4)
        ],
    )


def _desk_phone(rng, case, keys, glass) -> list[Part]:
    width, depth = rng.uniform(0.7, 0.95), rng.uniform(0.75, 1.0)
    base = prism([(depth / 2, 0), (-depth / 2, 0), (-depth / 2, 0.32), (depth / 2, 0.1)], width)
    x = -0.28 * width
    grip = box((0.13, 0.09, 0.8 * depth), (x, 0.4, 0))
    ends = [
        superquadric((0.2, 0.2, 0.2), (x, y, z), around=0.6, along=0.6)
        for y, z in ((0.38, -0.36 * depth), (0.3, 0.36 * depth))
    ]
    slope = np.degrees(np.arctan2(0.22, depth))
    pad = [
        box((0.1, 0.05, 0.09), (0.16 * width + 0.13 * i, 0.2, 0.12 * k - 0.02)).turned("x", slope)
        for i in (-1, 0, 1)
        for k in (-0.5, 0.5, 1.5)
    ]
    screen = box((0.42 * width, 0.05, 0.14), (0.16 * width, 0.2, -0.28)).turned("x", slope)
    return painted(case, base, grip, *ends) + painted(keys, *pad) + painted(glass, screen)


def rifle(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Hunting rifles, assault rifles, sniper rifles and shotguns."""
    kind = rng.choice(["hunting", "assault", "sniper", "shotgun"])
    metal, grip = palette.dark(), palette.wood() if rng.random() < 0.55 else palette.metal()
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
