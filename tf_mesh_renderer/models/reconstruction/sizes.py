"""How wide the networks are, and how their layers are normalized and initialized."""

import dataclasses
from typing import Any

from tf_mesh_renderer.arguments import argument_error, check_choice, to_count


@dataclasses.dataclass(frozen=True)
class ReconstructionSize:
    """Widths of an image encoder and a mesh decoder; the numbers of layers may vary too.

    Attributes:
      filters: output channels of the convolutions, each 5x5 with stride 2.
      encoder_units: units of the dense layers between the convolutions and the code.
      code_units: units of the code that stands between encoder and decoder.
      decoder_units: units of the dense layers between the code and the heads.
    Raises:
      TypeError, ValueError: a width is no integer, or less than 1.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018: the defaults.
    """

    filters: tuple[int, ...] = (64, 128, 256)
    encoder_units: tuple[int, ...] = (1024, 1024)
    code_units: int = 512
    decoder_units: tuple[int, ...] = (1024, 2048)

    def __post_init__(self):
        for name in ("filters", "encoder_units", "decoder_units"):
            widths = tuple(_width(name, value) for value in getattr(self, name))
            object.__setattr__(self, name, widths)
        object.__setattr__(self, "code_units", _width("code_units", self.code_units))

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
    def from_config(cls, config: Any) -> "ReconstructionSize":
        """A size from its configuration.

        Args:
          config: a dict of attributes, a name ("full", "dibr" or "small"), or a
            `ReconstructionSize`, which is returned as it is.
        Returns:
          `ReconstructionSize`.
        Raises:
          ValueError: an unknown name.  TypeError: an unknown attribute.
        """
        if isinstance(config, cls):
            return config
        if isinstance(config, str):
            check_choice("ReconstructionSize", "size", value=config, choices=tuple(SIZES))
            return SIZES[config]
        return cls(**config)


def _width(name: str, value: Any) -> int:
    width = to_count("ReconstructionSize", name, value)
    if width < 1:
        raise argument_error(
            "ReconstructionSize",
            name,
            expected="integers > 0",
            received=repr(value),
            hint="leave a layer out of the tuple to have none",
        )
    return width


# "dibr" differs from N3MR's full size in its code alone. "small" has 0.84 M parameters with 32 x 32
# images and 162 vertices, 2.4 M with 64 x 64 and 642.
SIZES = {
    "full": ReconstructionSize(),
    "dibr": ReconstructionSize(code_units=1024),
    "small": ReconstructionSize((16, 32, 64), (256, 256), 128, (256, 512)),
}


@dataclasses.dataclass(frozen=True)
class NetworkStyle:
    """How the layers of a network are normalized, activated and initialized.

    Attributes:
      convolution_norm: whether a batch normalization follows each convolution.
      dense_norm: whether one follows each dense layer but the code and the heads.
      code_activation: "relu" or "linear".
      variance_scale: variance of the kernels times the number of their inputs.
      distribution: of the kernels, "untruncated_normal" or "uniform".
      dense_stddev: standard deviation of normal kernels of dense layers; None: as convolutions.
    """

    convolution_norm: bool = False
    dense_norm: bool = False
    code_activation: str = "relu"
    variance_scale: float = 1.0
    distribution: str = "untruncated_normal"
    dense_stddev: float | None = None


# Chainer initializes with N(0, 1 / inputs), PyTorch with U(-1, 1) / sqrt(inputs), whose variance is
# a third of that.
N3MR_STYLE = NetworkStyle()
SOFTRAS_STYLE = NetworkStyle(convolution_norm=True, variance_scale=1 / 3, distribution="uniform")
DIBR_STYLE = NetworkStyle(
    convolution_norm=True,
    dense_norm=True,
    code_activation="linear",
    variance_scale=1 / 3,
    distribution="uniform",
    dense_stddev=1e-3,
)
