"""Changes a mesh so that a layer of a network sees more of what it sees: 3D DeepDream.

    python -m tf_mesh_renderer.applications.deep_dream --mesh M --layer L --output DIR
        [--preset small|paper] [--texture cubes|uv|vertex_colors] [--gradient n3mr|dibr|softras] ...

`--help` names all flags, `--list_layers` the layers of a network. Follows section 4.3 of
Kato, Ushiku & Harada, "Neural 3D Mesh Renderer", CVPR 2018.
"""

import dataclasses
import functools
import sys
from typing import Any

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.editing import program
from tf_mesh_renderer.applications.editing.model import EditingModel
from tf_mesh_renderer.applications.editing.run import EditingRun, RunOptions
from tf_mesh_renderer.applications.editing.settings import EditingSettings, setting
from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.geometry import Adjacency
from tf_mesh_renderer.losses import edge_length_variance_loss
from tf_mesh_renderer.models import FeatureNetwork
from tf_mesh_renderer.models.features import ARCHITECTURES


@dataclasses.dataclass(frozen=True)
class DeepDreamSettings(EditingSettings):
    """What one can choose of a dream; the text of each field is its flag's."""

    length_weight: float = setting(
        1e-4, "Weight of the variance of edge lengths in the loss.", low=0.0
    )
    octaves: int = setting(1, "Number of sizes at which the network looks at an image.", low=1)
    octave_scale: float = setting(
        1.4, "Factor from one of these sizes to the next larger one.", low=1.0
    )


_ELEVATIONS = {"elevation_min": -10.0, "elevation_max": 30.0}
PRESETS = {
    "small": DeepDreamSettings(**_ELEVATIONS, learning_rate=0.02, vertex_step_scale=0.005),
    # What was released with the paper, but for the network: Keras has no GoogLeNet.
    "paper": DeepDreamSettings(
        **_ELEVATIONS,
        network="inception_v3",
        steps=1000,
        image_size=224,
        learning_rate=0.01,
        vertex_step_scale=0.01,
        distance=2.5,
        fov_y_degrees=60.0,
    ),
}


class DreamObjective:
    """Large features, and edges of one length.

    Args:
      network: a `FeatureNetwork`.
      adjacency: of the mesh.
      settings: `DeepDreamSettings`.
    """

    def __init__(self, network: FeatureNetwork, adjacency: Adjacency, settings: DeepDreamSettings):
        self._network = network
        self._adjacency = adjacency
        self._settings = settings

    def background(self, seed: tf.Tensor) -> tf.Tensor:
        """A random grey; see `Objective`."""
        return tf.random.stateless_uniform([], seed)

    def terms(self, images: tf.Tensor, vertices: tf.Tensor) -> dict[str, tf.Tensor]:
        """The negative mean square of the features, and edge lengths; see `Objective`."""
        chosen = self._settings
        means = [
            tf.reduce_mean(tf.square(features))
            for size in self._sizes(images.shape[1])
            for features in self._network(_resized(images[..., :3], size))
        ]
        lengths = edge_length_variance_loss(vertices, self._adjacency)
        return {
            "dream": -tf.add_n(means) / len(means),
            "lengths": chosen.length_weight * lengths,
        }

    def _sizes(self, side):
        chosen = self._settings
        return [round(side / chosen.octave_scale**octave) for octave in range(chosen.octaves)]


def _resized(images, size):
    if images.shape[1] == size:
        return images
    return tf.image.resize(images, [size, size], antialias=True)


def dream(mesh: str, settings: DeepDreamSettings, options: RunOptions) -> dict[str, Any]:
    """DeepDream from a mesh file to files.

    Args:
      mesh: a mesh file, "teapot" or "sphere".
      settings: `DeepDreamSettings`.
      options: `RunOptions`; with `output`, the folder for all files.
    Returns:
      What `report.json` says: the mean square of the features in held-out views before and after,
      and how far the shape moved.
    Raises:
      FileNotFoundError, ValueError, ConnectionError: a file, a size or the weights of the network
        are not what they should be.
    """
    start = program.load(mesh, settings.texture)
    layers = settings.layers or (ARCHITECTURES[settings.network].dream_layer,)
    network = program.feature_network(dataclasses.replace(settings, layers=layers))
    adjacency = Adjacency.from_faces(start.faces, start.num_vertices)
    objective = DreamObjective(network, adjacency, settings)
    sampler = settings.sampler(light_cone=None)
    model = EditingModel(settings.subject(start), objective, sampler, settings)
    program.claim_folder(
        options,
        settings,
        mesh=program.fingerprint_of_mesh(mesh, start),
        weights=program.fingerprint(settings.weights, *network.get_weights()),
    )
    run = EditingRun(model, options, label="dream")
    run.train()
    start, end = -run.start.terms["dream"], -run.end.terms["dream"]
    return run.write(objective_start=start, objective_end=end, objective_ratio=end / start)


def define_flags(flag_values: flags.FlagValues) -> None:
    """Adds the flags of this program.

    Args:
      flag_values: what they are added to.
    """
    program.define_flags(PRESETS, flag_values)
    flags.DEFINE_alias("layer", "layers", flag_values=flag_values)


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
    program.write_report(dream(chosen.mesh, settings, program.run_options(chosen)))


PROGRAM = Program(__doc__, define_flags, run, required=("output",), unless="list_layers")
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
