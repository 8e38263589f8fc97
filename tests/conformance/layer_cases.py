"""Every Keras layer once: how to make it with unusual arguments, and what to call it with."""

import dataclasses
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tf_mesh_renderer import layers, ops
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.gradients import N3mr
from tf_mesh_renderer.shading import AmbientLight, DirectionalLight, Lambert

SIZE = (6, 10)
BATCH = 2
_CAMERA = layers.CameraSettings(fov_y_degrees=45.0, at=(0.1, 0.0, 0.0), far=50.0)
_LIGHTS = (AmbientLight((0.4, 0.5, 0.6), 0.5), DirectionalLight(direction=(0.1, 0.9, 0.3)))


def scene(dtype=np.float32):
    """Inputs that layers take, by name; all floating ones in one dtype."""
    sphere = icosphere(0)
    rng = np.random.default_rng(0)
    vertices = np.asarray(sphere.vertices) + rng.normal(size=(BATCH, 12, 3)) * 0.1
    clip = np.concatenate([vertices * 2, vertices[..., 2:] + 3], axis=-1)
    values = {
        "vertices": vertices,
        "vertices_view": vertices - [0, 0, 3],
        "vertices_clip": clip,
        "eye": [[0.3, 0.4, 3.0], [-1.0, 0.5, 2.5]],
        "direction": [[0.0, 0.1, -3.0], [1.0, -0.5, -2.0]],
        "attributes": rng.random((BATCH, 12, 5)),
        "textures": rng.random((BATCH, 20, 2, 2, 2, 3)),
        "image": rng.random((BATCH, *SIZE, 4)),
        "colors": rng.random((BATCH, *SIZE, 3)),
    }
    tensors = {name: tf.constant(value, dtype) for name, value in values.items()}
    tensors["faces"] = tf.tile(sphere.faces[tf.newaxis], [BATCH, 1, 1])
    tensors["fragments"] = ops.rasterize(
        tensors["vertices_clip"], tensors["faces"], image_size=SIZE, cull="none"
    )
    tensors["face_id"] = tensors["fragments"].face_id
    return tensors


@dataclasses.dataclass(frozen=True)
class LayerCase:
    """A layer and what it takes.

    Attributes:
      make: builds the layer with arguments that differ from the defaults; takes dtype and name.
      inputs: names of its call arguments in `scene`, in order.
      differentiable: those of them that a loss on the output must reach.
    """

    make: Callable
    inputs: tuple[str, ...]
    differentiable: tuple[str, ...]

    @property
    def name(self):
        """The name of the class."""
        return type(self.make()).__name__


def _scene_arguments(**more):
    return {"camera": _CAMERA, "cull": "front", "anti_aliasing": False, **more}


CASES = (
    LayerCase(
        lambda **k: layers.LookAt(at=(0.1, 0.2, 0.3), up=(0.1, 1.0, 0.0), handedness="left", **k),
        ("vertices", "eye"),
        ("vertices", "eye"),
    ),
    LayerCase(
        lambda **k: layers.Look(up=(0.1, 1.0, 0.0), handedness="left", **k),
        ("vertices", "eye", "direction"),
        ("vertices", "eye", "direction"),
    ),
    LayerCase(
        lambda **k: layers.PerspectiveProjection(
            50.0, aspect=1.5, near=0.2, far=9.0, handedness="left", **k
        ),
        ("vertices_view",),
        ("vertices_view",),
    ),
    LayerCase(
        lambda **k: layers.OrthographicProjection(
            1.5, aspect=1.5, near=0.2, far=9.0, handedness="left", **k
        ),
        ("vertices_view",),
        ("vertices_view",),
    ),
    LayerCase(
        lambda **k: layers.Rasterize(SIZE, cull="none", near=0.5, far=9.0, depth_from="z", **k),
        ("vertices_clip", "faces"),
        ("vertices_clip",),
    ),
    LayerCase(
        layers.Interpolate,
        ("attributes", "faces", "fragments"),
        ("attributes",),
    ),
    LayerCase(
        lambda **k: layers.FaceTextureSampler(eps=0.01, barycentrics_gradient=True, **k),
        ("textures", "fragments"),
        ("textures",),
    ),
    LayerCase(
        lambda **k: layers.FlatLighting(_LIGHTS, mirrors=True, **k),
        ("colors", "vertices", "vertices_clip", "faces", "face_id"),
        ("colors", "vertices"),
    ),
    LayerCase(
        lambda **k: layers.N3mrGradient(eps=0.01, **k),
        ("image", "vertices_clip", "faces", "face_id"),
        ("image", "vertices_clip"),
    ),
    LayerCase(
        lambda **k: layers.Blend(N3mr(0.01), background=(0.1, 0.2, 0.3), **k),
        ("colors", "fragments", "vertices_clip", "faces"),
        ("colors", "vertices_clip"),
    ),
    LayerCase(layers.Downsample, ("image",), ("image",)),
    LayerCase(
        lambda **k: layers.MeshRenderer(
            SIZE,
            lights=_LIGHTS,
            shading=Lambert(diffuse=0.5),
            gradient=N3mr(0.01),
            background=0.5,
            **_scene_arguments(),
            **k,
        ),
        ("vertices", "faces", "eye", "textures"),
        ("vertices", "eye", "textures"),
    ),
    LayerCase(
        lambda **k: layers.SilhouetteRenderer(SIZE, gradient=N3mr(0.01), **_scene_arguments(), **k),
        ("vertices", "faces", "eye"),
        ("vertices", "eye"),
    ),
    LayerCase(
        lambda **k: layers.DepthRenderer(SIZE, background=5.0, **_scene_arguments(), **k),
        ("vertices", "faces", "eye"),
        ("vertices", "eye"),
    ),
)
