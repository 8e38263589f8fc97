"""The networks of the three papers: from one image to a mesh with coloured vertices."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction import sizes, stacks, vertices
from tf_mesh_renderer.models.reconstruction.picture_colors import PictureColors, mixed_colors
from tf_mesh_renderer.models.reconstruction.sizes import NetworkStyle, ReconstructionSize

_SUBDIVISIONS = 3  # of the papers' sphere: 642 vertices, 1280 faces


class MeshReconstruction(keras.Model):
    """Base of the networks: encoder, decoder of the shape, and if asked for one of the colours.

    A subclass says what its layers look like and adds `deform`, which turns what the decoder finds
    into vertices.

    Args:
      template: `Mesh` without batch that is deformed, or a dict of its vertices [V, 3] and faces
        [F, 3]; None: the icosphere of 642 vertices. Any position and size: it is normalized.
      size: `ReconstructionSize`, its name or its configuration.
      predicts_colors: whether a second decoder predicts the colours of the vertices.
      picture_colors: how many colours are taken out of the picture; the decoder then says of which
        mixture of them each vertex is. 0: it predicts the colours themselves, as in the papers.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      images: [B, H, W, 4] float in [0, 1], RGB and mask; without `picture_colors` other numbers of
        channels work too.
      training: whether batch normalization uses the batch's own moments.
    Returns:
      A dict of float32 tensors: "vertices" [B, V, 3], world space, within the unit cube;
      "displacements" [B, V, 3], what moved the vertices from where they were at first, before
      anything is scaled; with `predicts_colors` also "colors" [B, V, 3], linear and not clipped.
      With `picture_colors` these are within the colours of the picture.
    """

    STYLE: NetworkStyle = sizes.N3MR_STYLE
    DEFAULT_SIZE = "full"

    def __init__(
        self,
        template: Any = None,
        *,
        size: Any = None,
        predicts_colors: bool = False,
        picture_colors: int = 0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.size = ReconstructionSize.from_config(self.DEFAULT_SIZE if size is None else size)
        self.predicts_colors = predicts_colors
        self.picture_colors = picture_colors
        self._template, self._faces = template_arrays(template)
        self.encoder = stacks.image_encoder(self.size, self.STYLE, self.dtype_policy)
        self.decoder = self._decoder("decoder")
        if predicts_colors:
            self.color_decoder = self._decoder("color_decoder")
            numbers = len(self._template) * (picture_colors or 3)
            self.color_head = stacks.head(numbers, self.STYLE, "color_head")
        if predicts_colors and picture_colors:
            self.color_source = PictureColors(picture_colors, dtype=self.dtype_policy)

    @property
    def template(self) -> np.ndarray:
        """[V, 3] float32: the template, its longest side from -1 to 1."""
        return self._template

    @property
    def faces(self) -> np.ndarray:
        """[F, 3] int32: the faces of the template and of every mesh that is predicted."""
        return self._faces

    def build(self, input_shape):
        """Makes all variables.

        Args:
          input_shape: (B, H, W, C) of the images; B may be None.
        """
        if self.built:
            return
        self.encoder.build(input_shape)
        code = (None, self.size.code_units)
        features = (None, self.size.decoder_units[-1])
        self.decoder.build(code)
        self.build_heads(features)
        if self.predicts_colors:
            self.color_decoder.build(code)
            self.color_head.build(features)
        if self.predicts_colors and self.picture_colors:
            self.color_source.build(input_shape)
        self.built = True

    def build_heads(self, features_shape: tuple) -> None:
        """Makes the variables of the layers that `deform` calls.

        Args:
          features_shape: (None, N), what the decoder returns.
        """
        raise NotImplementedError  # Each parametrization has its own.

    def deform(self, features: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Vertices and displacements of what the decoder found.

        Args:
          features: [B, N] float.
        Returns:
          Two [B, V, 3] float32 tensors.
        Gradients:
          Exact.
        """
        raise NotImplementedError  # Each parametrization has its own.

    def call(self, images, training=False):
        code = self.encoder(images, training=training)
        vertices_world, displacements = self.deform(self.decoder(code, training=training))
        outputs = {"vertices": vertices_world, "displacements": displacements}
        if self.predicts_colors:
            numbers = self.color_head(self.color_decoder(code, training=training))
            outputs["colors"] = self._colors(numbers, images)
        return outputs

    def _colors(self, numbers: tf.Tensor, images: tf.Tensor) -> tf.Tensor:
        """[B, V, 3] of what the head of colours found."""
        if not self.picture_colors:
            return self.per_vertex(numbers)
        shares = tf.reshape(numbers, [-1, len(self._template), self.picture_colors])
        return mixed_colors(shares, self.color_source(images))

    def per_vertex(self, numbers: tf.Tensor) -> tf.Tensor:
        """Gives each vertex its three numbers.

        Args:
          numbers: [B, 3 V] float.
        Returns:
          [B, V, 3].
        Gradients:
          Exact.
        """
        return tf.reshape(numbers, [-1, *self._template.shape])  # [B, V, 3]

    def _decoder(self, name: str) -> keras.Sequential:
        return stacks.mesh_decoder(self.size, self.STYLE, self.dtype_policy, name)

    def get_config(self):
        return {
            **super().get_config(),
            "template": {"vertices": self._template.tolist(), "faces": self._faces.tolist()},
            "size": self.size.to_config(),
            "predicts_colors": self.predicts_colors,
            "picture_colors": self.picture_colors,
        }


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class N3mrReconstruction(MeshReconstruction):
    """The network of N3MR: vertices move within their octant, around a centroid that moves too.

    The learning rate of the centroid is a tenth of the others' where the optimizer looks at the
    attribute `lr` of variables, as `optimizers.Adam` does.

    Args:
      template: as in `MeshReconstruction`.
      **kwargs: passed to `MeshReconstruction`.
    Source:
      Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, and its released program.
    """

    # Of the centroid: what its head returns is scaled by the one, its learning rate by the other.
    CENTROID_SCALE = 0.1
    CENTROID_LEARNING_RATE = 0.1

    def __init__(self, template: Any = None, **kwargs):
        super().__init__(template, **kwargs)
        self.offset_head = stacks.head(self._template.size, self.STYLE, "offset_head")
        self.centroid_head = stacks.head(3, self.STYLE, "centroid_head")

    def build_heads(self, features_shape):
        self.offset_head.build(features_shape)
        self.centroid_head.build(features_shape)
        for variable in self.centroid_head.trainable_variables:
            variable.lr = self.CENTROID_LEARNING_RATE

    def deform(self, features):
        offsets = self.per_vertex(self.offset_head(features))
        centroid = tf.tanh(self.CENTROID_SCALE * self.centroid_head(features))
        moved = vertices.octant_vertices(self._template, offsets, centroid)
        return moved, moved - self._template * vertices.HALF_EXTENT / 2


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class SoftRasReconstruction(N3mrReconstruction):
    """The network of SoftRas: N3MR's with batch normalization after each convolution.

    All variables learn at the same rate.

    Args:
      template: as in `MeshReconstruction`.
      **kwargs: passed to `MeshReconstruction`.
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, and its released program.
    """

    STYLE = sizes.SOFTRAS_STYLE
    CENTROID_LEARNING_RATE = 1.0


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class DibrReconstruction(MeshReconstruction):
    """The network of DIB-R: vertices are displaced freely, then the mesh is scaled to one size.

    Args:
      template: as in `MeshReconstruction`.
      half_extent: half the longest side of every mesh, world units; see `displaced_vertices`.
      predicts_colors: as in `MeshReconstruction`; the paper's network does.
      **kwargs: passed to `MeshReconstruction`.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, section 5.1, and its released program.
    """

    STYLE = sizes.DIBR_STYLE
    DEFAULT_SIZE = "dibr"
    # Half the longest side of the template that is displaced.
    TEMPLATE_HALF_EXTENT = 0.175

    def __init__(
        self,
        template: Any = None,
        *,
        half_extent: float = vertices.HALF_EXTENT,
        predicts_colors: bool = True,
        **kwargs,
    ):
        super().__init__(template, predicts_colors=predicts_colors, **kwargs)
        self.half_extent = half_extent
        self.displacement_head = stacks.head(self._template.size, self.STYLE, "displacement_head")

    def build_heads(self, features_shape):
        self.displacement_head.build(features_shape)

    def deform(self, features):
        displacements = self.per_vertex(self.displacement_head(features))
        start = self._template * self.TEMPLATE_HALF_EXTENT
        moved = vertices.displaced_vertices(start, displacements, half_extent=self.half_extent)
        return moved, displacements

    def get_config(self):
        return {**super().get_config(), "half_extent": self.half_extent}


def template_arrays(template: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """The template that an argument of a network stands for, normalized.

    Args:
      template: `Mesh` without batch, a dict of its vertices and faces, or None: the icosphere of
        642 vertices.
    Returns:
      Vertices [V, 3] float32, see `unit_template`, and faces [F, 3] int32.
    Raises:
      ValueError: it is no single mesh.
    """
    template = icosphere(_SUBDIVISIONS) if template is None else template
    mesh = Mesh(**template) if isinstance(template, dict) else template
    return vertices.unit_template(mesh.vertices), np.asarray(mesh.faces)
