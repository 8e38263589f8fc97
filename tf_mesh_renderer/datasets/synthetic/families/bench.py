"""Benches; the front is towards +z."""

import numpy as np

from tf_mesh_renderer.datasets.synthetic import supports
from tf_mesh_renderer.datasets.synthetic.assembly import Part, painted
from tf_mesh_renderer.datasets.synthetic.palette import Palette
from tf_mesh_renderer.datasets.synthetic.solids import Solid, box


def bench(rng: np.random.Generator, palette: Palette) -> list[Part]:
    """Long, of planks or one slab, on legs, panels, blocks or runners; with or without back."""
    width, depth, height = rng.uniform(1.1, 1.9), rng.uniform(0.32, 0.5), rng.uniform(0.38, 0.5)
    thickness = rng.uniform(0.04, 0.1)
    frame, wood = palette.solid(), palette.wood() if rng.random() < 0.7 else palette.paint()
    planks = int(rng.choice([1, 3, 4]))
    seat = _planks(width, depth, thickness, planks)
    parts = painted(wood, *[solid.moved(y=height) for solid in seat])
    parts += painted(frame, *_bench_base(rng, width, depth, height))
    if rng.random() < 0.6:
        rise = rng.uniform(0.3, 0.5)
        # The planks of the seat, stood upright and put to its rear edge.
        back = [
            solid.turned("x", 90 - rng.uniform(8, 9)).moved(y=height + 0.1 + rise / 2, z=-depth / 2)
            for solid in _planks(width, rise, 0.7 * thickness, int(rng.integers(1, 4)))
        ]
        post = box((0.05, rise + 0.1, 0.06), (0.42 * width, height + rise / 2, -depth / 2 - 0.03))
        parts += painted(wood, *back) + painted(frame, *post.with_mirror_image())
    if rng.random() < 0.45:
        parts += painted(
            frame, *supports.arm_rests(width - 0.08, depth, height, rise=rng.uniform(0.15, 0.25))
        )
    return parts


def _planks(width, depth, thickness, count) -> list[Solid]:
    pitch = depth / count
    gap = 0.0 if count == 1 else 0.22 * pitch
    places = (np.arange(count) - (count - 1) / 2) * pitch
    return [box((width, thickness, pitch - gap), (0, 0, z)) for z in places]


def _bench_base(rng, width, depth, height) -> list[Solid]:
    kind = rng.choice(["legs", "panels", "blocks", "sled", "trestles"])
    thickness = rng.uniform(0.05, 0.1)
    if kind == "panels":
        return supports.side_panels(0.9 * width, depth, height, thickness=thickness)
    if kind == "blocks":
        block = box((rng.uniform(0.15, 0.3), height, 0.8 * depth), (0.32 * width, height / 2, 0))
        return [*block.with_mirror_image()]
    if kind == "sled":
        return supports.sled(0.85 * width, 0.9 * depth, height, thickness=0.8 * thickness)
    if kind == "trestles":
        return supports.trestles(0.95 * width, depth, height, thickness=0.8 * thickness)
    return supports.four_legs(width, depth, height, thickness=thickness)
