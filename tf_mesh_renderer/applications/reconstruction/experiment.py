"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
from typing import Any, Self

from tf_mesh_renderer.models.reconstruction import LossWeights, ReconstructionPreset
from tf_mesh_renderer.training import Experiment

# Parts of `ReconstructionPreset` that JSON turns into lists.
_PAIR, _PAIRS = ("image_size",), ("learning_rate_drops",)


@dataclasses.dataclass(frozen=True)
class ReconstructionExperiment(Experiment):
    """A training of a `MultiViewTrainer`.

    Attributes:
      settings: network, gradient model, losses, steps, learning rate.
      categories: names of the categories that it sees.
      data: `datasets.ShapeNetRenderings.checksums` of the training split.
      inverted_colors: as of `datasets.ShapeNetRenderings`.
      renders_batches: whether batches are rendered from the meshes of the data set, instead of its
        pictures being read.
    """

    settings: ReconstructionPreset
    categories: tuple[str, ...]
    data: tuple[str, ...]
    inverted_colors: bool = False
    renders_batches: bool = False

    @property
    def side(self) -> int:
        """Side of the pictures in pixels."""
        return self.settings.image_size[0]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """As of `Experiment`."""
        settings = dict(values["settings"])
        settings["weights"] = LossWeights(**settings["weights"])
        settings |= {name: tuple(settings[name]) for name in _PAIR}
        settings |= {name: tuple(map(tuple, settings[name])) for name in _PAIRS}
        tuples = {name: tuple(values[name]) for name in ("categories", "data")}
        return cls(**{**values, **tuples, "settings": ReconstructionPreset(**settings)})
