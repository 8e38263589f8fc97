"""What programs that edit a mesh have in common: flags, mesh, network, folder, last words."""

import dataclasses
import pathlib
import sys
import zlib
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from absl import flags

from tf_mesh_renderer.applications.editing.run import RunOptions
from tf_mesh_renderer.applications.editing.settings import (
    EditingSettings,
    define_setting_flags,
    settings_from_flags,
)
from tf_mesh_renderer.geometry import Mesh, icosphere, utah_teapot
from tf_mesh_renderer.io import load_mesh
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.models import FeatureNetwork
from tf_mesh_renderer.models.features import feature_layers
from tf_mesh_renderer.textures import UvTexture

_INPUTS = ("mesh", "style", "weights")
# A longer run may go on from a shorter one. Files are known by what is in them.
_RECORD = FolderRecord(
    "settings.json",
    "editing",
    "output",
    may_change=("steps", *(f"{name}.name" for name in _INPUTS)),
)
_BUILT_IN = {"teapot": utah_teapot, "sphere": icosphere}


def load(mesh: str, texture: str) -> Mesh:
    """The mesh to edit, centred, with its longest side from -1 to 1.

    Args:
      mesh: a file, "teapot" or "sphere".
      texture: the kind of texture; for "uv" the coordinates of the file are read.
    Returns:
      `Mesh`.
    Raises:
      FileNotFoundError: no such file.  ValueError: the file holds no mesh.
    """
    if mesh in _BUILT_IN:
        return _BUILT_IN[mesh]()
    if texture == "uv":
        return load_mesh(mesh, texture="picture", normalize=True)
    return load_mesh(mesh, load_texture=False, normalize=True)


def feature_network(settings: EditingSettings) -> FeatureNetwork:
    """The network that looks at the images.

    Sets the global seeds, on which random weights depend.

    Args:
      settings: its name, layers and weights.
    Returns:
      `FeatureNetwork`.
    Raises:
      ValueError, FileNotFoundError, ConnectionError: as `FeatureNetwork`.
    """
    keras.utils.set_random_seed(settings.seed)
    return FeatureNetwork(
        settings.network, layers=settings.layers or None, weights=settings.weights or None
    )


def fingerprint(name: str, *arrays: Any) -> dict[str, Any]:
    """What tells an input of a run from others, whatever its file is called.

    Args:
      name: of the file, for the reader.
      *arrays: what was read from it.
    Returns:
      {"name", "bytes", "crc32"}.
    """
    size = checksum = 0
    for array in arrays:
        data = np.ascontiguousarray(array)
        size += data.nbytes
        checksum = zlib.crc32(data, checksum)
    return {"name": name, "bytes": size, "crc32": f"{checksum:08x}"}


def fingerprint_of_mesh(name: str, mesh: Mesh) -> dict[str, Any]:
    """`fingerprint` of vertices, faces and texture coordinates.

    Args:
      name: of the file.
      mesh: as `load` returns it.
    Returns:
      See `fingerprint`.
    """
    texture = mesh.texture
    coordinates = [texture.uv, texture.uv_faces] if isinstance(texture, UvTexture) else []
    arrays = [mesh.vertices, mesh.faces, *coordinates]
    return fingerprint(name, *(array for array in arrays if array is not None))


def claim_folder(
    options: RunOptions, settings: EditingSettings, **inputs: Mapping[str, Any]
) -> None:
    """Makes the folder of a run, and refuses one that another run has begun.

    Args:
      options: with `output`.
      settings: of the run.
      **inputs: a `fingerprint` of each.
    Raises:
      ValueError: the folder holds a run with other settings or inputs.
    """
    facts = dataclasses.asdict(settings) | {"checkpoint_every": settings.steps_per_epoch}
    _RECORD.claim(pathlib.Path(options.output), facts | inputs)


def define_flags(presets: Mapping[str, EditingSettings], flag_values: flags.FlagValues) -> None:
    """Adds the flags that all editing programs have.

    Args:
      presets: what `--preset` may be; every field of their class becomes a flag.
      flag_values: what the flags are added to.
    """
    defined = {"flag_values": flag_values}
    flags.DEFINE_string("mesh", "teapot", "Mesh file, or teapot or sphere.", **defined)
    preset_text = "Settings that hold where no other flag is given."
    flags.DEFINE_enum("preset", next(iter(presets)), [*presets], preset_text, **defined)
    define_setting_flags(presets, flag_values)
    define_setting_flags({"": RunOptions()}, flag_values)
    flags.DEFINE_alias("out", "output", **defined)
    exact_text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_boolean("deterministic", True, exact_text, **defined)
    layers_text = "Name the layers of the network and stop."
    flags.DEFINE_boolean("list_layers", False, layers_text, **defined)


def settings(presets: Mapping[str, Any], flag_values: flags.FlagValues) -> Any:
    """The settings that the flags stand for.

    Args:
      presets: as in `define_flags`.
      flag_values: parsed.
    Returns:
      Settings of the class of the presets.
    Raises:
      ValueError: the flags do not go together.
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
