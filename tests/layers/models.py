"""Keras models that tests of the layers train, save and distribute."""

import keras
import numpy as np

from tf_mesh_renderer import layers
from tf_mesh_renderer.geometry.primitives import icosphere

SIZE = (16, 24)


def eyes(count):
    """[count, 3] camera positions around the origin, no two alike."""
    angles = np.linspace(0.1, 2 * np.pi, count, endpoint=False)
    positions = [3 * np.sin(angles), np.full(count, 0.4), 3 * np.cos(angles)]
    return np.stack(positions, axis=-1).astype("float32")


@keras.saving.register_keras_serializable(package="tests")
class MovableSphere(keras.layers.Layer):
    """A sphere whose radius and centre are trained; takes [B, 3] anything, for its batch."""

    def build(self, input_shape):
        """Makes the four parameters."""
        del input_shape
        self.radius = self.add_weight(name="radius", shape=(), initializer="ones")
        self.center = self.add_weight(name="center", shape=(3,), initializer="zeros")
        self.sphere = icosphere(1)

    def call(self, eye):
        """Returns vertices [B, V, 3] and faces [B, F, 3]."""
        ones = keras.ops.ones_like(eye[:, :1, None])  # [B, 1, 1]
        sphere = keras.ops.cast(self.sphere.vertices, self.compute_dtype)
        vertices = (ones * sphere) * self.radius + self.center
        return vertices, keras.ops.cast(ones, "int32") * self.sphere.faces


def silhouette_model():
    """From camera positions [B, 3] to silhouettes of a trainable sphere, [B, H, W]."""
    eye = keras.Input([3])
    vertices, faces = MovableSphere(name="mesh")(eye)
    return keras.Model(eye, layers.SilhouetteRenderer(SIZE)(vertices, faces, eye))


def step_by_step_model():
    """From vertices, faces, cameras and textures to RGBA, one layer for every step."""
    vertices, faces = keras.Input([42, 3]), keras.Input([80, 3], dtype="int32")
    eye, textures = keras.Input([3]), keras.Input([80, 2, 2, 2, 3])
    view = layers.LookAt()(vertices, eye)
    clip = layers.PerspectiveProjection(60.0, aspect=SIZE[1] / SIZE[0])(view)
    fine = (2 * SIZE[0], 2 * SIZE[1])
    fragments = layers.Rasterize(fine, cull="none", near=0.1, far=100.0)(clip, faces)
    colors = layers.FaceTextureSampler()(textures, fragments)
    colors = layers.FlatLighting()(colors, vertices, clip, faces, fragments.face_id)
    image = layers.Blend(background=0.25)(colors, fragments, clip, faces)
    return keras.Model([vertices, faces, eye, textures], layers.Downsample()(image))
