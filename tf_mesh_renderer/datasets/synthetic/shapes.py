"""The thirteen families of shapes by their categories."""

from collections.abc import Callable

import numpy as np
import trimesh

from tf_mesh_renderer.datasets.categories import Category, find_category
from tf_mesh_renderer.datasets.synthetic import devices, furniture, seats, vehicles
from tf_mesh_renderer.datasets.synthetic.assembly import Part, assemble
from tf_mesh_renderer.datasets.synthetic.palette import Palette

# A family draws all it needs, kinds, proportions and colours, from the generator and the palette,
# and returns parts in any position and size.
Family = Callable[[np.random.Generator, Palette], list[Part]]

FAMILIES: dict[str, Family] = {
    "airplane": vehicles.airplane,
    "bench": seats.bench,
    "dresser": furniture.dresser,
    "car": vehicles.car,
    "chair": seats.chair,
    "display": devices.display,
    "lamp": furniture.lamp,
    "speaker": devices.speaker,
    "rifle": devices.rifle,
    "sofa": seats.sofa,
    "table": furniture.table,
    "phone": devices.phone,
    "vessel": vehicles.vessel,
}


def make_shape(category: str | Category, rng: np.random.Generator) -> trimesh.Trimesh:
    """Draws an object of a category.

    Args:
      category: synset, name or `Category`.
      rng: where chance comes from; the same state gives the same object.
    Returns:
      A mesh of closed parts, which may overlap, with a colour for each vertex; y is up, the box
      around it is centred at the origin and its longest side is 1.
    Raises:
      ValueError: there is no such category.
    """
    return assemble(FAMILIES[find_category(category).name](rng, Palette(rng)))
