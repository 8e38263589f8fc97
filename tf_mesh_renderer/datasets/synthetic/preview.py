"""A picture of many synthetic objects."""

from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.datasets.categories import Category
from tf_mesh_renderer.datasets.layout import SPLITS
from tf_mesh_renderer.datasets.synthetic.objects import make_object
from tf_mesh_renderer.optional_packages import progress_bar
from tf_mesh_renderer.visualization import sheet

# Seen half from the front and half from the side.
VIEW = 14


def contact_sheet(
    categories: Sequence[Category], *, count: int, seed: int, shading: str
) -> np.ndarray:
    """The first objects of the training data, one row for each category.

    Args:
      categories: at least one.
      count: number of objects in a row, > 0.
      seed: of the data set.
      shading: of the data set.
    Returns:
      [64 R, 64 count, 3] float32 in [0, 1], over white.
    Raises:
      ValueError: `shading` is unknown.
    """
    settings = {"seed": seed, "shading": shading}
    rows = []
    with progress_bar(total=len(categories), description="preview", unit="category") as bar:
        for category in categories:
            made = [make_object(category, SPLITS[0], index, **settings) for index in range(count)]
            rows.append([_over_white(one.images[VIEW]) for one in made])
            bar.update(1)
    return sheet(rows, margin=0)


def _over_white(image: np.ndarray) -> np.ndarray:
    """[H, W, 3] float32 in [0, 1] of [4, H, W] uint8, colour over black and coverage."""
    image = np.moveaxis(image, 0, -1).astype(np.float32) / 255.0
    return image[..., :3] + 1.0 - image[..., 3:]
