"""First stage of the 3D GAN: shapes, from nothing but silhouettes."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.datasets.canonical_views import draw_canonical_views
from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.losses.laplacian import laplacian_loss
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.generator import MeshGenerator
from tf_mesh_renderer.models.shape_gan.trainer import GanTrainer, check_critic

SILHOUETTES = "silhouettes"


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class ShapeGanTrainer(GanTrainer):
    """Trains the shapes of a generator; its textures stay as they are.

    The critic sees the silhouettes of an object from four sides at once, as the channels of one
    picture: only shapes in the pose of the real ones deceive it.

    Args:
      generator: `MeshGenerator`.
      critic: `Discriminator` built for [None, S, S, 4].
      image_size: S, side of the silhouettes in pixels.
      laplacian: weight of the Laplacian loss of the displacements.
      **kwargs: passed to `GanTrainer`.
    Raises:
      ValueError: the critic is not built.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, sections 4.2 and 5.5. The Laplacian loss is ours.
    """

    def __init__(
        self,
        generator: MeshGenerator,
        critic: Discriminator,
        *,
        image_size: int,
        laplacian: float = 1.0,
        **kwargs,
    ):
        super().__init__(generator, **kwargs)
        check_critic("ShapeGanTrainer", "critic", critic)
        self.critic = critic
        self.image_size = image_size
        self.laplacian = laplacian
        self._adjacency = Adjacency.from_faces(generator.faces, len(generator.template))
        self.make_trackers(["laplacian"])

    @property
    def critics(self):
        return {SILHOUETTES: self.critic}

    @property
    def trained_variables(self):
        return self.generator.shape_decoder.trainable_variables

    def generate(self, noise):
        return self.generator.shapes(noise)

    def samples(self, generated):
        mesh = Mesh(generated["vertices"], self.generator.faces)
        drawn = draw_canonical_views(mesh, image_size=self.image_size)  # [B, 4, S, S, 1]
        return {SILHOUETTES: tf.transpose(drawn[..., 0], [0, 2, 3, 1])}

    def regularization(self, generated):
        loss = tf.reduce_mean(laplacian_loss(generated["displacements"], self._adjacency))
        return {"laplacian": self.laplacian * loss}

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "critic": keras.saving.serialize_keras_object(self.critic),
            "image_size": self.image_size,
            "laplacian": self.laplacian,
        }
