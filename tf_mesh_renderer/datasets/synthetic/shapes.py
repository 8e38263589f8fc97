"""The thirteen families of shapes by their categories."""

from collections.abc import Callable

import numpy as np
import trimesh

from tf_mesh_renderer.datasets.categories import Category, find_category
from tf_mesh_renderer.datasets.synthetic.assembly import Part, assemble
from tf_mesh_renderer.datasets.synthetic.families.airplane import airplane
from tf_mesh_renderer.datasets.synthetic.families.bench import bench
from tf_mesh_renderer.datasets.synthetic.families.car import car
from tf_mesh_renderer.datasets.synthetic.families.chair import chair
from tf_mesh_renderer.datasets.synthetic.families.display import display
from tf_mesh_renderer.datasets.synthetic.families.dresser import dresser
from tf_mesh_renderer.datasets.synthetic.families.lamp import lamp
from tf_mesh_renderer.datasets.synthetic.families.phone import phone
from tf_mesh_renderer.datasets.synthetic.families.rifle import rifle
from tf_mesh_renderer.datasets.synthetic.families.sofa import sofa
from tf_mesh_renderer.datasets.synthetic.families.speaker import speaker
from tf_mesh_renderer.datasets.synthetic.families.table import table
from tf_mesh_renderer.datasets.synthetic.families.vessel import vessel
from tf_mesh_renderer.datasets.synthetic.palette import Palette

Family = Callable[[np.random.Generator, Palette], list[Part]]

FAMILIES: dict[str, Family] = {
    "airplane": airplane,
    "bench": bench,
    "dresser": dresser,
    "car": car,
    "chair": chair,
    "display": display,
    "lamp": lamp,
    "speaker": speaker,
    "rifle": rifle,
    "sofa": sofa,
    "table": table,
    "phone": phone,
    "vessel": vessel,
}


def make_shape(category: str | Category, rng: np.random.Generator) -> trimesh.Trimesh:
    """Draws an object of a category.

    Args:
      category: synset, name or `Category`.
      rng: where chance comes from; the same state gives the same object.
    Returns:
      A watertight mesh without surfaces inside, with a colour for each face; y is up, the box
      around it is centred at the origin and its longest side is 1.
    Raises:
      ValueError: there is no such category.
      ImportError: the package manifold3d is not installed.
    """
    return assemble(FAMILIES[find_category(category).name](rng, Palette(rng)))
