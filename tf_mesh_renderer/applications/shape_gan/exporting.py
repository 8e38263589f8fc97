"""A SavedModel from noise to meshes with textures, and their silhouettes."""

import pathlib

import tensorflow as tf

from tf_mesh_renderer.datasets import draw_canonical_views
from tf_mesh_renderer.geometry import Mesh
from tf_mesh_renderer.models import MeshGenerator


class ExportedGenerator(tf.Module):
    """The generator with everything around it that a fresh process needs.

    Args:
      generator: trained.
      side: of the silhouettes in pixels.
    """

    def __init__(self, generator: MeshGenerator, side: int):
        super().__init__(name="shape_gan")
        self._generator = generator
        self._side = side
        signature = [tf.TensorSpec([None, generator.size.noise_units], tf.float32, name="noise")]
        self.generate = tf.function(self._generate, signature, autograph=False)

    def _generate(self, noise: tf.Tensor) -> dict[str, tf.Tensor]:
        """Meshes of noise [B, Z].

        "vertices" [B, V, 3], "faces" [F, 3], "textures" [B, T, T, 3], "uv" [N, 2] and "uv_faces"
        [F, 3] as of `textures.UvTexture`, and "silhouettes" [B, 4, S, S] from the four sides.
        """
        made = self._generator(noise)
        texture = self._generator.texture_of(made["textures"])
        mesh = Mesh(made["vertices"], self._generator.faces)
        return {
            "vertices": made["vertices"],
            "faces": tf.identity(mesh.faces),
            "textures": made["textures"],
            "uv": tf.constant(texture.uv),
            "uv_faces": tf.identity(texture.uv_faces),
            "silhouettes": draw_canonical_views(mesh, image_size=self._side)[..., 0],
        }


def save_model(generator: MeshGenerator, side: int, directory: pathlib.Path) -> None:
    """Writes the SavedModel; `import tf_mesh_renderer` before `tf.saved_model.load`.

    Args:
      generator: trained.
      side: of the silhouettes in pixels.
      directory: of the SavedModel; what is there is replaced.
    """
    module = ExportedGenerator(generator, side)
    tf.saved_model.save(module, str(directory), signatures={"serving_default": module.generate})
