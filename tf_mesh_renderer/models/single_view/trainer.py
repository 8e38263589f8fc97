"""Training from single photographs with masks, cameras and keypoints."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.cameras import Camera, weak_perspective
from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.metrics.keypoints import shows_keypoints
from tf_mesh_renderer.models.loss_trainer import LossTrainer
from tf_mesh_renderer.models.reconstruction.losses import image_losses, shape_losses
from tf_mesh_renderer.models.single_view.losses import (
    KEYPOINT,
    SingleViewLossWeights,
    keypoint_loss,
)
from tf_mesh_renderer.models.single_view.network import SingleViewNetwork
from tf_mesh_renderer.models.texture_light import TexturedRendering, TexturedSurfaces

IOU, TEXTURE_L1, PCK = "iou", "texture_l1", "pck"
_RGB = 3


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SingleViewTrainer(LossTrainer):
    """A network for one category and how `fit` trains it: one view of each object, no other.

    Each photograph is turned into a shape, a texture, a light and keypoints; these are drawn from
    the photograph's own camera and compared with it inside its mask.

    Example:
      >>> network = SingleViewNetwork(num_keypoints=15, size="tiny", illumination="sh")
      >>> network.build([None, 64, 64, 4])
      >>> network.start_from(birds.mean_keypoints)
      >>> trainer = SingleViewTrainer(network)
      >>> trainer.compile(keras.optimizers.Adam(1e-4))
      >>> trainer.fit(single_views(birds, ...), steps_per_epoch=1000)

    Args:
      network: `SingleViewNetwork` whose variables are made (`build`).
      rendering: `TexturedRendering` or its configuration; None: DIB-R's, from parallel rays.
      weights: `SingleViewLossWeights` or their configuration.
      object_side: longest side of an object in image coordinates, for the figure of keypoints: 2
        over one plus twice the padding of the crops.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1], RGB over black and mask.
      training: as in `SingleViewNetwork`.
    Training data:
      Dicts of "images" [B, H, W, 4], "keypoints" [B, K, 3] and "poses" [B, 7], as
      `datasets.single_views` makes them.
    Raises:
      ValueError: the network is not built, or the rendering is for perspective cameras.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, section 5.4 and Table 3.
    """

    def __init__(
        self,
        network: SingleViewNetwork,
        *,
        rendering: Any = None,
        weights: Any = SingleViewLossWeights(),  # noqa: B008  (a frozen value)
        object_side: float = metrics.keypoints.IMAGE_SIDE,
        **kwargs,
    ):
        weights = SingleViewLossWeights.from_config(weights)
        rendering = TexturedRendering(depth_from="z") if rendering is None else rendering
        rendering = TexturedRendering.from_config(rendering)
        _check(network, rendering)
        super().__init__(network, weights=weights, figures=(IOU, TEXTURE_L1, PCK), **kwargs)
        # Without a loss on keypoints nothing says which vertices they are.
        network.keypoint_logits.trainable = bool(weights.keypoint)
        self.rendering = rendering
        self.object_side = object_side
        self._adjacency = Adjacency.from_faces(network.faces, len(network.template))

    def losses_of(self, data, *, training: bool = False) -> dict[str, tf.Tensor]:
        """The parts of the loss of one batch, without their weights, and the IoU.

        Args:
          data: a batch of the training data.
          training: as in `SingleViewNetwork`.
        Returns:
          [] float32 for each part that is used, and "iou", which has no gradient.
        Gradients:
          To the variables of the network.
        """
        images = over_black(data["images"])
        predicted = self.network(images, training=training)
        parts = self._parts(data, images, predicted, self.draw(data, predicted))
        return {name: parts[name] for name in (*self.weights_of_losses.used, IOU)}

    def figures_of(self, data) -> dict[str, tf.Tensor]:
        """What `losses_of` returns, and the figures of the published table.

        Args:
          data: a batch.
        Returns:
          [] float32 each: also "texture_l1", the mean absolute difference of colours over black,
          over all pixels; and "pck", the share of keypoints within 0.1, mean over photographs
          that show one, 0 if none does.
        Gradients:
          Not meant for any.
        """
        images = over_black(data["images"])
        predicted = self.network(images, training=False)
        drawn = self.draw(data, predicted)
        parts = self._parts(data, images, predicted, drawn)
        figures = {name: parts[name] for name in (*self.weights_of_losses.used, IOU)}
        figures[TEXTURE_L1] = tf.reduce_mean(
            metrics.color_l1(images[..., :_RGB], drawn[..., :_RGB])
        )
        found = project(predicted["keypoints"], data["poses"])
        correct = metrics.keypoint_pck(data["keypoints"], found, object_side=self.object_side)
        shown = tf.cast(shows_keypoints(data["keypoints"]), correct.dtype)
        share = tf.math.divide_no_nan(tf.reduce_sum(shown * correct), tf.reduce_sum(shown))
        return {**figures, PCK: share}

    def draw(self, data, predicted, *, lit: bool = True) -> tf.Tensor:
        """Draws predictions from the cameras of their photographs, as training does.

        Args:
          data: a batch, for its cameras and the size of its images.
          predicted: as `SingleViewNetwork` returns it.
          lit: False draws the textures as they are.
        Returns:
          [B, H, W, 4] float: colour over black, and alpha.
        Gradients:
          As the gradient model of the rendering defines them.
        """
        camera = camera_of(data["poses"], near=self.rendering.near, far=self.rendering.far)
        lights = self.network.lights_in_world(predicted["lights"], camera.world_to_view)
        drawn = self.rendering.draw(
            TexturedSurfaces(
                predicted["vertices"][:, tf.newaxis],
                predicted["textures"][:, tf.newaxis],
                self.network.faces,
                self.network.uv,
                self.network.uv_faces,
            ),
            (camera.world_to_view[:, tf.newaxis], camera.view_to_clip[:, tf.newaxis]),
            image_size=_size_of(data["images"]),
            illumination=self.network.illumination if lit else None,
            lights=lights[:, tf.newaxis],
        )
        return drawn[:, 0, 0]

    def _parts(self, data, images, predicted, drawn):
        wanted = self.weights_of_losses
        one = images[:, tf.newaxis], drawn[:, tf.newaxis, tf.newaxis]
        parts = image_losses(*one, color_over=wanted.color_over)
        shapes = predicted["vertices"], predicted["displacements"]
        parts |= shape_losses(*shapes, self._adjacency, wanted)
        if wanted.keypoint:
            found = project(predicted["keypoints"], data["poses"])
            parts[KEYPOINT] = tf.reduce_mean(keypoint_loss(data["keypoints"], found))
        return parts

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "rendering": self.rendering.to_config(),
            "weights": self.weights_of_losses.to_config(),
            "object_side": self.object_side,
        }


def over_black(images: tf.Tensor) -> tf.Tensor:
    """Photographs without what is not the object.

    Args:
      images: [B, H, W, 4] float: colours of the whole photograph, and mask.
    Returns:
      [B, H, W, 4]: colours times mask, and mask.
    Gradients:
      Exact.
    """
    mask = images[..., _RGB:]
    return tf.concat([images[..., :_RGB] * mask, mask], axis=-1)


def camera_of(poses: tf.Tensor, *, near: float = 0.1, far: float = 100.0) -> Camera:
    """The weak-perspective cameras of photographs.

    Args:
      poses: [B, 7] float: scale, translation x and y, quaternion (w, x, y, z).
      near: depth from which on things are drawn.
      far: depth up to which things are drawn.
    Returns:
      `Camera` with a batch of B, which stands half way between the two.
    Gradients:
      Exact.
    """
    scale, translation, quaternion = _parts_of(poses)
    middle = {"distance": (near + far) / 2, "near": near, "far": far}
    return Camera.from_weak_perspective(scale, translation, quaternion, **middle)


def project(points: tf.Tensor, poses: tf.Tensor) -> tf.Tensor:
    """Where points appear in photographs.

    Args:
      points: [B, N, 3] float, world space.
      poses: [B, 7] float, as of `camera_of`.
    Returns:
      [B, N, 2] image coordinates: x right, y down, from -1 to 1.
    Gradients:
      Exact to both.
    """
    return weak_perspective(points, *_parts_of(poses))


def _parts_of(poses):
    return poses[:, 0], poses[:, 1:3], poses[:, 3:]


def _size_of(images):
    """(height, width): numbers where they are known, else a tensor."""
    size = tuple(images.shape[1:3])
    return tf.shape(images)[1:3] if None in size else size


def _check(network: SingleViewNetwork, rendering: TexturedRendering) -> None:
    if not network.built:
        raise argument_error(
            "SingleViewTrainer",
            "network",
            expected="a network with variables",
            received=f"{network.name}, not built",
            hint="call network.build([None, height, width, 4]) first",
        )
    if rendering.depth_from != "z":
        raise argument_error(
            "SingleViewTrainer",
            "rendering",
            expected="depth_from='z', as for parallel rays",
            received=f"depth_from={rendering.depth_from!r}",
            hint="weak-perspective cameras are orthographic",
        )
