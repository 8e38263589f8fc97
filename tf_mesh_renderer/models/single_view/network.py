"""The texture and light network with a mean shape, keypoints and symmetry."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.models.single_view.symmetry import (
    mirrored_vertices,
    symmetric_textures,
    symmetric_vectors,
)
from tf_mesh_renderer.models.texture_light import TextureLightNetwork

# Half axes of the first mean shape are at least this share of the longest.
_SLIMMEST = 0.2
# How far from a keypoint vertices take part in it at first, in units of the longest half axis.
_KEYPOINT_REACH = 0.15


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SingleViewNetwork(TextureLightNetwork):
    """DIB-R's texture and light network for one category, whose cameras fix position and size.

    Shapes are a mean shape, which is a weight, plus what the image adds to it. They are not centred
    or scaled: cameras of structure from motion refer to the frame of the category. A keypoint is a
    mean of vertices with learnt weights, as in CMR.

    Args:
      template: as of `TextureLightNetwork`; its own mirror image if `symmetric`.
      num_keypoints: K.
      symmetric: whether shapes and textures are their own mirror images in the plane x = 0.
      **kwargs: passed to `TextureLightNetwork` (`size`, `illumination`, `texture_size`,
        `half_extent`, `name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1], RGB over black and mask; any size.
      training: as of `TextureLightNetwork`.
    Returns:
      A dict of float32 tensors: "textures", "lights", "vertices" and "displacements" as of
      `TextureLightNetwork`, displacements those of the template with the mean shape, and
      "keypoints" [B, K, 3], world space.
    Raises:
      ValueError: the template is not symmetric.
    Source:
      Chen et al. (DIB-R), NeurIPS 2019, section 5.4; Kanazawa et al. (CMR), ECCV 2018, sections
      2.1 and 2.2.
    """

    def __init__(
        self, template: Any = None, *, num_keypoints: int, symmetric: bool = True, **kwargs
    ):
        super().__init__(template, predicts_vertices=True, **kwargs)
        self.num_keypoints = num_keypoints
        self.symmetric = symmetric
        self._partner = mirrored_vertices(self.template) if symmetric else None

    def build(self, input_shape):
        """Makes all variables.

        Args:
          input_shape: (B, H, W, C) of the images; only C has to be known.
        """
        if self.built:
            return
        count = len(self.template)
        single = {"dtype": "float32", "initializer": "zeros", "autocast": False}
        self.mean_displacements = self.add_weight(
            name="mean_displacements", shape=(count, 3), **single
        )
        self.keypoint_logits = self.add_weight(
            name="keypoint_logits", shape=(self.num_keypoints, count), **single
        )
        super().build(input_shape)

    def call(self, images, training=False):
        outputs = dict(super().call(images, training=training))
        displacements = outputs["displacements"] + self.mean_displacements
        if self.symmetric:
            displacements = symmetric_vectors(displacements, self._partner)
            outputs["textures"] = symmetric_textures(outputs["textures"])
        vertices = self._start() + displacements
        keypoints = self.keypoints_of(vertices)
        return {
            **outputs,
            "displacements": displacements,
            "vertices": vertices,
            "keypoints": keypoints,
        }

    def keypoints_of(self, vertices: tf.Tensor) -> tf.Tensor:
        """The keypoints of shapes.

        Args:
          vertices: [B, V, 3] float32.
        Returns:
          [B, K, 3].
        Gradients:
          Exact to the vertices and the weights of the keypoints.
        """
        shares = tf.nn.softmax(tf.convert_to_tensor(self.keypoint_logits), axis=-1)
        return tf.einsum("kv,bvc->bkc", shares, vertices)

    def start_from(self, keypoints: np.ndarray) -> None:
        """Makes the mean shape an ellipsoid around keypoints, which take part in near vertices.

        Args:
          keypoints: [K, 3] float, world space: such as `AnnotatedPictures.mean_keypoints`.
        """
        points = np.asarray(keypoints, np.float32)
        low, high = points.min(axis=0), points.max(axis=0)
        center, axes = (low + high) / 2, (high - low) / 2
        if self.symmetric:
            center[0], axes[0] = 0.0, np.abs(points[:, 0]).max()
        axes = np.maximum(axes, _SLIMMEST * axes.max())
        vertices = center + axes * self.template
        reach = _KEYPOINT_REACH * axes.max()
        distances = np.linalg.norm(points[:, np.newaxis] - vertices, axis=-1)  # [K, V]
        self.mean_displacements.assign(vertices - self._start())
        self.keypoint_logits.assign(-np.square(distances / reach))

    def _start(self) -> np.ndarray:
        return self.template * np.float32(self.half_extent)

    def get_config(self):
        config = super().get_config()
        del config["predicts_vertices"]  # always
        return {**config, "num_keypoints": self.num_keypoints, "symmetric": self.symmetric}
