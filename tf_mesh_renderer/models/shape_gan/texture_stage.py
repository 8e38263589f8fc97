"""Second stage of the 3D GAN: textures, on shapes that stay as they are."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.datasets.canonical_views import draw_canonical_views
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.generator import MeshGenerator
from tf_mesh_renderer.models.shape_gan.trainer import GanTrainer, check_critic

IMAGES, TEXTURES = "images", "textures"


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class TextureGanTrainer(GanTrainer):
    """Trains the textures of a generator; its shapes stay as they are.

    One critic sees an object from four sides at once, the other its texture map: what no view shows
    looks like a real texture too.

    Args:
      generator: `MeshGenerator`.
      image_critic: `Discriminator` built for [None, S, S, 12], colours of four views.
      texture_critic: `Discriminator` built for [None, T, T, 3].
      image_size: S, side of the pictures in pixels.
      **kwargs: passed to `GanTrainer`.
    Raises:
      ValueError: a critic is not built.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, sections 4.2 and 5.5.
    """

    def __init__(
        self,
        generator: MeshGenerator,
        image_critic: Discriminator,
        texture_critic: Discriminator,
        *,
        image_size: int,
        **kwargs,
    ):
        super().__init__(generator, **kwargs)
        for name, critic in (("image_critic", image_critic), ("texture_critic", texture_critic)):
            check_critic("TextureGanTrainer", name, critic)
        self.image_critic = image_critic
        self.texture_critic = texture_critic
        self.image_size = image_size
        self.make_trackers([])

    @property
    def critics(self):
        return {IMAGES: self.image_critic, TEXTURES: self.texture_critic}

    @property
    def trained_variables(self):
        return self.generator.texture_decoder.trainable_variables

    def samples(self, generated):
        textures = generated["textures"]
        vertices = tf.stop_gradient(generated["vertices"])
        mesh = Mesh(vertices, self.generator.faces, self.generator.texture_of(textures))
        drawn = draw_canonical_views(mesh, image_size=self.image_size)  # [B, 4, S, S, 4]
        return {IMAGES: views_as_channels(drawn[..., :3]), TEXTURES: textures}

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "image_critic": keras.saving.serialize_keras_object(self.image_critic),
            "texture_critic": keras.saving.serialize_keras_object(self.texture_critic),
            "image_size": self.image_size,
        }


def views_as_channels(images: tf.Tensor) -> tf.Tensor:
    """The pictures of an object as one picture, which a critic looks at.

    Args:
      images: [B, N, H, W, C], N views.
    Returns:
      [B, H, W, N C].
    Gradients:
      Exact.
    """
    images = tf.transpose(images, [0, 2, 3, 1, 4])
    return tf.reshape(images, [-1, *images.shape[1:3], images.shape[3] * images.shape[4]])
