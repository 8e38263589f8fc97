"""What furniture stands on.

Everything reaches from the floor, y = 0, to a height, is centred, fills a width in x and a depth in
z or a radius, and is made of pieces of a thickness.
"""

import numpy as np

from tf_mesh_renderer.datasets.synthetic.solids import Solid, bar, box, cylinder, tube


def four_legs(
    width: float,
    depth: float,
    height: float,
    *,
    thickness: float,
    splay: float = 0.0,
    round_section: bool = False,
) -> list[Solid]:
    """Legs at the corners of a rectangle, with feet that stand wider by `splay`."""
    x, z = (width - thickness) / 2, (depth - thickness) / 2
    return [
        bar(
            (i * (x + splay), 0, k * (z + splay)),
            (i * x, height, k * z),
            thickness,
            round_section=round_section,
        )
        for i in (-1, 1)
        for k in (-1, 1)
    ]


def pedestal(radius: float, height: float, *, thickness: float) -> list[Solid]:
    """A post on a disc."""
    foot = 0.07 * height
    return [
        cylinder(radius, foot, (0, foot / 2, 0), top=0.8 * radius),
        cylinder(thickness / 2, height, (0, height / 2, 0)),
    ]


def star_base(radius: float, height: float, *, thickness: float, arms: int) -> list[Solid]:
    """A post on arms like spokes, with casters."""
    angles = np.arange(arms) * 2 * np.pi / arms
    tips = [(radius * np.cos(a), 0.06, radius * np.sin(a)) for a in angles]
    spokes = [bar((0, 0.12, 0), tip, 0.8 * thickness) for tip in tips]
    casters = [cylinder(0.035, 0.03, (x, 0.035, z), axis="x") for x, _, z in tips]
    post = cylinder(thickness / 2, height - 0.08, (0, (height + 0.08) / 2, 0))
    return [post, *spokes, *casters]


def side_panels(width: float, depth: float, height: float, *, thickness: float) -> list[Solid]:
    """A board at either side."""
    x = (width - thickness) / 2
    return [box((thickness, height, depth), (i * x, height / 2, 0)) for i in (-1, 1)]


def trestles(width: float, depth: float, height: float, *, thickness: float) -> list[Solid]:
    """A crossed pair of bars at either side, joined by one between them."""
    x, z = 0.4 * width, (depth - thickness) / 2
    crossed = [
        bar((i * x, 0, k * z), (i * x, height, -k * z), thickness) for i in (-1, 1) for k in (-1, 1)
    ]
    return [*crossed, bar((-x, height / 2, 0), (x, height / 2, 0), thickness)]


def sled(width: float, depth: float, height: float, *, thickness: float) -> list[Solid]:
    """A bent tube at either side that runs along the floor."""
    x, z, y = (width - thickness) / 2, depth / 2, thickness / 2
    path = [(0, height, -z), (0, 0.06, -z), (0, y, -z + 0.06), (0, y, z - 0.06), (0, 0.06, z)]
    runner = tube([*path, (0, height, z)], thickness)
    return [runner.moved(x=-x), runner.moved(x=x)]


def arm_rests(width: float, depth: float, height: float, *, rise: float) -> list[Solid]:
    """Two rests above a seat of that height, on posts, a rear end of which meets a back."""
    rest = box((0.06, 0.04, 0.85 * depth), (width / 2, height + rise, -0.05 * depth))
    post = bar((width / 2, height, 0.3 * depth), (width / 2, height + rise, 0.3 * depth), 0.04)
    return [*rest.with_mirror_image(), *post.with_mirror_image()]
