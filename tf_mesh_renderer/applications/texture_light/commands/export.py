"""Writes a SavedModel from the bytes of PNG files to textures, lights and shapes."""

import pathlib
import sys

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.network_inputs import decode_pictures
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.training_flags import define_output, define_run, expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.models.texture_light import TextureLightNetwork


class ExportedTextureLight(tf.Module):
    """The network with everything around it that a fresh process needs.

    Args:
      network: trained.
      side: of the pictures that it takes, in pixels.
    """

    def __init__(self, network: TextureLightNetwork, side: int):
        super().__init__(name="texture_light")
        self._network = network
        self._side = side

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="images")], autograph=False)
    def predict(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        """Textures and lights of pictures.

        Args:
          images: [B] string, bytes of PNG files: square, transparent background.
        Returns:
          "textures" [B, h, w, 3] float32; "lights" [B, K] in view space; "faces" [F, 3] int32 with
          "uv" [T, 2] and "uv_faces" [F, 3], where they lie on the textures; and "vertices"
          [B, V, 3] of networks that predict them.
        """
        outputs = dict(self._network(decode_pictures(images, self._side), training=False))
        outputs.pop("displacements", None)
        network = self._network
        fixed = {"faces": network.faces, "uv": network.uv, "uv_faces": network.uv_faces}
        return {**outputs, **{name: tf.constant(value) for name, value in fixed.items()}}


def save_model(network: TextureLightNetwork, side: int, directory: pathlib.Path) -> None:
    """Writes the SavedModel; plain TensorFlow loads it.

    Args:
      network: trained.
      side: of the pictures that it takes, in pixels.
      directory: of the SavedModel; what is there is replaced.
    """
    module = ExportedTextureLight(network, side)
    tf.saved_model.save(module, str(directory), signatures={"serving_default": module.predict})


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    define_output(values, "Folder of the SavedModel.")


def run(values: flags.FlagValues) -> None:
    """Writes the model.

    Args:
      values: the flags.
    """
    experiment, trainer = TextureLightExperiment.load(expanded_path(values.run))
    output = expanded_path(values.output)
    save_model(trainer.network, experiment.settings.image_size[0], output)
    sys.stdout.write(f"{output}\n")


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
