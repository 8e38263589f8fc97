"""Commands of the package as the reconstruction examples give them: printed, run, timed."""

import pathlib
import subprocess
import sys
import time

import numpy as np

import tf_mesh_renderer as mr

RENDERERS = ("n3mr", "dibr", "softras")
# The objects of a data set are drawn with this seed; others give other objects.
DATA_SEED = "1"
VALIDATION_OBJECTS = 4
SHOWN_VIEW = 3


def run(module: str, *arguments) -> float:
    """Runs a command of the package; ends the program if it fails. Returns the seconds it took."""
    command = [sys.executable, "-m", f"tf_mesh_renderer.{module}", *map(str, arguments)]
    print("\n$", " ".join(["python", *command[1:]]), flush=True)
    start = time.perf_counter()
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        sys.exit(f"status {status}")
    return time.perf_counter() - start


def reconstruction(command: str, *arguments) -> float:
    """Runs a command of the reconstruction program. Returns the seconds it took."""
    return run("applications.reconstruction", command, *arguments)


def make_data(folder: pathlib.Path, categories: list[str], *, train: int, test: int) -> None:
    """A data set with so many objects of each category; categories: names, none for all."""
    sizes = (f"--train={train}", f"--val={VALIDATION_OBJECTS}", f"--test={test}")
    chosen = [f"--categories={','.join(categories)}"] if categories else []
    run("datasets.synthetic", f"--output={folder}", f"--seed={DATA_SEED}", *sizes, *chosen)


def write_picture(path: pathlib.Path, data: pathlib.Path, category: str) -> None:
    """A picture of the first test object of a category, as `predict` takes them."""
    stored = mr.datasets.ShapeNetRenderings(data, "test", [category]).images(category)
    image = mr.datasets.decode_images(stored[0, SHOWN_VIEW]).numpy()
    # Files have straight alpha, the data set has colour over black.
    alpha = image[..., 3:]
    straight = np.divide(image[..., :3], alpha, out=np.zeros_like(image[..., :3]), where=alpha > 0)
    mr.write_image(path, np.concatenate([straight, alpha], axis=-1))


def train(folder: pathlib.Path, data: pathlib.Path, *settings) -> float | None:
    """Trains a network. Returns the seconds; None if some of it was there already."""
    is_new = not folder.exists()
    seconds = reconstruction("train", f"--data={data}", f"--output={folder}", *settings)
    return seconds if is_new else None


def evaluate(folder: pathlib.Path, data: pathlib.Path, *, views: int) -> None:
    """Measures a network, and the control with swapped inputs."""
    measured = [f"--run={folder}", f"--data={data}", f"--views={views}"]
    reconstruction("evaluate", *measured, f"--output={folder / 'scores'}")
    reconstruction("evaluate", *measured, "--swap_inputs", f"--output={folder / 'swapped'}")
