"""Which photographs a program is given."""

import dataclasses
import pathlib

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.datasets import AnnotatedPictures, Cub, Pascal3d

LAYOUTS = ("cub", "pascal3d")


@dataclasses.dataclass(frozen=True)
class Photographs:
    """A data set on a disk.

    Attributes:
      directory: of CUB-200-2011 or of PASCAL3D+.
      layout: "cub" or "pascal3d".
      category: of PASCAL3D+; CUB has birds alone.
      annotations: folder of CMR's annotations, or None for where the readers look.
    Raises:
      ValueError: an unknown layout.
    """

    directory: pathlib.Path
    layout: str = "cub"
    category: str = "car"
    annotations: pathlib.Path | None = None

    def __post_init__(self):
        check_choice("Photographs", "layout", value=self.layout, choices=LAYOUTS)

    def read(self, split: str) -> AnnotatedPictures:
        """Reads the annotations of a split.

        Args:
          split: "train", "val", "test" or "all".
        Returns:
          The split.
        Raises:
          FileNotFoundError: files are missing.  ValueError: they are damaged.
        """
        elsewhere = {"annotations": self.annotations}
        if self.layout == "cub":
            return Cub(self.directory, split, **elsewhere)
        return Pascal3d(self.directory, split, self.category, **elsewhere)
