"""Training of a reconstruction network from pairs of views, without any shape to copy."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.models.loss_trainer import LossTrainer
from tf_mesh_renderer.models.reconstruction.losses import (
    LossWeights,
    image_losses,
    shape_losses,
)
from tf_mesh_renderer.models.reconstruction.networks import MeshReconstruction
from tf_mesh_renderer.models.reconstruction.rendering import MultiViewRendering


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class MultiViewTrainer(LossTrainer):
    """A reconstruction network and how `fit` trains it.

    Each picture of an object is turned into a mesh, each mesh is drawn from the viewpoints of all
    pictures of its object, and every drawing is compared with the picture from there.

    Example:
      >>> network = DibrReconstruction()
      >>> network.build([None, 64, 64, 4])
      >>> trainer = MultiViewTrainer(network, rendering=paper_rendering("dibr"))
      >>> trainer.compile(keras.optimizers.Adam(1e-4))
      >>> trainer.fit(view_pairs(...), steps_per_epoch=1000)

    Called on images it returns what the network does, so that `predict` and `export` work.

    Args:
      network: `MeshReconstruction` whose variables are made (`build`).
      rendering: `MultiViewRendering` or its configuration.
      weights: `LossWeights` or their configuration.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1].
      training: as in `MeshReconstruction`.
    Training data:
      Dicts of "images" [B, N, H, W, 4] float in [0, 1], RGB over black and mask of N views of
      each object, and "viewpoints" [B, N] int, which of the 24 views they are.
    Raises:
      ValueError: the network is not built, or predicts no colours for a loss on them.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 4.1, and its released
      program, with two views.
    """

    def __init__(
        self,
        network: MeshReconstruction,
        *,
        rendering: Any = MultiViewRendering(),  # noqa: B008  (a frozen value)
        weights: Any = LossWeights(),  # noqa: B008
        **kwargs,
    ):
        weights = LossWeights.from_config(weights)
        _check(network, weights)
        super().__init__(network, weights=weights, figures=("iou",), **kwargs)
        self.rendering = MultiViewRendering.from_config(rendering)
        self._adjacency = Adjacency.from_faces(network.faces, len(network.template))

    def losses_of(self, data, *, training: bool = False) -> dict[str, tf.Tensor]:
        """The parts of the loss of one batch, without their weights, and the IoU.

        Args:
          data: a batch of the training data.
          training: as in `MeshReconstruction`.
        Returns:
          [] float32 for each part that is used, and "iou", which has no gradient.
        Gradients:
          To the variables of the network.
        """
        images = data["images"]
        predicted = self._predict_all(images, training)
        drawn = self.draw(predicted, data["viewpoints"], image_size=_size_of(images))
        wanted = self.weights_of_losses
        parts = image_losses(images, drawn, color_over=wanted.color_over)
        flat = (_one_batch(predicted[name]) for name in ("vertices", "displacements"))
        parts |= shape_losses(*flat, self._adjacency, wanted)
        return {name: parts[name] for name in (*wanted.used, "iou")}

    def draw(self, predicted, viewpoints, *, image_size) -> tf.Tensor:
        """Draws predicted meshes as training does.

        Args:
          predicted: outputs of the network with two batch axes, [B, M, ...]: M meshes per object.
          viewpoints: [B, N] int, which of the 24 views.
          image_size: (height, width) in pixels.
        Returns:
          [B, M, N, H, W, C + 1] float: colours if the loss looks at them, C = 3, and alpha.
        Gradients:
          As the gradient model of the step defines them.
        """
        return self.rendering.draw(
            predicted["vertices"],
            self.network.faces,
            viewpoints,
            image_size=image_size,
            colors=predicted["colors"] if self.weights_of_losses.color else None,
            step=0 if self.optimizer is None else self.optimizer.iterations,
        )

    def _predict_all(self, images, training):
        """The network's outputs for [B, N, H, W, 4] images, each with axes [B, N, ...]."""
        outputs = self.network(_one_batch(images), training=training)
        front = tf.shape(images)[:2]
        return {
            name: tf.reshape(value, tf.concat([front, tf.shape(value)[1:]], axis=0))
            for name, value in outputs.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "rendering": self.rendering.to_config(),
            "weights": self.weights_of_losses.to_config(),
        }


def _check(network: MeshReconstruction, weights: LossWeights) -> None:
    if not network.built:
        raise argument_error(
            "MultiViewTrainer",
            "network",
            expected="a network with variables",
            received=f"{network.name}, not built",
            hint="call network.build([None, height, width, 4]) first",
        )
    if weights.color and not network.predicts_colors:
        raise argument_error(
            "MultiViewTrainer",
            "weights",
            expected="color=0 for a network without colours",
            received=f"color={weights.color}",
            hint="make the network with predicts_colors=True",
        )


def _size_of(images: tf.Tensor):
    """(height, width): numbers where they are known, else a tensor."""
    size = tuple(images.shape[-3:-1])
    return tf.shape(images)[-3:-1] if None in size else size


def _one_batch(values: tf.Tensor) -> tf.Tensor:
    """[B, N, ...] as [B N, ...]."""
    return tf.reshape(values, tf.concat([[-1], tf.shape(values)[2:]], axis=0))
