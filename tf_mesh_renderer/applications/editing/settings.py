"""What one can choose of an edit; the fields of a settings class are the flags of its program."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from absl import flags

from tf_mesh_renderer.applications.editing.views import ViewSampler

_Settings = TypeVar("_Settings", bound="EditingSettings")
_DEFINE = {
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    bool: flags.DEFINE_boolean,
    str: flags.DEFINE_string,
    tuple: flags.DEFINE_list,
}


def setting(default: Any, help_text: str) -> Any:
    """A field of a settings class, with the text of its flag.

    Args:
      default: its value in the preset "small".
      help_text: of the flag.
    Returns:
      A `dataclasses.field`.
    """
    return dataclasses.field(default=default, metadata={"help": help_text})


@dataclasses.dataclass(frozen=True)
class EditingSettings:
    """What style transfer and DeepDream have in common; the text of each field is its flag's."""

    network: str = setting("small", "Feature network: small, vgg16, vgg19 or inception_v3.")
    weights: str = setting("", "Weights of the network: a file, imagenet, or random.")
    layers: tuple = setting((), "Layers to look at instead of the usual ones, separated by commas.")
    texture: str = setting("cubes", "Kind of texture: cubes, uv or vertex_colors.")
    texture_size: int = setting(0, "Texels or pixels along a side of the texture; 0: as usual.")
    gradient: str = setting("n3mr", "Gradient model: n3mr, dibr or softras.")
    steps: int = setting(400, "Steps of the optimizer.")
    batch_size: int = setting(4, "Views in a step.")
    image_size: int = setting(64, "Side of the images, in pixels.")
    seed: int = setting(0, "Seed of views, backgrounds and the first colours.")
    learning_rate: float = setting(0.05, "Step size of Adam.")
    vertex_rate: float = setting(0.01, "Factor of the steps of vertices; 0 keeps the shape.")
    color_rate: float = setting(1.0, "Factor of the steps of colours.")
    distance: float = setting(2.732, "Mean distance of cameras from the centre.")
    distance_stddev: float = setting(0.1, "Standard deviation of the distance.")
    lowest: float = setting(20.0, "Lowest elevation of a camera, in degrees.")
    highest: float = setting(40.0, "Highest elevation of a camera, in degrees.")
    viewing_angle: float = setting(20.0, "Half the angle of view, in degrees.")

    def sampler(self, *, light_cone: float | None) -> ViewSampler:
        """The `ViewSampler` of these settings; `light_cone` as there."""
        return ViewSampler(
            self.distance,
            self.distance_stddev,
            (self.lowest, self.highest),
            self.viewing_angle,
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
        text = field.metadata["help"] + _defaults(defaults)
        _DEFINE[field.type](field.name, None, text, flag_values=flag_values)


def _defaults(values: dict[str, Any]) -> str:
    """Such as " Default: 4." and " Default: 64 (small), 224 (paper)."; nothing for empty ones."""
    texts = {name: f"{v:g}" if isinstance(v, float) else str(v) for name, v in values.items()}
    if all(value in ("", ()) for value in values.values()):
        return ""
    if len({*texts.values()}) == 1:
        return f" Default: {next(iter(texts.values()))}."
    return f" Default: {', '.join(f'{text} ({name})' for name, text in texts.items())}."


def settings_from_flags(preset: _Settings, flag_values: flags.FlagValues) -> _Settings:
    """A preset, with what the command line says otherwise.

    Args:
      preset: settings.
      flag_values: with the flags of `define_setting_flags`, parsed.
    Returns:
      Settings of the same class.
    """
    given = {f.name: flag_values[f.name].value for f in dataclasses.fields(preset)}
    given = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(
        preset, **{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    )
