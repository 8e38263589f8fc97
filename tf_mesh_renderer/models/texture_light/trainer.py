"""Training of a texture and light network from pictures and their cameras."""

from typing import Any

import keras
import tensorflow as tf

from tf_mesh_renderer import metrics
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.geometry.adjacency import Adjacency
from tf_mesh_renderer.models.loss_trainer import LossTrainer
from tf_mesh_renderer.models.reconstruction.losses import (
    LossWeights,
    image_losses,
    shape_losses,
)
from tf_mesh_renderer.models.texture_light.network import TextureLightNetwork
from tf_mesh_renderer.models.texture_light.rendering import TexturedRendering, TexturedSurfaces
from tf_mesh_renderer.shading import PhongIllumination

LIGHT_ANGLE, SHADING_RMSE = "light_angle", "shading_rmse"
SHININESS_ERROR = "shininess_error"
TEXTURE_L1, IMAGE_L1, IOU = "texture_l1", "texture_light_l1", "iou"
_RGB = 3


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class TextureLightTrainer(LossTrainer):
    """A texture and light network and how `fit` trains it.

    Each of N pictures of an object is turned into a texture and a light, and if the network
    predicts shapes into a mesh; each is drawn from the cameras of all N pictures, and every drawing
    is compared with the picture from there. The truth of texture and light is never looked at but
    for figures in the log.

    Args:
      network: `TextureLightNetwork` whose variables are made (`build`).
      rendering: `TexturedRendering` or its configuration.
      weights: `LossWeights` or their configuration. Only "color" can be used where shapes are
        given.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1].
      training: as in `TextureLightNetwork`.
    Training data:
      Dicts of "images" [B, N, H, W, 4] float in [0, 1], RGB over black and mask of N >= 1 views of
      each object; "world_to_view" and "view_to_clip" [B, N, 4, 4], the matrices of their cameras;
      and unless the network predicts it, "vertices" [B, V, 3] in world space. If there is more,
      more is measured: by "lights" [B, K] in world space the angle of the light, by "albedos"
      [B, N, H, W, 3], pictures without light, the error of the texture.
    Raises:
      ValueError: the network is not built, or there is a loss on shapes that are given.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, section 5.2.
    """

    def __init__(
        self,
        network: TextureLightNetwork,
        *,
        rendering: Any = TexturedRendering(),  # noqa: B008  (a frozen value)
        weights: Any = None,
        **kwargs,
    ):
        weights = LossWeights.from_config(_default_weights(network) if weights is None else weights)
        _check(network, weights)
        figures = (LIGHT_ANGLE, SHADING_RMSE, TEXTURE_L1, IMAGE_L1)
        figures += (IOU,) if network.predicts_vertices else ()
        self._has_gloss = isinstance(network.illumination, PhongIllumination)
        figures += (SHININESS_ERROR,) if self._has_gloss else ()
        super().__init__(network, weights=weights, figures=figures, **kwargs)
        self.rendering = TexturedRendering.from_config(rendering)
        self._adjacency = Adjacency.from_faces(network.faces, len(network.template))

    def losses_of(self, data, *, training: bool = False) -> dict[str, tf.Tensor]:
        """The parts of the loss of one batch, without their weights, and the angle of the light.

        Args:
          data: a batch of the training data.
          training: as in `TextureLightNetwork`.
        Returns:
          [] float32 for each part that is used; "light_angle" in degrees, where the truth is known;
          "iou" of predicted shapes. The last two have no gradient.
        Gradients:
          To the variables of the network.
        """
        predicted = self.predict_all(data, training=training)
        return self._parts_of(data, predicted, self.draw(data, predicted))

    def losses_and_drawings(
        self, data, *, training: bool = False
    ) -> tuple[dict[str, tf.Tensor], tf.Tensor, tf.Tensor]:
        """`losses_of`, and the drawings that it compares with pictures.

        Args:
          data: a batch of the training data.
          training: as in `TextureLightNetwork`.
        Returns:
          The parts of the loss; the pictures [B N N, H, W, 4], each once for every prediction; and
          the drawings, of the same shape.
        Gradients:
          To the variables of the network.
        """
        predicted = self.predict_all(data, training=training)
        drawn = self.draw(data, predicted)  # [B, M, N, H, W, 4]
        pictures = tf.repeat(data["images"][:, tf.newaxis], tf.shape(drawn)[1], axis=1)
        flat = (_one_batch(_one_batch(values)) for values in (pictures, drawn))
        return self._parts_of(data, predicted, drawn), *flat

    def figures_of(self, data) -> dict[str, tf.Tensor]:
        """What `losses_of` returns, and the errors of the published tables.

        Args:
          data: a batch of the training data.
        Returns:
          [] float32 each, means over all drawings: "texture_light_l1", of all pixels and channels;
          where the truth is known also "texture_l1", the same of drawings without light, and
          "shading_rmse", of white surfaces under both lights, over the pixels of the object; of
          Phong's material "shininess_error", |ln| of predicted over true shininess.
        Gradients:
          Not meant for any.
        """
        predicted = self.predict_all(data)
        drawn = self.draw(data, predicted)
        figures = self._parts_of(data, predicted, drawn)
        figures[IMAGE_L1] = _mean_l1(data["images"][..., :_RGB], drawn)
        if "albedos" in data:
            figures[TEXTURE_L1] = _mean_l1(data["albedos"], self.draw(data, predicted, lit=False))
        if "lights" in data:
            figures[SHADING_RMSE] = self._shading_rmse(data, predicted)
        if "lights" in data and self._has_gloss:
            ratio = predicted["lights"][..., 3] / data["lights"][:, tf.newaxis, 3]
            figures[SHININESS_ERROR] = tf.reduce_mean(tf.abs(tf.math.log(ratio)))
        return figures

    def predict_all(self, data, *, training: bool = False) -> dict[str, tf.Tensor]:
        """What the network says of every picture.

        Args:
          data: a batch of the training data.
          training: as in `TextureLightNetwork`.
        Returns:
          The network's outputs with two batch axes [B, N, ...], the lights in world space, and
          "vertices" [B, N, V, 3] where the data have them.
        Gradients:
          To the variables of the network.
        """
        images = data["images"]
        outputs = dict(self.network(_one_batch(images), training=training))
        views = _one_batch(data["world_to_view"])
        outputs["lights"] = self.network.lights_in_world(outputs["lights"], views)
        front = tf.shape(images)[:2]
        predicted = {name: _two_batches(value, front) for name, value in outputs.items()}
        if not self.network.predicts_vertices:
            given = data["vertices"][:, tf.newaxis]
            predicted["vertices"] = tf.repeat(given, front[1], axis=1)
        return predicted

    def draw(self, data, predicted, *, lit: bool = True) -> tf.Tensor:
        """Draws predictions as training does.

        Args:
          data: a batch of the training data, for its cameras and the size of its images.
          predicted: as `predict_all` returns it: "vertices", "textures" and "lights" [B, M, ...].
          lit: False draws the textures as they are.
        Returns:
          [B, M, N, H, W, 4] float: colour and alpha of M predictions from N cameras.
        Gradients:
          As the gradient model of the rendering defines them.
        """
        return self.rendering.draw(
            self._surfaces(predicted["vertices"], predicted["textures"]),
            (data["world_to_view"], data["view_to_clip"]),
            image_size=_size_of(data["images"]),
            illumination=self.network.illumination if lit else None,
            lights=predicted["lights"],
        )

    def _parts_of(self, data, predicted, drawn) -> dict[str, tf.Tensor]:
        parts = image_losses(data["images"], drawn, color_over=self.weights_of_losses.color_over)
        names = self.weights_of_losses.used
        if self.network.predicts_vertices:
            flat = (_one_batch(predicted[name]) for name in ("vertices", "displacements"))
            parts |= shape_losses(*flat, self._adjacency, self.weights_of_losses)
            names = (*names, IOU)
        if "lights" in data:
            parts[LIGHT_ANGLE] = self._light_angle(data, predicted)
            names = (*names, LIGHT_ANGLE)
        return {name: parts[name] for name in names}

    def _light_angle(self, data, predicted) -> tf.Tensor:
        direction = self.network.illumination.direction
        truth = direction(data["lights"])[:, tf.newaxis]
        return tf.reduce_mean(metrics.angle_degrees(truth, direction(predicted["lights"])))

    def _shading_rmse(self, data, predicted) -> tf.Tensor:
        white = {**predicted, "textures": tf.ones_like(predicted["textures"])}
        shown = self.draw(data, white)
        true_lights = tf.broadcast_to(data["lights"][:, tf.newaxis], tf.shape(white["lights"]))
        wanted = self.draw(data, {**white, "lights": true_lights})
        covered = wanted[..., _RGB:]
        squared = covered * tf.square(shown[..., :_RGB] - wanted[..., :_RGB])
        return tf.sqrt(tf.math.divide_no_nan(tf.reduce_sum(squared), _RGB * tf.reduce_sum(covered)))

    def _surfaces(self, vertices, textures) -> TexturedSurfaces:
        network = self.network
        return TexturedSurfaces(vertices, textures, network.faces, network.uv, network.uv_faces)

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "rendering": self.rendering.to_config(),
            "weights": self.weights_of_losses.to_config(),
        }


def _default_weights(network: TextureLightNetwork) -> LossWeights:
    """The paper's, which are those of its reconstruction where shapes are predicted."""
    if not network.predicts_vertices:
        return LossWeights(silhouette=0.0, color=1.0)
    return LossWeights(color=1.0, laplacian=0.01, flatten=0.001, laplacian_of="displacements")


def _check(network: TextureLightNetwork, weights: LossWeights) -> None:
    if not network.built:
        raise argument_error(
            "TextureLightTrainer",
            "network",
            expected="a network with variables",
            received=f"{network.name}, not built",
            hint="call network.build([None, height, width, 4]) first",
        )
    if not network.predicts_vertices and weights.used != ("color",):
        raise argument_error(
            "TextureLightTrainer",
            "weights",
            expected="a weight of color alone for a network that is given its shapes",
            received=weights.used,
            hint="make the network with predicts_vertices=True",
        )


def _mean_l1(images: tf.Tensor, drawn: tf.Tensor) -> tf.Tensor:
    """Mean over all of M drawings [B, M, N, H, W, 4] of one picture [B, N, H, W, 3] each."""
    return tf.reduce_mean(tf.abs(images[:, tf.newaxis] - drawn[..., :_RGB]))


def _size_of(images: tf.Tensor):
    """(height, width): numbers where they are known, else a tensor."""
    size = tuple(images.shape[-3:-1])
    return tf.shape(images)[-3:-1] if None in size else size


def _one_batch(values: tf.Tensor) -> tf.Tensor:
    """[B, N, ...] as [B N, ...]."""
    flat = tf.reshape(values, tf.concat([[-1], tf.shape(values)[2:]], axis=0))
    return tf.ensure_shape(flat, [None, *values.shape[2:]])


def _two_batches(values: tf.Tensor, front: tf.Tensor) -> tf.Tensor:
    """[B N, ...] as [B, N, ...]."""
    return tf.reshape(values, tf.concat([front, tf.shape(values)[1:]], axis=0))
