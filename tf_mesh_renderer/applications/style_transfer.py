"""Gives a mesh the style of a picture: its colours, and a little of its shape.

    python -m tf_mesh_renderer.applications.style_transfer --mesh M --style IMG --output DIR
        [--preset small|paper] [--texture cubes|uv|vertex_colors] [--gradient n3mr|dibr|softras] ...

`--help` names all flags, `--list_layers` the layers of a network. Follows section 4.2 of
Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018.
"""

import dataclasses
import functools
import pathlib
import sys
from typing import Any

import numpy as np
import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.editing import program
from tf_mesh_renderer.applications.editing.model import EditingModel
from tf_mesh_renderer.applications.editing.run import EditingRun, RunOptions
from tf_mesh_renderer.applications.editing.settings import EditingSettings, setting
from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.io import read_image
from tf_mesh_renderer.losses import (
    feature_moments,
    gram_matrix,
    moment_loss,
    style_loss,
    total_variation_loss,
    vertex_displacement_loss,
)
from tf_mesh_renderer.models import FeatureNetwork

LIGHT_CONE_DEGREES = 30.0
# Far above the side of any image that is trained on.
_LARGEST_STYLE = 2048
_STATISTICS = ("moments", "gram")


@dataclasses.dataclass(frozen=True)
class StyleTransferSettings(EditingSettings):
    """What one can choose of a style transfer; the text of each field is its flag's."""

    style_weight: float = setting(
        1.0, "Weight in the loss of the distance of features from those of the style.", low=0.0
    )
    content_weight: float = setting(
        8.0, "Weight in the loss of the squared displacement of vertices.", low=0.0
    )
    variation_weight: float = setting(
        2e-5, "Weight in the loss of the total variation of the images.", low=0.0
    )
    statistics: str = setting(
        "moments", "Statistics of the features that make a style.", choices=_STATISTICS
    )


PRESETS = {
    "small": StyleTransferSettings(),
    # What was released with the paper. Gram matrices of VGG are large, hence the weights.
    "paper": StyleTransferSettings(
        network="vgg16",
        steps=1000,
        image_size=224,
        fov_y_degrees=60.0,
        content_weight=2e9,
        variation_weight=1e4,
        statistics="gram",
    ),
}


class StyleObjective:
    """Features as a style has them, vertices that stay near, and smooth pictures.

    Args:
      network: a `FeatureNetwork`.
      style: [H, W, 4] float32, the picture and which of its pixels count, as large as the images.
      vertices: [V, 3] float, where the mesh starts.
      settings: `StyleTransferSettings`.
    """

    def __init__(
        self,
        network: FeatureNetwork,
        style: tf.Tensor,
        vertices: tf.Tensor,
        settings: StyleTransferSettings,
    ):
        check_choice("StyleObjective", "statistics", value=settings.statistics, choices=_STATISTICS)
        colors, shown = style[tf.newaxis, ..., :3], style[tf.newaxis, ..., 3]
        self._network = network
        features = network(colors)
        self._grams = [gram_matrix(one, shown) for one in features]
        self._moments = [feature_moments(one, shown) for one in features]
        self._background = tf.reduce_sum(colors * shown[..., tf.newaxis], axis=[0, 1, 2])
        self._background /= tf.reduce_sum(shown)
        self._vertices = vertices
        self._settings = settings

    def background(self, seed: tf.Tensor) -> tf.Tensor:
        """The mean colour of the style; see `Objective`."""
        del seed
        return self._background

    def gram_loss(self, images: tf.Tensor) -> float:
        """Kato et al.'s style loss with layers that count alike, whatever is trained on.

        Args:
          images: [B, H, W, 4] float, colour and coverage.
        Returns:
          The mean over images; see `style_loss` with `relative`.
        """
        features = self._network(images[..., :3])
        return float(
            tf.reduce_mean(style_loss(features, self._grams, images[..., 3], relative=True))
        )

    def terms(self, images: tf.Tensor, vertices: tf.Tensor) -> dict[str, tf.Tensor]:
        """Style, content and variation; see `Objective`."""
        chosen = self._settings
        colors, mask = images[..., :3], images[..., 3]
        features = self._network(colors)
        if chosen.statistics == "gram":
            style = style_loss(features, self._grams, mask)
        else:
            style = moment_loss(features, self._moments, mask)
        variation = tf.reduce_sum(total_variation_loss(colors, mask))
        return {
            "style": chosen.style_weight * tf.reduce_mean(style),
            "content": chosen.content_weight * vertex_displacement_loss(vertices, self._vertices),
            "variation": chosen.variation_weight * variation,
        }


def read_style(path: str | pathlib.Path, image_size: int) -> tf.Tensor:
    """A picture as large as the images, without regard to its proportions.

    Args:
      path: of a picture of any size and kind; grey becomes RGB, transparent pixels do not count.
      image_size: side, in pixels.
    Returns:
      [image_size, image_size, 4] float32: colour, and how much a pixel counts.
    Raises:
      FileNotFoundError: no such file.
      ValueError: the file is no picture, or nothing of it can be seen.
    """
    picture = read_image(path, alpha=True, largest_side=_LARGEST_STYLE)
    if not picture[..., 3].any():
        raise argument_error(
            "read_style",
            "path",
            expected="a picture with pixels that can be seen",
            received=f"'{path}', all transparent",
            hint="save it without an alpha channel",
        )
    premultiplied = np.concatenate([picture[..., :3] * picture[..., 3:], picture[..., 3:]], -1)
    resized = tf.image.resize(premultiplied, [image_size, image_size], method="area")
    colors = tf.math.divide_no_nan(resized[..., :3], resized[..., 3:])
    return tf.concat([colors, resized[..., 3:]], axis=-1)


def transfer(
    mesh: str, style: str, settings: StyleTransferSettings, options: RunOptions
) -> dict[str, Any]:
    """Style transfer from files to files.

    Args:
      mesh: a mesh file, "teapot" or "sphere".
      style: a picture file.
      settings: `StyleTransferSettings`.
      options: `RunOptions`; with `output`, the folder for all files.
    Returns:
      What `report.json` says: losses in held-out views before and after, and how far the shape
      moved.
    Raises:
      FileNotFoundError, ValueError, ConnectionError: a file, a size or the weights of the network
        are not what they should be.
    """
    picture = read_style(style, settings.image_size)
    start = program.load(mesh, settings.texture)
    network = program.feature_network(settings)
    objective = StyleObjective(network, picture, start.vertices, settings)
    sampler = settings.sampler(light_cone=LIGHT_CONE_DEGREES)
    model = EditingModel(settings.subject(start), objective, sampler, settings)
    program.claim_folder(
        options,
        settings,
        mesh=program.fingerprint_of_mesh(mesh, start),
        style=program.fingerprint(style, picture),
        weights=program.fingerprint(settings.weights, *network.get_weights()),
    )
    run = EditingRun(model, options, label="style transfer")
    run.train()
    before, after = run.start.terms["style"], run.end.terms["style"]
    return run.write(
        reference=picture[..., :3],
        style_loss_start=before,
        style_loss_end=after,
        style_loss_ratio=before / after,
        gram_loss_ratio=objective.gram_loss(run.start.images) / objective.gram_loss(run.end.images),
    )


def define_flags(flag_values: flags.FlagValues) -> None:
    """Adds the flags of this program.

    Args:
      flag_values: what they are added to.
    """
    program.define_flags(PRESETS, flag_values)
    flags.DEFINE_string(
        "style", None, "Picture file with the style, of any size.", flag_values=flag_values
    )


def run(chosen: flags.FlagValues) -> None:
    """Does what the flags say, and writes the report to standard output.

    Args:
      chosen: with the flags of `define_flags`, parsed.
    """
    if chosen.deterministic:
        tf.config.experimental.enable_op_determinism()
    settings = program.settings(PRESETS, chosen)
    if chosen.list_layers:
        program.write_layers(settings.network)
        return
    program.write_report(transfer(chosen.mesh, chosen.style, settings, program.run_options(chosen)))


PROGRAM = Program(__doc__, define_flags, run, required=("style", "output"), unless="list_layers")
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
