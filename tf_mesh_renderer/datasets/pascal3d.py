"""PASCAL3D+: photographs of twelve categories, with the annotations of CMR."""

import os
import pathlib
from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.datasets.annotated.annotation import Annotation
from tf_mesh_renderer.datasets.annotated.mat_files import read_variable, write_variables
from tf_mesh_renderer.datasets.annotated.pictures import (
    AnnotatedPictures,
    check_split,
    read_annotations,
    write_annotations,
)
from tf_mesh_renderer.io.files import path_error

PICTURES_FOLDER = "Images"
ANNOTATIONS_FOLDER = pathlib.Path("cachedir", "p3d")
_MIRROR = "kp_perm_inds"  # name of the variable
_FIRST_INDEX = 1  # of Matlab


class Pascal3d(AnnotatedPictures):
    """One split of one category of PASCAL3D+.

    Args:
      directory: of release 1.1, with the folder `Images`.
      split: "train", "val", "test" or "all".
      category: such as "car" or "aeroplane": names of the annotation files begin with it.
      annotations: CMR's folder, with `data/<category>_<split>.mat`, `data/<category>_kps.mat` and
        `sfm/<category>_<split>.mat`; None for `cachedir/p3d` in `directory`.
    Raises:
      FileNotFoundError: files are missing.
      ValueError: there is no such split, or a file is not what its name says.
    Source:
      Xiang et al., "Beyond PASCAL: A Benchmark for 3D Object Detection in the Wild", WACV 2014;
      Kanazawa et al. (CMR), ECCV 2018.
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        split: str,
        category: str = "car",
        *,
        annotations: str | os.PathLike | None = None,
    ):
        check_split("Pascal3d", split)
        directory = pathlib.Path(directory)
        pictures, cameras, mirror = _files(directory, split, category, annotations)
        found = read_annotations(pictures, cameras)
        super().__init__(directory / PICTURES_FOLDER, found, _read_mirror(mirror))


def write_pascal3d(
    directory: str | os.PathLike,
    split: str,
    annotations: Sequence[Annotation],
    *,
    keypoint_mirror: Sequence[int],
    category: str = "car",
) -> None:
    """Writes the annotations of a split where `Pascal3d` looks for them.

    Args:
      directory: of the data set; pictures belong into its folder `Images`.
      split: "train", "val", "test" or "all".
      annotations: at least one, with K keypoints each.
      keypoint_mirror: [K] int, as of `AnnotatedPictures`.
      category: its name.
    Raises:
      ValueError: there is no such split.  OSError: a file cannot be written.
    """
    check_split("write_pascal3d", split)
    pictures, cameras, mirror = _files(pathlib.Path(directory), split, category, None)
    write_variables(mirror, **{_MIRROR: np.asarray(keypoint_mirror) + _FIRST_INDEX})
    write_annotations(pictures, cameras, annotations)


def _files(directory, split, category, annotations):
    """Of pictures, of cameras, and of the order of keypoints in a mirror image."""
    folder = directory / ANNOTATIONS_FOLDER if annotations is None else pathlib.Path(annotations)
    name = f"{category}_{split}.mat"
    return folder / "data" / name, folder / "sfm" / name, folder / "data" / f"{category}_kps.mat"


def _read_mirror(path):
    values = np.atleast_1d(read_variable(path, _MIRROR))
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        raise path_error(
            "Pascal3d",
            expected=f"one number for each keypoint in '{_MIRROR}'",
            received=f"{values.dtype} {list(values.shape)} in '{path}'",
            hint="docs/real_images.md describes the files",
        )
    return values.astype(int) - _FIRST_INDEX
