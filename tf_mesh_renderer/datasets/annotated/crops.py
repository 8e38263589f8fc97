"""Square crops around objects, and mirroring, of a picture with all that is known of it.

Image coordinates of a crop have x right and y down and span [-1, 1] over its edges, so that the
centre of the first pixel of n lies at 1 / n - 1, and the mirror image of x is -x.
"""

import dataclasses

import numpy as np

from tf_mesh_renderer.datasets.annotated.annotation import Annotation
from tf_mesh_renderer.geometry import quaternion_from_rotation

PADDING = 0.05  # share of the box that is added at every side
JITTER = 0.05  # share of the box by which its sides move at random in training
# What is outside the photograph: white, and not part of the object.
_OUTSIDE = (1.0, 1.0, 1.0, 0.0)
_HALF_PIXEL = 0.5  # from the edge of a pixel to its centre


@dataclasses.dataclass(frozen=True, eq=False)
class Jitter:
    """What training changes at random.

    Attributes:
      sides: [4] float, shares of the box's width and height by which its sides move: left and top
        towards the smaller coordinates, right and bottom towards the larger.
      mirrored: whether left and right change places.
    """

    sides: np.ndarray = dataclasses.field(default_factory=lambda: np.zeros(4))
    mirrored: bool = False

    @classmethod
    def draw(cls, rng: np.random.Generator, *, amount: float = JITTER, mirror: bool = True):
        """Draws one.

        Args:
          rng: source of randomness.
          amount: largest share.
          mirror: whether half of all pictures are mirrored.
        Returns:
          `Jitter`.
        """
        return cls(rng.uniform(-amount, amount, 4), bool(rng.random() < 0.5 and mirror))


@dataclasses.dataclass(frozen=True)
class Square:
    """A square of whole pixels, which may reach over the border of the picture.

    Attributes:
      left: its first column.
      top: its first row.
      side: its size in pixels.
    """

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, box: np.ndarray, sides: np.ndarray, padding: float = PADDING) -> "Square":
        """The square of the protocol: the box grown at every side, then its shorter side alone.

        Args:
          box: [4] as of `Annotation`.
          sides: [4] as of `Jitter`.
          padding: share of the box's width and height that is added at every side.
        Returns:
          The square.
        Source:
          Kanazawa et al. (CMR), ECCV 2018, and the loader that its authors published.
        """
        width, height = box[2:] - box[:2] + 1
        grow = (padding + sides) * [width, height, width, height]
        x1, y1, x2, y2 = np.round(box + grow * [-1, -1, 1, 1]).astype(int)
        width, height = x2 - x1 + 1, y2 - y1 + 1
        side = max(width, height, 1)
        shift = [round((side - size) / 2) for size in (width, height)]
        return cls(int(x1 - shift[0]), int(y1 - shift[1]), int(side))

    def crop(self, pixels: np.ndarray) -> np.ndarray:
        """Cuts the square out.

        Args:
          pixels: [H, W, 4] float32: red, green, blue, mask.
        Returns:
          [side, side, 4] float32; white without mask where there is no picture.
        """
        result = np.empty([self.side, self.side, len(_OUTSIDE)], np.float32)
        result[:] = _OUTSIDE
        rows, columns = (
            slice(max(0, start), max(0, min(size, start + self.side)))
            for start, size in zip((self.top, self.left), pixels.shape)
        )
        inside = pixels[rows, columns]
        row, column = rows.start - self.top, columns.start - self.left
        result[row : row + inside.shape[0], column : column + inside.shape[1]] = inside
        return result

    def coordinates(self, pixels: np.ndarray) -> np.ndarray:
        """Image coordinates of the crop.

        Args:
          pixels: [..., 2] x, y; (0, 0) is the centre of the top left pixel of the picture.
        Returns:
          [..., 2] x right, y down, [-1, 1] from edge to edge of the square.
        """
        return 2 * (pixels + _HALF_PIXEL - [self.left, self.top]) / self.side - 1


@dataclasses.dataclass(frozen=True, eq=False)
class CroppedPicture:
    """A square picture and what is known of it.

    Attributes:
      image: [S, S, 4] float32 in [0, 1]: red, green, blue of the whole photograph, and the mask.
      keypoints: [K, 3] float32: image coordinates x, y, and 1 where visible; else zeros.
      pose: [7] float32: scale, translation x and y, and quaternion (w, x, y, z) of the
        weak-perspective camera, see `Camera.from_weak_perspective`.
    """

    image: np.ndarray
    keypoints: np.ndarray
    pose: np.ndarray

    def mirrored(self, permutation: np.ndarray) -> "CroppedPicture":
        """Left and right exchanged, for objects whose plane of symmetry is x = 0.

        Args:
          permutation: [K] int: which keypoint is what keypoint k was before.
        Returns:
          The mirror image, with keypoints and camera that fit it.
        """
        # diag(-1, 1, 1) R diag(-1, 1, 1) turns the other way about y and z.
        signs = np.array([1, -1, 1, 1, 1, -1, -1], np.float32)
        keypoints = self.keypoints[permutation] * np.array([-1, 1, 1], np.float32)
        return CroppedPicture(self.image[:, ::-1], keypoints, self.pose * signs)


def crop(annotation: Annotation, pixels: np.ndarray, sides: np.ndarray) -> CroppedPicture:
    """Cuts an object out of its picture.

    Args:
      annotation: of the picture.
      pixels: [H, W, 4] float32: red, green, blue, mask.
      sides: [4] as of `Jitter`.
    Returns:
      The crop in the picture's own resolution.
    """
    square = Square.around(annotation.box, sides)
    visible = annotation.keypoints[:, 2:]
    places = square.coordinates(annotation.keypoints[:, :2]) * visible
    quaternion = quaternion_from_rotation(annotation.rotation)
    pose = np.concatenate(
        [
            [2 * annotation.scale / square.side],
            square.coordinates(annotation.translation),
            quaternion,
        ]
    )
    keypoints = np.concatenate([places, visible], axis=-1)
    return CroppedPicture(
        square.crop(pixels), keypoints.astype(np.float32), pose.astype(np.float32)
    )
