"""A folder of photographs and the annotations of some of them."""

import hashlib
import os
import pathlib
from collections.abc import Sequence

import numpy as np

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.datasets.annotated.annotation import Annotation
from tf_mesh_renderer.datasets.annotated.crops import CroppedPicture, Jitter, crop
from tf_mesh_renderer.datasets.annotated.mat_files import read_structures, write_variables
from tf_mesh_renderer.io.files import path_error
from tf_mesh_renderer.io.images import read_image

SPLITS = ("train", "val", "test", "all")
_PICTURES, _CAMERAS = "images", "sfm_anno"  # names of the variables in the files
_NO_JITTER = Jitter()


class AnnotatedPictures:
    """One split of a data set whose pictures have a mask, keypoints and a camera each.

    Annotations are read at once, 1 bit for each pixel; pictures when they are asked for.

    Args:
      directory: folder of the pictures.
      annotations: one for each picture.
      keypoint_mirror: [K] int: in a mirror image, keypoint k is what keypoint_mirror[k] was.
    Raises:
      ValueError: the numbers of keypoints differ, or `keypoint_mirror` is not its own inverse.
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        annotations: Sequence[Annotation],
        keypoint_mirror: Sequence[int],
    ):
        self.directory = pathlib.Path(directory)
        self.annotations = tuple(annotations)
        self.keypoint_mirror = np.asarray(keypoint_mirror, int)
        self._check()

    def __len__(self) -> int:
        return len(self.annotations)

    @property
    def num_keypoints(self) -> int:
        """K."""
        return len(self.keypoint_mirror)

    @property
    def checksum(self) -> str:
        """SHA-256 of files' names, boxes, keypoints and cameras: other data have another."""
        digest = hashlib.sha256()
        for a in self.annotations:
            digest.update(a.file.encode())
            for values in (a.box, a.keypoints, a.scale, a.translation, a.rotation, a.mask.bits):
                digest.update(np.asarray(values).tobytes())
        return digest.hexdigest()

    @property
    def mean_keypoints(self) -> np.ndarray:
        """[K, 3] float64, world space: the points that all pictures together show best.

        Least squares of the distances in pixels of visible keypoints, with the mirror images of all
        pictures, so that they are symmetric. Keypoints are at the origin that no picture shows, nor
        their mirror images.
        """
        normal = np.zeros([self.num_keypoints, 3, 3])
        right = np.zeros([self.num_keypoints, 3])
        for a in self.annotations:
            rows = a.scale * a.rotation[:2]  # pixels = rows point + translation
            offsets = (a.keypoints[:, :2] - a.translation) * a.keypoints[:, 2:]
            normal += a.keypoints[:, 2, None, None] * (rows.T @ rows)
            right += offsets @ rows
        flip = np.array([-1.0, 1.0, 1.0])  # x becomes -x
        normal += normal[self.keypoint_mirror] * np.outer(flip, flip)
        right += right[self.keypoint_mirror] * flip
        return np.einsum("kij,kj->ki", np.linalg.pinv(normal), right)

    def read(self, index: int, jitter: Jitter = _NO_JITTER) -> CroppedPicture:
        """Reads one picture and cuts its object out.

        Args:
          index: in [0, len).
          jitter: what is changed at random; nothing by default.
        Returns:
          The crop in the resolution of the photograph.
        Raises:
          FileNotFoundError: the picture is missing.
          ValueError: it is damaged, or has another size than its mask.
        """
        annotation = self.annotations[index]
        path = self.directory / annotation.file
        colors, mask = read_image(path), annotation.mask.unpack()
        if colors.shape[:2] != mask.shape:
            raise path_error(
                "AnnotatedPictures",
                expected=f"a picture of {list(mask.shape)} pixels, as its mask has",
                received=f"{list(colors.shape[:2])} in '{path}'",
                hint="pictures and annotations must come from the same data set",
            )
        pixels = np.concatenate([colors, mask[..., np.newaxis]], axis=-1, dtype=np.float32)
        picture = crop(annotation, pixels, jitter.sides)
        return picture.mirrored(self.keypoint_mirror) if jitter.mirrored else picture

    def _check(self):
        counts = {len(annotation.keypoints) for annotation in self.annotations}
        if counts - {self.num_keypoints}:
            raise argument_error(
                type(self).__name__,
                "annotations",
                expected=f"{self.num_keypoints} keypoints in every picture",
                received=f"{sorted(counts)}",
                hint="annotations of different categories cannot be mixed",
            )
        mirror, identity = self.keypoint_mirror, np.arange(self.num_keypoints)
        if not np.array_equal(np.sort(mirror), identity) or np.any(mirror[mirror] != identity):
            raise argument_error(
                type(self).__name__,
                "keypoint_mirror",
                expected="a permutation that is its own inverse",
                received=mirror.tolist(),
                hint="left and right keypoints change places, the others stay",
            )


def check_split(where: str, split: str) -> None:
    """Refuses a split that there is not.

    Args:
      where: calling class, for the error.
      split: its name.
    Raises:
      ValueError: it is none of "train", "val", "test" and "all".
    """
    check_choice(where, "split", value=split, choices=SPLITS)


def read_annotations(pictures: pathlib.Path, cameras: pathlib.Path) -> list[Annotation]:
    """Reads the two files of a split.

    Args:
      pictures: file with the variable `images`.
      cameras: file with the variable `sfm_anno`, in the same order.
    Returns:
      The annotations in order.
    Raises:
      FileNotFoundError: a file is missing.
      ValueError: a file is damaged, a field cannot be, or the numbers of pictures differ.
    """
    shown, seen_from = read_structures(pictures, _PICTURES), read_structures(cameras, _CAMERAS)
    if len(shown) != len(seen_from):
        raise path_error(
            "read_annotations",
            expected="a camera for every picture",
            received=f"{len(shown)} pictures in '{pictures}', {len(seen_from)} in '{cameras}'",
            hint="both files must be of the same release",
        )
    return [Annotation.from_structures(*pair) for pair in zip(shown, seen_from)]


def write_annotations(
    pictures: pathlib.Path, cameras: pathlib.Path, annotations: Sequence[Annotation]
) -> None:
    """Writes what `read_annotations` reads.

    Args:
      pictures: file of masks, boxes and keypoints.
      cameras: file of cameras.
      annotations: at least one.
    Raises:
      OSError: a file cannot be written.
    """
    shown, seen_from = zip(*(annotation.structures() for annotation in annotations))
    write_variables(pictures, **{_PICTURES: list(shown)})
    write_variables(cameras, **{_CAMERAS: list(seen_from)})
