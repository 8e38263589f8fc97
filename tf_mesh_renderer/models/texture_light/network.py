"""From one image to a texture and the light it was taken in, and if asked for the shape."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.models.reconstruction.networks import DibrReconstruction, template_arrays
from tf_mesh_renderer.models.reconstruction.vertices import HALF_EXTENT, displaced_vertices
from tf_mesh_renderer.models.texture_light.layers import (
    ResidualBlock,
    averaged_to_grid,
    block,
    resized,
)
from tf_mesh_renderer.models.texture_light.sizes import TextureLightSize
from tf_mesh_renderer.shading import illumination
from tf_mesh_renderer.textures import spherical_uv

_COLORS = 3
# Heads start near 0: grey textures, light from the viewer, an undeformed template.
_SMALL = 1e-2
# Vertices move by a tenth of what their head returns: at the learning rate of a texture they would
# fold the template in the first steps.
_DISPLACEMENT_SCALE = 0.1


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class TextureLightNetwork(keras.Model):
    """DIB-R's network for texture and light: a UNet, with a residual network on its bottleneck.

    Light is predicted in view space: a network that has to find it in world space would have to
    learn how the camera is turned, too, and hardly does. `lights_in_world` turns it.

    Args:
      template: `Mesh` without batch, a sphere in any size, or a dict of its vertices [V, 3] and
        faces [F, 3]; None: the icosphere of 642 vertices. Its directions are the places on the
        texture.
      size: `TextureLightSize`, its name or its configuration.
      illumination: of `shading.illumination`, its name or its configuration: "lambert", "phong" or
        "sh".
      texture_size: (h, w) of the textures in texels; None: that of the images.
      predicts_vertices: whether the shape is predicted, too, as a displaced template.
      half_extent: half the longest side of every predicted mesh, world units.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, C] float in [0, 1], RGB over black and mask; any size.
      training: whether batch normalization uses the batch's own moments.
    Returns:
      A dict of float32 tensors: "textures" [B, h, w, 3] in (0, 1), linear, row 0 on top; "lights"
      [B, K], the numbers of the illumination in view space; with `predicts_vertices` also
      "vertices" [B, V, 3], world space, and "displacements" [B, V, 3] of the template.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, section 5.2. Widths and depths are not in the paper.
    """

    def __init__(
        self,
        template: Any = None,
        *,
        size: Any = "paper",
        illumination: Any = "lambert",
        texture_size: tuple[int, int] | None = None,
        predicts_vertices: bool = False,
        half_extent: float = HALF_EXTENT,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.size = TextureLightSize.from_config(size)
        self.illumination = _illumination(illumination)
        self.texture_size = None if texture_size is None else tuple(texture_size)
        self.predicts_vertices = predicts_vertices
        self.half_extent = half_extent
        self._template, self._faces = template_arrays(template)
        self._uv = spherical_uv(self._template, self._faces)
        self._make_unet()
        self._make_heads()

    @property
    def template(self) -> np.ndarray:
        """[V, 3] float32: the template, its longest side from -1 to 1."""
        return self._template

    @property
    def faces(self) -> np.ndarray:
        """[F, 3] int32: the faces of the template and of every mesh that has its textures."""
        return self._faces

    @property
    def uv(self) -> np.ndarray:
        """[3 F, 2] float32: where the corners of the faces lie on a texture."""
        return self._uv[0]

    @property
    def uv_faces(self) -> np.ndarray:
        """[F, 3] int32: rows of `uv`."""
        return self._uv[1]

    def _make_unet(self):
        common = {"is_normalized": self.size.batch_norm, "dtype": self.dtype_policy}
        common["count"] = self.size.convolutions
        self.down = [
            block(filters, stride=1 if level == 0 else 2, name=f"down_{level}", **common)
            for level, filters in enumerate(self.size.filters)
        ]
        self.up = [
            block(filters, stride=1, name=f"up_{level}", **common)
            for level, filters in enumerate(self.size.filters[:-1])
        ]

    def _make_heads(self):
        small = keras.initializers.RandomNormal
        self.texture_head = keras.layers.Conv2D(
            _COLORS, 3, padding="same", kernel_initializer=small(stddev=_SMALL), dtype="float32"
        )
        self.light_blocks = [
            ResidualBlock(is_normalized=self.size.batch_norm, dtype=self.dtype_policy)
            for _ in range(self.size.light_blocks)
        ]
        self.light_head = keras.layers.Dense(
            self.illumination.num_numbers, kernel_initializer=small(stddev=_SMALL), dtype="float32"
        )
        if self.predicts_vertices:
            dense = [
                keras.layers.Dense(
                    units, "relu", kernel_initializer="he_normal", dtype=self.dtype_policy
                )
                for units in self.size.shape_units
            ]
            self.shape_decoder = keras.Sequential(dense, name="shape_decoder")
            self.displacement_head = keras.layers.Dense(
                self._template.size, kernel_initializer=small(stddev=_SMALL), dtype="float32"
            )

    def build(self, input_shape):
        """Makes all variables.

        Args:
          input_shape: (B, H, W, C) of the images; only C has to be known.
        """
        if self.built:
            return
        filters = self.size.filters
        for level, channels in enumerate((input_shape[-1], *filters[:-1])):
            self.down[level].build((None, None, None, channels))
        for level, skip in enumerate(filters[:-1]):
            self.up[level].build((None, None, None, skip + filters[level + 1]))
        self.texture_head.build((None, None, None, filters[0]))
        for layer in self.light_blocks:
            layer.build((None, None, None, filters[-1]))
        features = (None, self.size.grid**2 * filters[-1])
        self.light_head.build(features)
        if self.predicts_vertices:
            self.shape_decoder.build(features)
            self.displacement_head.build((None, self.size.shape_units[-1]))
        self.built = True

    def call(self, images, training=False):
        skips = []
        values = images
        for layer in self.down:
            values = layer(values, training=training)
            skips.append(values)
        outputs = {
            "textures": self._textures(skips, training),
            "lights": self._lights(values, training),
        }
        if self.predicts_vertices:
            outputs |= self._shape(values)
        return outputs

    def lights_in_world(self, lights: tf.Tensor, world_to_view: tf.Tensor) -> tf.Tensor:
        """Predicted light in world space.

        Args:
          lights: [B, K] float32, as the network returns them.
          world_to_view: [B, 4, 4] float, the cameras of its images; a scale in them is ignored.
        Returns:
          [B, K].
        Gradients:
          Exact to the lights.
        """
        rows = tf.math.l2_normalize(tf.cast(world_to_view, lights.dtype)[..., :3, :3], axis=-1)
        return self.illumination.rotated(lights, tf.linalg.matrix_transpose(rows))

    def _textures(self, skips, training):
        values = skips[-1]
        for layer, skip in zip(reversed(self.up), reversed(skips[:-1])):
            values = resized(values, tf.shape(skip)[1:3])
            values = layer(tf.concat([values, skip], axis=-1), training=training)
        colors = self.texture_head(values)
        if self.texture_size is not None and self.texture_size != tuple(colors.shape[1:3]):
            colors = resized(colors, self.texture_size)
        return tf.sigmoid(colors)

    def _lights(self, bottleneck, training):
        for layer in self.light_blocks:
            bottleneck = layer(bottleneck, training=training)
        return self.illumination.from_features(self.light_head(self._flat(bottleneck)))

    def _shape(self, bottleneck):
        numbers = self.displacement_head(self.shape_decoder(self._flat(bottleneck)))
        displacements = _DISPLACEMENT_SCALE * tf.reshape(numbers, [-1, *self._template.shape])
        start = tf.constant(self._template * DibrReconstruction.TEMPLATE_HALF_EXTENT)
        moved = displaced_vertices(start, displacements, half_extent=self.half_extent)
        return {"vertices": moved, "displacements": displacements}

    def _flat(self, bottleneck):
        grid = averaged_to_grid(bottleneck, self.size.grid)
        return tf.reshape(grid, [-1, self.size.grid**2 * self.size.filters[-1]])

    def get_config(self):
        return {
            **super().get_config(),
            "template": {"vertices": self._template.tolist(), "faces": self._faces.tolist()},
            "size": self.size.to_config(),
            "illumination": illumination.serialize(self.illumination),
            "texture_size": None if self.texture_size is None else list(self.texture_size),
            "predicts_vertices": self.predicts_vertices,
            "half_extent": self.half_extent,
        }


def _illumination(identifier: Any):
    """The constructor has an argument of the module's name."""
    return illumination.get(identifier)
