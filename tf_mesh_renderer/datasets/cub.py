"""CUB-200-2011: photographs of birds, with the annotations of CMR."""

import os
import pathlib
from collections.abc import Sequence

from tf_mesh_renderer.datasets.annotated.annotation import Annotation
from tf_mesh_renderer.datasets.annotated.pictures import (
    AnnotatedPictures,
    check_split,
    read_annotations,
    write_annotations,
)

KEYPOINTS = (
    *("back", "beak", "belly", "breast", "crown", "forehead"),
    *("left eye", "left leg", "left wing", "nape", "right eye", "right leg", "right wing"),
    *("tail", "throat"),
)
PICTURES_FOLDER = "images"
ANNOTATIONS_FOLDER = pathlib.Path("cachedir", "cub")


def _mirror_of(name):
    side, _, part = name.partition(" ")
    return {"left": f"right {part}", "right": f"left {part}"}.get(side, name)


KEYPOINT_MIRROR = tuple(KEYPOINTS.index(_mirror_of(name)) for name in KEYPOINTS)


class Cub(AnnotatedPictures):
    """One split of the birds, without pictures that show less than 6 keypoints, as CMR has them.

    Args:
      directory: of CUB-200-2011, with the folder `images`.
      split: "train", "val", "test" or "all".
      annotations: CMR's folder, with `data/<split>_cub_cleaned.mat` and `sfm/anno_<split>.mat`;
        None for `cachedir/cub` in `directory`.
    Raises:
      FileNotFoundError: files are missing.
      ValueError: there is no such split, or a file is not what its name says.
    Source:
      Wah et al., "The Caltech-UCSD Birds-200-2011 Dataset", CNS-TR-2011-001; Kanazawa et al.,
      "Learning Category-Specific Mesh Reconstruction from Image Collections" (CMR), ECCV 2018.
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        split: str,
        *,
        annotations: str | os.PathLike | None = None,
    ):
        check_split("Cub", split)
        directory = pathlib.Path(directory)
        found = read_annotations(*_files(directory, split, annotations))
        super().__init__(directory / PICTURES_FOLDER, found, KEYPOINT_MIRROR)


def write_cub(directory: str | os.PathLike, split: str, annotations: Sequence[Annotation]) -> None:
    """Writes the annotations of a split where `Cub` looks for them.

    Args:
      directory: of the data set; pictures belong into its folder `images`.
      split: "train", "val", "test" or "all".
      annotations: at least one, with 15 keypoints each.
    Raises:
      ValueError: there is no such split.  OSError: a file cannot be written.
    """
    check_split("write_cub", split)
    write_annotations(*_files(pathlib.Path(directory), split, None), annotations)


def _files(directory, split, annotations):
    """Of pictures and cameras."""
    folder = directory / ANNOTATIONS_FOLDER if annotations is None else pathlib.Path(annotations)
    return folder / "data" / f"{split}_cub_cleaned.mat", folder / "sfm" / f"anno_{split}.mat"
