"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
from typing import Any, ClassVar, Self

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.models.shape_gan import STAGES, GanTrainer, ShapeGanPreset
from tf_mesh_renderer.training import Experiment

# Parts of `ShapeGanPreset` that JSON turns into lists.
_TUPLES = ("image_filters", "texture_filters")


@dataclasses.dataclass(frozen=True)
class GanExperiment(Experiment):
    """A training of one stage.

    Attributes:
      settings: networks, losses, steps, learning rate.
      stage: "shape" or "texture".
      category: name of what is learnt.
      data: `datasets.ShapeNetRenderings.checksums` of the training split.
      objects: how many of the split are used.
      shapes: checksum of the shapes that textures are trained on, see `checksum_of_weights`; empty
        in the first stage.
      textures: checksum of the network that predicts the textures that count as real; empty where
        they are those of the data set.
    Raises:
      ValueError: an unknown stage, or as of `Experiment`.
    """

    COMMANDS: ClassVar[str] = "`train-shape` or `train-texture`"

    settings: ShapeGanPreset
    stage: str
    category: str
    data: tuple[str, ...]
    objects: int
    shapes: str = ""
    textures: str = ""

    def __post_init__(self):
        check_choice("GanExperiment", "stage", value=self.stage, choices=STAGES)
        super().__post_init__()

    def new_trainer(self, jit_compile: bool | str) -> GanTrainer:
        """As of `Experiment`: the trainer of the stage."""
        return self.settings.make_trainer(self.stage, jit_compile=jit_compile)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """As of `Experiment`."""
        settings = dict(values["settings"])
        settings |= {name: tuple(settings[name]) for name in _TUPLES}
        changed = {"settings": ShapeGanPreset(**settings), "data": tuple(values["data"])}
        return cls(**{**values, **changed})
