"""Cars; they head for +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import box, cylinder, frustum, superquadric


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
