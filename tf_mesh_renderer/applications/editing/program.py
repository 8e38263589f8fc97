"""The parts of a program that edits a mesh: its flags, its mesh, its network, its last words."""

import dataclasses
import os
import pathlib
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from absl import flags

from tf_mesh_renderer import gradients
from tf_mesh_renderer.applications.editing.model import EditingModel, Objective
from tf_mesh_renderer.applications.editing.run import RunOptions
from tf_mesh_renderer.applications.editing.settings import (
    EditingSettings,
    define_setting_flags,
    settings_from_flags,
)
from tf_mesh_renderer.applications.editing.views import ViewSampler
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry import Mesh, icosphere, utah_teapot
from tf_mesh_renderer.io import load_mesh
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.models import EditableMesh, FeatureNetwork, make_paint
from tf_mesh_renderer.models.features import feature_layers

# A longer run may go on from a shorter one.
_RECORD = FolderRecord("settings.json", "editing", "output", may_change=("steps",))
_BUILT_IN = {"teapot": utah_teapot, "sphere": icosphere}


def subject(mesh: str, settings: EditingSettings) -> EditableMesh:
    """The mesh to edit, centred, with its longest side from -1 to 1.

    Args:
      mesh: a file, "teapot" or "sphere".
      settings: the kind of texture, the seed of its colours, and the gradient model it is for.
    Returns:
      `EditableMesh`.
    Raises:
      FileNotFoundError: no such file.
      ValueError: the file holds no mesh, or not what the texture needs.
    """
    gradient = gradients.get(settings.gradient)
    paint = make_paint(
        settings.texture,
        size=settings.texture_size or None,
        needs_place_gradient=getattr(gradient, "needs_differentiable_colors", False),
    )
    return EditableMesh(_load(mesh, settings.texture), paint, seed=settings.seed)


def _load(mesh: str, texture: str) -> Mesh:
    if mesh in _BUILT_IN:
        return _BUILT_IN[mesh]()
    if texture == "uv":
        return load_mesh(mesh, texture="picture", normalize=True)
    return load_mesh(mesh, load_texture=False, normalize=True)


def feature_network(settings: EditingSettings) -> FeatureNetwork:
    """The network that looks at the images.

    Args:
      settings: its name, layers and weights.
    Returns:
      `FeatureNetwork`.
    Raises:
      ValueError, FileNotFoundError, ConnectionError: as `FeatureNetwork`.
    """
    return FeatureNetwork(
        settings.network, layers=settings.layers or None, weights=settings.weights or None
    )


def editing_model(
    edited: EditableMesh, objective: Objective, settings: EditingSettings, sampler: ViewSampler
) -> EditingModel:
    """The model, ready for `fit`.

    Args:
      edited: the mesh.
      objective: what is wanted of it.
      settings: sizes, gradient model, seed and learning rates.
      sampler: where it is seen from.
    Returns:
      A compiled `EditingModel`.
    """
    model = EditingModel(
        edited,
        objective,
        sampler,
        image_size=settings.image_size,
        batch_size=settings.batch_size,
        gradient=settings.gradient,
        seed=settings.seed,
    )
    model.use_adam(
        settings.learning_rate, vertices=settings.vertex_rate, colors=settings.color_rate
    )
    return model


def claim_folder(options: RunOptions, settings: EditingSettings, **inputs: str) -> None:
    """Makes the folder of a run, and refuses one that another run has begun.

    Args:
      options: with `output`.
      settings: of the run.
      **inputs: names of its files.
    Raises:
      ValueError: the folder holds a run with other settings.
    """
    _RECORD.claim(pathlib.Path(options.output), {**inputs, **dataclasses.asdict(settings)})


def check_visible(path: str | os.PathLike, picture: np.ndarray) -> None:
    """Refuses a picture of which nothing can be seen.

    Args:
      path: its file, for the error.
      picture: [H, W, 4] float.
    Raises:
      ValueError: all pixels are transparent.
    """
    if not picture[..., 3].any():
        raise argument_error(
            "read_style",
            "path",
            expected="a picture with pixels that can be seen",
            received=f"'{path}', all transparent",
            hint="save it without an alpha channel",
        )


def define_flags(presets: Mapping[str, EditingSettings], flag_values: flags.FlagValues) -> None:
    """Adds the flags that all editing programs have.

    Args:
      presets: what `--preset` may be; every field of their class becomes a flag.
      flag_values: what the flags are added to.
    """
    define_setting_flags(presets, flag_values)
    define_setting_flags({"": RunOptions()}, flag_values)
    flags.DEFINE_string(
        "mesh", "teapot", "Mesh file, or teapot or sphere.", flag_values=flag_values
    )
    flags.DEFINE_enum(
        "preset",
        next(iter(presets)),
        [*presets],
        "What holds where no other flag is given.",
        flag_values=flag_values,
    )
    flags.DEFINE_boolean(
        "list_layers", False, "Name the layers of the network and stop.", flag_values=flag_values
    )


def settings(presets: Mapping[str, Any], flag_values: flags.FlagValues) -> Any:
    """The settings that the flags stand for.

    Args:
      presets: as in `define_flags`.
      flag_values: parsed.
    Returns:
      Settings of the class of the presets.
    """
    return settings_from_flags(presets[flag_values.preset], flag_values)


def run_options(flag_values: flags.FlagValues) -> RunOptions:
    """The `RunOptions` that the flags stand for.

    Args:
      flag_values: parsed.
    Returns:
      `RunOptions`.
    """
    return settings_from_flags(RunOptions(), flag_values)


def write_layers(network: str) -> None:
    """Writes the layers of a network to standard output.

    Args:
      network: a key of `ARCHITECTURES`.
    Raises:
      ValueError: the network is unknown.
    """
    for name, channels in feature_layers(network):
        sys.stdout.write(f"{name:<24}{channels:>5} channels\n")


def write_report(report: Mapping[str, Any]) -> None:
    """Writes figures to standard output.

    Args:
      report: {name: value}.
    """
    for name, value in report.items():
        text = f"{value:.4g}" if isinstance(value, float) else str(value)
        sys.stdout.write(f"{name.replace('_', ' '):<24}{text}\n")
