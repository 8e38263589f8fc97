"""What one can choose of an edit; the fields of a settings class are the flags of its program."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from absl import flags

from tf_mesh_renderer import gradients
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.models import EditableMesh
from tf_mesh_renderer.models.editable_mesh import TEXTURES
from tf_mesh_renderer.models.features import ARCHITECTURES

_Settings = TypeVar("_Settings")
_MOST_STEPS_BETWEEN_CHECKPOINTS = 50


def setting(
    default: Any,
    help_text: str,
    *,
    low: float | None = None,
    choices: Sequence[str] = (),
) -> Any:
    """A field of a settings class, with what its flag says and takes.

    Args:
      default: its value in the preset "small".
      help_text: of the flag.
      low: the least that a number may be; None: any.
      choices: the words that a text may be; none: any.
    Returns:
      A `dataclasses.field`.
    """
    metadata = {"help": help_text, "low": low, "choices": choices}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class EditingSettings:
    """What style transfer and DeepDream have in common; the text of each field is its flag's."""

    network: str = setting(
        "small", "Feature network that looks at the images.", choices=[*ARCHITECTURES]
    )
    weights: str = setting("", "Weights of the feature network: a file, imagenet, or random.")
    layers: tuple = setting(
        (), "Layers of the network to look at, separated by commas, instead of the usual ones."
    )
    texture: str = setting("cubes", "Kind of texture that is painted.", choices=TEXTURES)
    texture_size: int = setting(
        0, "Texels along a side of a cube (0: 4), or pixels along one of a picture (0: 256).", low=0
    )
    color_bias: tuple[float, ...] = setting(
        (0.0, 0.0, 0.0),
        "Red, green and blue added to the stored colours before the sigmoid; 0,0,0 starts grey.",
    )
    gradient: str = setting(
        "n3mr", "Gradient model of the renderer.", choices=("n3mr", "dibr", "softras")
    )
    steps: int = setting(400, "Number of steps of the optimizer.", low=1)
    checkpoint_every: int = setting(
        0,
        "Number of steps between checkpoints; it divides the steps. 0: 50, or a little less.",
        low=0,
    )
    batch_size: int = setting(4, "Number of views in a step.", low=1)
    image_size: int = setting(64, "Side of the images, in pixels.", low=1)
    seed: int = setting(0, "Seed of views, backgrounds and the first colours.", low=0)
    learning_rate: float = setting(0.05, "Learning rate of Adam.", low=0.0)
    vertex_step_scale: float = setting(
        0.01, "Factor on the learning rate for vertices; 0 keeps the shape.", low=0.0
    )
    color_step_scale: float = setting(
        1.0, "Factor on the learning rate for colours; 0 keeps them.", low=0.0
    )
    distance: float = setting(
        2.732, "Mean distance of cameras from the centre of the mesh.", low=0.0
    )
    distance_stddev: float = setting(0.1, "Standard deviation of the distance.", low=0.0)
    elevation_min: float = setting(20.0, "Lowest elevation of a camera, in degrees.", low=-90.0)
    elevation_max: float = setting(40.0, "Highest elevation of a camera, in degrees.", low=-90.0)
    fov_y_degrees: float = setting(40.0, "Angle of view of cameras, in degrees.", low=0.0)

    def __post_init__(self):
        if self.elevation_max < self.elevation_min:
            raise argument_error(
                type(self).__name__,
                "elevation_max",
                expected=f"at least elevation_min, {self.elevation_min:g}",
                received=f"{self.elevation_max:g}",
                hint="give both",
            )
        if self.steps % self.steps_per_epoch:
            raise argument_error(
                type(self).__name__,
                "checkpoint_every",
                expected=f"a divisor of the {self.steps} steps",
                received=self.checkpoint_every,
                hint="leave it out",
            )

    @property
    def steps_per_epoch(self) -> int:
        """Steps between checkpoints."""
        if self.checkpoint_every:
            return self.checkpoint_every
        sizes = range(min(self.steps, _MOST_STEPS_BETWEEN_CHECKPOINTS), 0, -1)
        return next(size for size in sizes if self.steps % size == 0)

    def subject(self, mesh: Any) -> EditableMesh:
        """The mesh to be edited.

        Args:
          mesh: `Mesh`, where to start.
        Returns:
          `EditableMesh` with the texture of these settings.
        Raises:
          ValueError: the mesh has no texture coordinates, but should.
        """
        gradient = gradients.get(self.gradient)
        return EditableMesh(
            mesh,
            self.texture,
            texture_size=self.texture_size or None,
            moves_vertices=getattr(gradient, "needs_differentiable_colors", False),
            color_bias=self.color_bias,
            seed=self.seed,
        )

    def sampler(self, *, light_cone: float | None) -> ViewSampler:
        """The cameras of these settings.

        Args:
          light_cone: as in `ViewSampler`.
        Returns:
          `ViewSampler`.
        """
        return ViewSampler(
            self.distance,
            self.distance_stddev,
            (self.elevation_min, self.elevation_max),
            self.fov_y_degrees,
            light_cone,
        )


def define_setting_flags(presets: Mapping[str, Any], flag_values: flags.FlagValues) -> None:
    """Adds one flag for each field of a settings class; left out, the preset decides.

    Args:
      presets: settings of one class by name, whose values stand in the help; a single one needs
        no name.
      flag_values: what the flags are added to.
    """
    for field in dataclasses.fields(next(iter(presets.values()))):
        defaults = {name: getattr(preset, field.name) for name, preset in presets.items()}
        _define(field, field.metadata["help"] + _defaults(defaults), flag_values)


def settings_from_flags(preset: _Settings, flag_values: flags.FlagValues) -> _Settings:
    """A preset, with what the command line says otherwise.

    Args:
      preset: settings.
      flag_values: with the flags of `define_setting_flags`, parsed.
    Returns:
      Settings of the same class.
    Raises:
      ValueError: the values do not go together.
    """
    given = {f.name: flag_values[f.name].value for f in dataclasses.fields(preset)}
    given = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(
        preset, **{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    )


class _Numbers(flags.BaseListParser):
    """As many numbers as the default has, separated by commas."""

    def __init__(self, count: int):
        super().__init__(token=",", name="comma separated numbers")
        self._count = count

    def parse(self, argument):
        """Raises ValueError where it is something else."""
        numbers = [float(text) for text in super().parse(argument)]
        if len(numbers) != self._count:
            raise ValueError(f"expected {self._count} numbers, received {len(numbers)}")
        return numbers


def _define(field: dataclasses.Field, text: str, flag_values: flags.FlagValues) -> None:
    limits, choices = {"lower_bound": field.metadata["low"]}, field.metadata["choices"]
    defined = {"name": field.name, "default": None, "help": text, "flag_values": flag_values}
    if choices:
        flags.DEFINE_enum(enum_values=choices, **defined)
    elif field.type is int:
        flags.DEFINE_integer(**limits, **defined)
    elif field.type is float:
        flags.DEFINE_float(**limits, **defined)
    elif field.type is bool:
        flags.DEFINE_boolean(**defined)
    elif field.type is tuple:
        flags.DEFINE_list(**defined)
    elif field.type is str:
        flags.DEFINE_string(**defined)
    else:
        serializer = flags.ListSerializer(",")
        flags.DEFINE(_Numbers(len(field.default)), serializer=serializer, **defined)


def _defaults(values: dict[str, Any]) -> str:
    """Such as " Default: 4." and " Default: 64 (small), 224 (paper)."; nothing for empty ones."""
    texts = {name: _shown(value) for name, value in values.items()}
    if all(value in ("", ()) for value in values.values()):
        return ""
    if len({*texts.values()}) == 1:
        return f" Default: {next(iter(texts.values()))}."
    return f" Default: {', '.join(f'{text} ({name})' for name, text in texts.items())}."


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
