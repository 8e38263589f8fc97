"""Pictures of procedural birds, with the annotations of CUB, in its layout."""

import os
import pathlib
from collections.abc import Mapping

import numpy as np

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.cameras import Camera, weak_perspective
from tf_mesh_renderer.datasets import cub, pascal3d
from tf_mesh_renderer.datasets.annotated import Annotation
from tf_mesh_renderer.datasets.annotated.annotation import PackedMask
from tf_mesh_renderer.datasets.annotated.pictures import SPLITS
from tf_mesh_renderer.datasets.birds.shapes import (
    FACES,
    BirdShape,
    draw_bird_shape,
    keypoint_vertices,
)
from tf_mesh_renderer.geometry import (
    Mesh,
    quaternion_from_rotation,
    rotation_from_euler,
    vertex_normals,
)
from tf_mesh_renderer.io import write_image
from tf_mesh_renderer.optional_packages import progress_bar
from tf_mesh_renderer.rendering import render
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight
from tf_mesh_renderer.textures import VertexColors

LAYOUTS = ("cub", "pascal3d")
CATEGORY = "bird"  # in PASCAL3D+'s layout
_FOLDERS = {"cub": cub.PICTURES_FOLDER, "pascal3d": pascal3d.PICTURES_FOLDER}
_SIDES = (90, 150)  # of the pictures, in pixels
# World units across the shorter side of a picture, and how far off the middle birds are.
_WIDTH, _OFF_CENTER = (1.9, 2.6), 0.08
# Largest turns of the camera: up or down, and about its axis.
_PITCH_DEGREES, _ROLL_DEGREES = 25.0, 10.0
# From right-handed axes with y up to those of annotations: y down, z away from the viewer.
_DOWN = np.diag([1.0, -1.0, -1.0])
_LIGHT = (0.3, 1.0, 0.4)
_NOISE = 0.03
_COVERED = 0.5


def make_bird(split: str, index: int, *, seed: int) -> tuple[np.ndarray, Annotation]:
    """Draws one bird before a background of some colours.

    Args:
      split: "train", "val", "test" or "all".
      index: its number in the split.
      seed: of the data set.
    Returns:
      [H, W, 3] float32 in [0, 1] and its annotation, a function of the arguments.
    Raises:
      ValueError: there is no such split.
    """
    check_choice("make_bird", "split", value=split, choices=SPLITS)
    rng = np.random.default_rng((seed, SPLITS.index(split), index))
    shape = draw_bird_shape(rng)
    height, width = (int(side) for side in rng.integers(*_SIDES, 2))
    scale = min(height, width) / rng.uniform(*_WIDTH)
    middle = np.array([width - 1, height - 1]) / 2
    translation = middle + rng.uniform(-_OFF_CENTER, _OFF_CENTER, 2) * min(height, width)
    rotation = _DOWN @ _turned(rng)
    drawn = _draw(shape, (height, width), scale, translation, rotation)
    colors = drawn[..., :3] + (1 - drawn[..., 3:]) * _background(rng, height, width)
    mask = drawn[..., 3] > _COVERED
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    annotation = Annotation(
        f"{split}/bird_{index:05d}.png",
        PackedMask.pack(mask),
        np.array([columns[0], rows[0], columns[-1], rows[-1]], np.float64),
        _keypoints(shape, scale, translation, rotation),
        float(scale),
        translation,
        rotation,
    )
    return np.clip(colors, 0, 1).astype(np.float32), annotation


def generate(
    directory: str | os.PathLike, sizes: Mapping[str, int], *, seed: int = 0, layout: str = "cub"
) -> None:
    """Writes a data set.

    Args:
      directory: its folder; made if it is not there.
      sizes: number of pictures of each split; splits of 0 are left out.
      seed: other seeds give other birds.
      layout: "cub" or "pascal3d", where the category is called "bird".
    Raises:
      ValueError: there is no such split or layout.  OSError: a file cannot be written.
    """
    check_choice("generate", "layout", value=layout, choices=LAYOUTS)
    folder = pathlib.Path(directory)
    with progress_bar(total=sum(sizes.values()), description="birds", unit="picture") as bar:
        for split, count in sizes.items():
            annotations = []
            for index in range(count):
                picture, annotation = make_bird(split, index, seed=seed)
                write_image(folder / _FOLDERS[layout] / annotation.file, picture)
                annotations.append(annotation)
                bar.update(1)
            if annotations:
                _write(folder, split, annotations, layout)


def _write(folder, split, annotations, layout):
    if layout == "cub":
        cub.write_cub(folder, split, annotations)
        return
    mirror = {"keypoint_mirror": cub.KEYPOINT_MIRROR}
    pascal3d.write_pascal3d(folder, split, annotations, category=CATEGORY, **mirror)


def _turned(rng):
    """World to right-handed view space, y up."""
    yaw = rng.uniform(0, 360)
    pitch, roll = rng.uniform(-1, 1, 2) * [_PITCH_DEGREES, _ROLL_DEGREES]
    return rotation_from_euler(np.array([yaw, pitch, roll]), order="yxz").numpy()


def _draw(shape: BirdShape, size, scale, translation, rotation) -> np.ndarray:
    """[H, W, 4]: colour over black, and coverage."""
    height, width = size
    camera = Camera.from_weak_perspective(
        2 * scale / height,
        (2 * translation + 1 - [width, height]) / height,
        quaternion_from_rotation(rotation),
        aspect=width / height,
    )
    lights = (AmbientLight(intensity=0.6), DirectionalLight(intensity=0.5, direction=_LIGHT))
    mesh = Mesh(shape.vertices, FACES, VertexColors(shape.colors))
    return render(mesh, camera, image_size=size, lights=lights, anti_aliasing=True)[0].numpy()


def _keypoints(shape: BirdShape, scale, translation, rotation) -> np.ndarray:
    """[15, 3]: pixels, and 1 where the surface faces the viewer; else zeros."""
    quaternion = quaternion_from_rotation(rotation)
    points = shape.keypoints.astype(np.float64)
    pixels = weak_perspective(points, scale, translation, quaternion)
    normals = vertex_normals(shape.vertices, FACES).numpy()[keypoint_vertices()]
    visible = (normals @ rotation[2] < 0)[:, np.newaxis]
    return np.concatenate([pixels, np.ones_like(visible)], axis=-1) * visible


def _background(rng, height, width):
    """A gradient of colours with noise; [H, W, 3]."""
    corners = rng.uniform(0, 1, [2, 2, 3])
    down, across = (np.linspace(0, 1, side) for side in (height, width))
    weights = [np.stack([1 - along, along], axis=-1) for along in (down, across)]
    smooth = np.einsum("hr,wc,rcd->hwd", *weights, corners)
    return smooth + rng.normal(0, _NOISE, [height, width, 3])
