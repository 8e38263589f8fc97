"""A mesh whose vertices and textures are trained."""

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.neural_renderer.obj import load_obj

# Chainer's `initializers.Normal()`.
_TEXTURE_STDDEV = 0.05


class Mesh(keras.layers.Layer):
    """The mesh of an OBJ file with trainable vertices and trainable textures.

    Textures are stored before a sigmoid, so that rendered colours stay in (0, 1).

    Args:
      filename_obj: path of the file; normalised as `load_obj` does.
      texture_size: texels T along each axis of a face's cube.
      **kwargs: passed to `keras.layers.Layer`.
    Attributes:
      vertices: trainable [V, 3] float32, world space.
      textures: trainable [F, T, T, T, 3] float32, starts at N(0, 0.05^2).
      faces: [F, 3] int32.
      num_vertices, num_faces, texture_size: int.
    Raises:
      ValueError: the file holds no mesh.
    """

    def __init__(self, filename_obj: str, texture_size: int = 4, **kwargs):
        super().__init__(**kwargs)
        vertices, faces = load_obj(filename_obj)
        self.filename_obj = filename_obj
        self.texture_size = texture_size
        self.num_vertices, self.num_faces = len(vertices), len(faces)
        self.faces = tf.constant(faces, tf.int32)
        self.vertices = self.add_weight(
            name="vertices",
            shape=vertices.shape,
            initializer=lambda shape, dtype: tf.constant(np.asarray(vertices), dtype),
        )
        self.textures = self.add_weight(
            name="textures",
            shape=(self.num_faces, texture_size, texture_size, texture_size, 3),
            initializer=keras.initializers.RandomNormal(stddev=_TEXTURE_STDDEV),
        )

    def get_batch(self, batch_size: int) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Repeats the mesh along a new batch axis.

        Args:
          batch_size: B.
        Returns:
          Vertices [B, V, 3], faces [B, F, 3] and textures [B, F, T, T, T, 3] after the sigmoid.
        Gradients:
          Summed over the batch into `vertices` and `textures`.
        """
        vertices, textures = tf.convert_to_tensor(self.vertices), tf.sigmoid(self.textures)
        return tuple(_repeat(array, batch_size) for array in (vertices, self.faces, textures))

    def set_lr(self, lr_vertices: float, lr_textures: float) -> None:
        """Sets the factors by which `Adam` multiplies the steps of vertices and textures.

        Args:
          lr_vertices: factor >= 0 for `vertices`; 0 keeps them fixed.
          lr_textures: factor >= 0 for `textures`. A traced function keeps the values it saw.
        """
        self.vertices.lr = lr_vertices
        self.textures.lr = lr_textures

    def get_config(self):
        config = super().get_config()
        return {**config, "filename_obj": self.filename_obj, "texture_size": self.texture_size}


def _repeat(array: tf.Tensor, batch_size: int) -> tf.Tensor:
    return tf.broadcast_to(array, tf.concat([[batch_size], tf.shape(array)], axis=0))
