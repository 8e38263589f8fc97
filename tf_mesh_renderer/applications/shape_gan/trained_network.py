"""A trained generator, as the commands use it."""

import pathlib
import zlib

import numpy as np

from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.datasets import CanonicalViews, ShapeNetRenderings
from tf_mesh_renderer.models import MeshGenerator
from tf_mesh_renderer.models.shape_gan import ShapeGanPreset
from tf_mesh_renderer.optional_packages import progress_bar


def load_shapes(directory: pathlib.Path, settings: ShapeGanPreset) -> list[np.ndarray]:
    """The weights that make shapes, as `generator.shape_decoder` has them.

    Args:
      directory: folder of a training of shapes.
      settings: of the training of textures that needs them.
    Returns:
      Arrays.
    Raises:
      ValueError: it is a training of textures, or its networks have other sizes.
    """
    experiment, trainer = GanExperiment.load(directory)
    of_shapes = experiment.settings
    same = (of_shapes.size, of_shapes.subdivisions) == (settings.size, settings.subdivisions)
    if experiment.stage != "shape" or not same:
        raise argument_error(
            "load_shapes",
            "shapes",
            expected=f"a training of shapes of size '{settings.size}', {settings.subdivisions} "
            "subdivisions",
            received=f"one of stage '{experiment.stage}', size '{of_shapes.size}', "
            f"{of_shapes.subdivisions} subdivisions",
            hint="both stages take the same --preset",
        )
    return trainer.generator.shape_decoder.get_weights()


def checksum_of_weights(weights: list[np.ndarray]) -> str:
    """CRC-32 of weights: other networks have others.

    Args:
      weights: arrays, as `get_weights` of Keras returns them.
    Returns:
      Eight hexadecimal digits.
    """
    crc = 0
    for array in weights:
        crc = zlib.crc32(np.ascontiguousarray(array), crc)
    return f"{crc:08x}"


def real_views(
    dataset: ShapeNetRenderings, settings: ShapeGanPreset, *, objects: int | None = None
) -> CanonicalViews:
    """Draws the objects of a data set from the four sides.

    Args:
      dataset: a split with one category and its meshes.
      settings: sizes of pictures and textures.
      objects: how many to draw, from the first on; None: all.
    Returns:
      `CanonicalViews`.
    Raises:
      FileNotFoundError: the data set has no meshes.
    """
    (category,) = dataset.categories
    meshes = dataset.meshes(category)
    chosen = range(len(meshes) if objects is None else min(objects, len(meshes)))
    shown = progress_bar(chosen, description=f"drawing {category.name}", unit="object")
    return CanonicalViews.of_meshes(
        (meshes[item] for item in shown),
        image_size=settings.image_size,
        texture_size=settings.texture_size,
    )


def standard_noise(generator: MeshGenerator, number: int, *, seed: int) -> np.ndarray:
    """Noise for samples that can be made again.

    Args:
      generator: who takes it.
      number: N of objects; fewer with the same seed are the first of more.
      seed: int >= 0.
    Returns:
      [N, Z] float32, standard normal.
    """
    rng = np.random.default_rng(seed)
    return rng.standard_normal([number, generator.size.noise_units]).astype(np.float32)
