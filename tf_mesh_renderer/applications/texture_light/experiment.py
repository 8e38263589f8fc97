"""All that decides what a training ends with, as a value that stands beside its checkpoints."""

import dataclasses
from typing import Any, Self

from tf_mesh_renderer.datasets.textured import TexturedStyle
from tf_mesh_renderer.models.texture_light import TextureLightPreset
from tf_mesh_renderer.training import Experiment

# Parts of `TextureLightPreset` that JSON turns into lists.
_PAIRS = ("image_size", "texture_size")


@dataclasses.dataclass(frozen=True)
class TextureLightExperiment(Experiment):
    """A training of a `TextureLightTrainer`.

    Attributes:
      settings: network, illumination, steps, learning rate.
    """

    settings: TextureLightPreset

    @property
    def style(self) -> TexturedStyle:
        """Of the objects that it sees, and of those it is tested with."""
        settings = self.settings
        return TexturedStyle(
            settings.illumination,
            settings.image_size,
            settings.texture_size,
            settings.subdivisions,
            settings.views,
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """As of `Experiment`."""
        settings = dict(values["settings"])
        settings |= {name: tuple(settings[name]) for name in _PAIRS}
        return cls(**{**values, "settings": TextureLightPreset(**settings)})
