"""How wide the texture and light network is."""

import dataclasses
from typing import Any

from tf_mesh_renderer.arguments import argument_error, check_choice, to_count


@dataclasses.dataclass(frozen=True)
class TextureLightSize:
    """Widths of the UNet and of what stands on its bottleneck; numbers of layers vary with them.

    Attributes:
      filters: channels of each level of the UNet; every level but the first halves the image.
      convolutions: 3x3 convolutions in each block, on the way down and up.
      light_blocks: residual blocks of two convolutions between bottleneck and light.
      grid: side of the grid to which the bottleneck is averaged for light and shape; 1 is global
        average pooling, which forgets where things are.
      shape_units: units of the dense layers between the bottleneck and the vertices.
      batch_norm: whether batch normalization follows each convolution.
    Raises:
      TypeError, ValueError: a number is no integer, or less than 1, or there is no level.
    """

    filters: tuple[int, ...] = (32, 64, 128, 256, 512, 512)
    convolutions: int = 2
    light_blocks: int = 3
    grid: int = 4
    shape_units: tuple[int, ...] = (1024, 2048)
    batch_norm: bool = True

    def __post_init__(self):
        for name in ("filters", "shape_units"):
            widths = tuple(_count(name, value) for value in getattr(self, name))
            object.__setattr__(self, name, widths)
        for name in ("convolutions", "light_blocks", "grid"):
            object.__setattr__(self, name, _count(name, getattr(self, name)))
        if not self.filters:
            raise _error("filters", "at least one level", self.filters)

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into an equal size.
        """
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_config(cls, config: Any) -> "TextureLightSize":
        """A size from its configuration.

        Args:
          config: a dict of attributes, a name ("paper" or "tiny"), or a `TextureLightSize`, which
            is returned as it is.
        Returns:
          `TextureLightSize`.
        Raises:
          ValueError: an unknown name.  TypeError: an unknown attribute.
        """
        if isinstance(config, cls):
            return config
        if isinstance(config, str):
            check_choice("TextureLightSize", "size", value=config, choices=tuple(SIZES))
            return SIZES[config]
        return cls(**config)


def _count(name: str, value: Any) -> int:
    count = to_count("TextureLightSize", name, value)
    if count < 1:
        raise _error(name, "integers > 0", value)
    return count


def _error(name: str, expected: str, received: Any) -> ValueError:
    hint = "leave a level or layer out of a tuple to have none"
    return argument_error(
        "TextureLightSize", name, expected=expected, received=repr(received), hint=hint
    )


# The paper gives neither widths nor depths; these are what its words, a UNet and a residual network
# of six layers, leave open. "tiny" is for images of 64 x 64 pixels on a processor.
SIZES = {
    "paper": TextureLightSize(),
    "tiny": TextureLightSize(
        (16, 32, 64, 96, 128), convolutions=1, light_blocks=1, shape_units=(256,), batch_norm=False
    ),
}
