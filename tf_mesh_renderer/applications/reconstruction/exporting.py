"""A SavedModel from the bytes of a picture to a mesh and its silhouette."""

import pathlib

import tensorflow as tf

from tf_mesh_renderer.applications.reconstruction.network_inputs import decode_pictures
from tf_mesh_renderer.datasets import camera_of_view
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.models.reconstruction import MeshReconstruction
from tf_mesh_renderer.rendering import render_silhouette


class ExportedReconstruction(tf.Module):
    """The network with everything around it that a fresh process needs.

    Args:
      network: trained.
      side: of the pictures that it takes, and of the silhouettes, in pixels.
    """

    def __init__(self, network: MeshReconstruction, side: int):
        super().__init__(name="reconstruction")
        self._network = network
        self._side = side

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="images")], autograph=False)
    def reconstruct(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        """Meshes of pictures, with silhouettes from view 0 of the data set.

        Args:
          images: [B] string, bytes of PNG files: square, transparent background.
        Returns:
          "vertices" [B, V, 3] float32 in (-0.5, 0.5), "faces" [F, 3] int32, "silhouettes"
          [B, S, S] float32 in [0, 1], and "colors" [B, V, 3] of networks that predict them.
        """
        return self._reconstruct(images, tf.zeros([tf.shape(images)[0]], tf.int32))

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.string, name="images"),
            tf.TensorSpec([None], tf.int32, name="viewpoints"),
        ],
        autograph=False,
    )
    def reconstruct_seen_from(self, images: tf.Tensor, viewpoints: tf.Tensor):
        """As `reconstruct`, with silhouettes from any of the 24 views.

        Args:
          images: [B] string, as in `reconstruct`.
          viewpoints: [B] int32 in [0, 24).
        Returns:
          As `reconstruct`.
        """
        return self._reconstruct(images, viewpoints)

    def _reconstruct(self, images, viewpoints):
        predicted = self._network(decode_pictures(images, self._side), training=False)
        outputs = {name: predicted[name] for name in ("vertices", "colors") if name in predicted}
        mesh = Mesh(predicted["vertices"], self._network.faces)
        size = (self._side, self._side)
        silhouettes = render_silhouette(mesh, camera_of_view(viewpoints), image_size=size)
        return {**outputs, "faces": tf.identity(mesh.faces), "silhouettes": silhouettes}


def save_model(network: MeshReconstruction, side: int, directory: pathlib.Path) -> None:
    """Writes the SavedModel; `import tf_mesh_renderer` before `tf.saved_model.load`.

    Args:
      network: trained.
      side: of the pictures that it takes, in pixels.
      directory: of the SavedModel; what is there is replaced.
    """
    directory.mkdir(parents=True, exist_ok=True)  # says so if it is a file
    module = ExportedReconstruction(network, side)
    signatures = {
        "serving_default": module.reconstruct,
        "seen_from": module.reconstruct_seen_from,
    }
    tf.saved_model.save(module, str(directory), signatures=signatures)
