"""What is timed of the soft gradient models and of textures, on the tensors of one workload."""

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr
from benchmarks.workloads import FAR, LARGE_TEXTURE_SIDE, NEAR, NUM_LAYERS, SIGMA


def unwrapped(vertices_clip):
    """Texture coordinates [B, V, 2] of vertices: longitude and latitude around their middle."""
    directions = vertices_clip[..., [0, 1, 3]] - vertices_clip[..., [0, 1, 3]].mean(
        1, keepdims=True
    )
    x, y, z = np.moveaxis(directions / np.linalg.norm(directions, axis=-1, keepdims=True), -1, 0)
    return np.stack([np.arctan2(x, z) / (2 * np.pi) + 0.5, np.arcsin(y) / np.pi + 0.5], axis=-1)


def uniform(shape):
    return np.random.default_rng(0).uniform(size=shape)


class GradientSteps:
    """One method for each step; `NAME_backward` is the step NAME and its gradients."""

    def __init__(self, dtype, workload):
        self.image_size = workload.image_size
        self.faces = tf.constant(workload.faces)
        self.vertices = tf.constant(workload.vertices_clip, dtype)
        self.colors = tf.constant(workload.colors, dtype)
        self.grad_image = tf.constant(workload.grad_image, dtype)
        self.target = tf.constant(workload.target, dtype)
        self.background = tf.zeros([len(workload.colors), 3], dtype)
        self.settings = mr.ops.SoftrasSettings(sigma=SIGMA, near=NEAR, far=FAR)
        self.fragments = mr.rasterize(self.vertices, self.faces, image_size=self.image_size)
        # As many texels as an image has pixels, and a picture of which small images see samples.
        self.picture = tf.constant(uniform((1, *self.image_size, 3)), dtype)
        large = (LARGE_TEXTURE_SIDE, LARGE_TEXTURE_SIDE)
        self.large_picture = tf.constant(uniform((1, *large, 3)), dtype)
        self.uv = self.uv_of_pixels(unwrapped(workload.vertices_clip))
        # Neighbouring vertices far apart in the picture, as no mesh has them: the worst case.
        self.scattered_uv = self.uv_of_pixels(workload.colors[..., :2])

    def uv_of_pixels(self, uv):
        """Texture coordinates [B, V, 2] of vertices, at the pixels."""
        return mr.interpolate(tf.constant(uv, self.vertices.dtype), self.faces, self.fragments)

    def all(self):
        """{name: function without arguments}."""
        soft = (self.dibr_mask, self.softras_silhouette, self.softras_color)
        steps = (*soft, self.texture, self.texture_512, self.texture_scattered)
        cases = {step.__name__: step for step in (*steps, self.rasterize_layers)}
        for step in (*steps, self.interpolate):
            cases[f"{step.__name__}_backward"] = self.with_gradients(step)
        cases["dibr_fit"] = self.fit(mr.gradients.DibR())
        cases["softras_fit"] = self.fit(mr.gradients.SoftRas(sigma=SIGMA))
        return cases

    def dibr_mask(self):
        return mr.ops.dibr_mask(self.vertices, self.faces, self.fragments.face_id)

    def softras_silhouette(self):
        return mr.ops.softras_silhouette(
            self.vertices, self.faces, image_size=self.image_size, sigma=SIGMA
        )

    def softras_color(self):
        image = mr.ops.softras_color(
            self.vertices,
            self.faces,
            self.colors,
            self.background,
            image_size=self.image_size,
            settings=self.settings,
        )
        return image[..., :3]

    def rasterize_layers(self):
        return mr.ops.rasterize_layers(
            self.vertices,
            self.faces,
            image_size=self.image_size,
            num_layers=NUM_LAYERS,
            on_overflow="truncate",
        )

    def texture(self):
        return self.read(self.picture, self.uv)

    def texture_512(self):
        return self.read(self.large_picture, self.uv)

    def texture_scattered(self):
        return self.read(self.large_picture, self.scattered_uv)

    def read(self, picture, uv):
        """Bilinear, where a face is seen."""
        covered = self.fragments.face_id >= 0
        return mr.ops.texture(picture, uv, covered=covered, filter="bilinear")

    def interpolate(self):
        return mr.interpolate(self.colors, self.faces, self.fragments)

    def with_gradients(self, step):
        """A step, and what a gradient that arrives from a loss becomes."""
        uv = [self.uv, self.scattered_uv]
        pictures = [self.picture, self.large_picture]
        sources = [self.vertices, self.colors, *pictures, *uv, self.fragments.barycentrics]

        def backward():
            with tf.GradientTape() as tape:
                tape.watch(sources)
                image = step()
            upstream = self.grad_image if len(image.shape) == 4 else self.grad_image[..., 0]
            gradients = tape.gradient(image, sources, output_gradients=upstream)
            # TensorFlow would leave the image out of a graph that does not return it.
            return [image, *(gradient for gradient in gradients if gradient is not None)]

        return backward

    def fit(self, model):
        """A step of fitting silhouettes to discs: image, squared difference, gradient."""

        def step():
            with tf.GradientTape() as tape:
                tape.watch(self.vertices)
                view = mr.gradients.View(self.vertices, self.faces, self.image_size, cull="back")
                alpha = model.draw(view)[..., 0]
                loss = tf.reduce_sum(tf.math.squared_difference(alpha, self.target))
            return tape.gradient(loss, self.vertices)

        return step
