"""Phones; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box, cylinder, prism, superquadric


def phone(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Smartphones, keypad phones, open clamshells, sliders and desk telephones."""
    kind = rng.choice(
        ["smart", "keypad", "clamshell", "slider", "desk"], p=[0.25, 0.25, 0.2, 0.12, 0.18]
    )
    case, keys, glass = palette.paint(), palette.light(), palette.glass()
    if rng.random() < 0.4:
        case = palette.dark()
    if kind == "desk":
        return _desk_phone(rng, case, keys, glass)
    width, depth = rng.uniform(0.36, 0.6), rng.uniform(0.06, 0.2)
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
