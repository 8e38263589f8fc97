"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
from typing import Any, Self

import numpy as np

from tf_mesh_renderer.datasets import AnnotatedPictures
from tf_mesh_renderer.datasets.annotated.crops import PADDING
from tf_mesh_renderer.models.single_view import (
    SingleViewLossWeights,
    SingleViewPreset,
    SingleViewTrainer,
)
from tf_mesh_renderer.training import Experiment

# Longest side of an object in image coordinates: crops are boxes grown at both ends.
OBJECT_SIDE = 2 / (1 + 2 * PADDING)


@dataclasses.dataclass(frozen=True)
class SingleViewExperiment(Experiment):
    """A training of a `SingleViewTrainer`.

    Attributes:
      settings: network, losses, steps, learning rate.
      data: `AnnotatedPictures.checksum` of what it is trained on.
      mean_keypoints: [K][3], around which the mean shape starts.
    """

    settings: SingleViewPreset
    data: str
    mean_keypoints: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, settings: SingleViewPreset, dataset: AnnotatedPictures, **options) -> Self:
        """The experiment with some photographs.

        Args:
          settings: as of the class.
          dataset: what it is trained on.
          **options: the other attributes.
        Returns:
          `SingleViewExperiment`.
        """
        keypoints = tuple(tuple(map(float, point)) for point in dataset.mean_keypoints)
        return cls(settings, dataset.checksum, keypoints, **options)

    def new_trainer(self, jit_compile: bool | str) -> SingleViewTrainer:
        """As of `Experiment`."""
        return self.settings.make_trainer(
            np.array(self.mean_keypoints), object_side=OBJECT_SIDE, jit_compile=jit_compile
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """As of `Experiment`."""
        settings = dict(values["settings"])
        settings["weights"] = SingleViewLossWeights(**settings["weights"])
        changed = {
            "settings": SingleViewPreset(**settings),
            "mean_keypoints": tuple(map(tuple, values["mean_keypoints"])),
        }
        return cls(**{**values, **changed})
