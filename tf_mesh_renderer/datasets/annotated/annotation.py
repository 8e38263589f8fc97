"""What is known of one photograph, as CMR's annotation files say it."""

import dataclasses
from typing import Any

import numpy as np

from tf_mesh_renderer.datasets.annotated.mat_files import Structure

# Pixels count from 1 in Matlab. Cameras were fitted in pixels that count from 0, says CMR's loader.
_FIRST_PIXEL = 1
# How far the rows of a rotation may be from unit length and right angles.
_ROTATION_TOLERANCE = 1e-2


@dataclasses.dataclass(frozen=True, eq=False)
class PackedMask:
    """A mask with one bit for each pixel.

    Attributes:
      bits: [ceil(H W / 8)] uint8.
      shape: (H, W).
    """

    bits: np.ndarray
    shape: tuple[int, int]

    @classmethod
    def pack(cls, mask: Any) -> "PackedMask":
        """Packs a mask.

        Args:
          mask: [H, W]; what is not 0 belongs to the object.
        Returns:
          The packed mask.
        """
        mask = np.asarray(mask) != 0
        return cls(np.packbits(mask), mask.shape)

    def unpack(self) -> np.ndarray:
        """The mask again.

        Returns:
          [H, W] bool.
        """
        count = self.shape[0] * self.shape[1]
        return np.unpackbits(self.bits, count=count).reshape(self.shape).astype(bool)


@dataclasses.dataclass(frozen=True, eq=False)
class Annotation:
    """One object in one photograph. Pixels count from 0: (0, 0) is the centre of the top left one.

    Attributes:
      file: the picture, relative to the folder of pictures.
      mask: the pixels that show the object.
      box: [4] float64: x and y of its first column and row, then of its last.
      keypoints: [K, 3] float64: x, y, and 1 where it is visible; else all three are 0.
      scale: of the weak-perspective camera, pixels per world unit.
      translation: [2] float64: x, y of the pixel where the origin of the world appears.
      rotation: [3, 3] float64, world to camera: x right, y down, z away from the viewer.
    """

    file: str
    mask: PackedMask
    box: np.ndarray
    keypoints: np.ndarray
    scale: float
    translation: np.ndarray
    rotation: np.ndarray

    @classmethod
    def from_structures(cls, picture: Structure, camera: Structure) -> "Annotation":
        """Reads the structures of both files of CMR.

        Args:
          picture: with rel_path, mask [H, W], bbox (x1, y1, x2, y2) and parts [3, K], pixels
            counted from 1.
          camera: with scale, trans [2] and rot [3, 3], pixels counted from 0.
        Returns:
          The annotation.
        Raises:
          ValueError: a field is missing or cannot be.
        """
        scale, translation, rotation = _pose(camera)
        return cls(
            picture.text("rel_path").replace("\\", "/"),
            PackedMask.pack(picture.numbers("mask", [None, None])),
            _box(picture),
            _keypoints(picture),
            scale,
            translation,
            rotation,
        )

    def structures(self) -> tuple[dict, dict]:
        """What `from_structures` reads, for a writer.

        Returns:
          The fields of the picture and those of the camera.
        """
        visible = self.keypoints[:, 2:] > 0
        first = np.array([_FIRST_PIXEL, _FIRST_PIXEL, 0])
        parts = np.where(visible, self.keypoints + first, 0.0)
        corners = (float(value) for value in self.box + _FIRST_PIXEL)
        picture = {
            "rel_path": self.file,
            "mask": self.mask.unpack().astype(np.uint8),
            "bbox": dict(zip(("x1", "y1", "x2", "y2"), corners)),
            "parts": parts.T,
        }
        camera = {"scale": self.scale, "trans": self.translation, "rot": self.rotation}
        return picture, camera


def _box(picture):
    corners = picture.structure("bbox")
    box = np.array([corners.numbers(name, []) for name in ("x1", "y1", "x2", "y2")]) - _FIRST_PIXEL
    if not (np.all(np.isfinite(box)) and box[0] <= box[2] and box[1] <= box[3]):
        picture.refuse("bbox", expected="x1 <= x2 and y1 <= y2", received=box + _FIRST_PIXEL)
    return box


def _keypoints(picture):
    x, y, visible = picture.numbers("parts", [3, None])
    seen = visible > 0  # False for NaN
    keypoints = np.where(seen, [x - _FIRST_PIXEL, y - _FIRST_PIXEL, np.ones_like(x)], 0.0).T
    if not np.all(np.isfinite(keypoints)):
        picture.refuse("parts", expected="finite coordinates where visible", received=keypoints)
    return keypoints


def _pose(camera):
    scale = float(camera.numbers("scale", []))
    translation = camera.numbers("trans", [2])
    rotation = camera.numbers("rot", [3, 3])
    if not (np.isfinite(scale) and scale > 0):
        camera.refuse("scale", expected="a number > 0", received=scale)
    if not np.all(np.isfinite(translation)):
        camera.refuse("trans", expected="finite numbers", received=translation)
    error = np.max(np.abs(rotation @ rotation.T - np.eye(3)))
    if not (error < _ROTATION_TOLERANCE and np.linalg.det(rotation) > 0):
        camera.refuse("rot", expected="a rotation (determinant 1)", received=rotation.tolist())
    return scale, translation, rotation
