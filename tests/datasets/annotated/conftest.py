"""Small pictures with annotations that were computed, written in the layouts of both data sets."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tf_mesh_renderer import io
from tf_mesh_renderer.datasets.annotated import Annotation
from tf_mesh_renderer.datasets.annotated.annotation import PackedMask
from tf_mesh_renderer.datasets.cub import KEYPOINTS, write_cub
from tf_mesh_renderer.datasets.pascal3d import write_pascal3d

COUNT = 3
CAR_MIRROR = (1, 0, 2, 3)


def annotation_of(rng, file, num_keypoints):
    """An object without meaning in a picture of 30 x 40 pixels."""
    mask = np.zeros([30, 40], bool)
    mask[8:20, 5:33] = True
    keypoints = rng.uniform([5, 8, 0], [32, 19, 2], [num_keypoints, 3])
    keypoints[:, 2] = keypoints[:, 2] > 0.5
    return Annotation(
        file,
        PackedMask.pack(mask),
        np.array([5.0, 8.0, 32.0, 19.0]),
        keypoints * (keypoints[:, 2:] > 0),
        float(rng.uniform(10, 20)),
        rng.uniform([10, 10], [25, 18]),
        Rotation.random(random_state=int(rng.integers(99))).as_matrix(),
    )


def _annotations(folder, num_keypoints):
    rng = np.random.default_rng(num_keypoints)
    annotations = []
    for index in range(COUNT):
        name = f"001.Kind/picture_{index}.png"
        annotations.append(annotation_of(rng, name, num_keypoints))
        io.write_image(folder / name, rng.random([30, 40, 3]))
    return annotations


@pytest.fixture(scope="session")
def birds(tmp_path_factory):
    """A folder in the layout of CUB, and what was written into it."""
    folder = tmp_path_factory.mktemp("cub")
    annotations = _annotations(folder / "images", len(KEYPOINTS))
    write_cub(folder, "train", annotations)
    return folder, annotations


@pytest.fixture(scope="session")
def cars(tmp_path_factory):
    """A folder in the layout of PASCAL3D+, and what was written into it."""
    folder = tmp_path_factory.mktemp("p3d")
    annotations = _annotations(folder / "Images", len(CAR_MIRROR))
    write_pascal3d(folder, "train", annotations, keypoint_mirror=CAR_MIRROR)
    return folder, annotations
