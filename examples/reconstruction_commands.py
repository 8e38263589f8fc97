"""Commands of the package as the reconstruction examples give them: printed and run."""

import pathlib

import numpy as np
from commands import run

import tf_mesh_renderer as mr

RENDERERS = ("n3mr", "dibr", "softras")
# The objects of a data set are drawn with this seed; others give other objects.
DATA_SEED = "1"
VALIDATION_OBJECTS = 4
SHOWN_VIEW = 3


def reconstruction(command: str, *arguments) -> None:
    """Runs a command of the reconstruction program."""
    run("applications.reconstruction", command, *arguments)


def make_data(
    folder: pathlib.Path,
    categories: list[str],
    *,
    train: int,
    test: int,
    shading: str | None = None,
) -> None:
    """A data set with so many objects of each category; categories: names, none for all."""
    sizes = (f"--train={train}", f"--val={VALIDATION_OBJECTS}", f"--test={test}")
    chosen = [f"--categories={','.join(categories)}"] if categories else []
    if shading is not None:
        chosen.append(f"--shading={shading}")
    run("datasets.synthetic", f"--output={folder}", f"--seed={DATA_SEED}", *sizes, *chosen)


def write_picture(path: pathlib.Path, data: pathlib.Path, category: str) -> None:
    """A picture of the first test object of a category, as `predict` takes them."""
    stored = mr.datasets.ShapeNetRenderings(data, "test", [category]).images(category)
    image = mr.datasets.decode_images(stored[0, SHOWN_VIEW]).numpy()
    # Files have straight alpha, the data set has colour over black.
    alpha = image[..., 3:]
    straight = np.divide(image[..., :3], alpha, out=np.zeros_like(image[..., :3]), where=alpha > 0)
    mr.write_image(path, np.concatenate([straight, alpha], axis=-1))


def train(folder: pathlib.Path, data: pathlib.Path, *settings) -> float:
    """Trains a network. Returns the seconds of all its epochs, those of earlier runs included."""
    reconstruction("train", f"--data={data}", f"--output={folder}", *settings)
    return sum(row["seconds"] for row in mr.training.read_log(folder / "times.csv"))


def evaluate(folder: pathlib.Path, data: pathlib.Path, *, views: int) -> None:
    """Measures a network, and the control with swapped inputs."""
    measured = [f"--run={folder}", f"--data={data}", f"--views={views}"]
    reconstruction("evaluate", *measured, f"--output={folder / 'scores'}")
    reconstruction("evaluate", *measured, "--swap_inputs", f"--output={folder / 'swapped'}")
