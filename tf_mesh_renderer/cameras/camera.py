"""The camera: from world space to clip space."""

import dataclasses
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, check_shape, float_tensors
from tf_mesh_renderer.cameras import conversions
from tf_mesh_renderer.cameras.interop import CameraInterop
from tf_mesh_renderer.cameras.projection import orthographic_matrix, perspective_matrix
from tf_mesh_renderer.cameras.view import HANDEDNESS, look_at_matrix
from tf_mesh_renderer.geometry.transforms import homogeneous_transform
from tf_mesh_renderer.geometry.vectors import cross, dot, matrix_product, normalize
from tf_mesh_renderer.ops.rasterize import DEPTH_SOURCES


@dataclasses.dataclass(frozen=True, eq=False)
class Camera(CameraInterop):
    """One camera, or a batch of B cameras; immutable, and a valid argument of `tf.function`.

    Attributes:
      world_to_view: [4, 4] or [B, 4, 4] float, for column vectors.
      view_to_clip: [4, 4] or [B, 4, 4] float, to clip space: x right, y up, z / w from -1 at `near`
        to 1 at `far`, w the depth (perspective) or 1 (orthographic).
      near: depth in world units; nothing at or before it is drawn.
      far: depth in world units; nothing at or beyond it is drawn.
      depth_from: where the rasterizer finds depth: "w" if perspective, "z" if orthographic.
    Gradients:
      Matrices, and through the constructors eye, target, angles and intrinsics, are differentiable.
    Raises:
      ValueError: a wrong shape or `depth_from`.
    """

    world_to_view: Any
    view_to_clip: Any
    near: float = 0.1
    far: float = 100.0
    depth_from: str = "w"

    def __post_init__(self):
        check_choice("Camera", "depth_from", value=self.depth_from, choices=DEPTH_SOURCES)
        for name in ("world_to_view", "view_to_clip"):
            if isinstance(getattr(self, name), (np.ndarray, list, tuple)):
                object.__setattr__(self, name, float_tensors(getattr(self, name))[0])
            if tf.is_tensor(getattr(self, name)):
                check_shape("Camera", name, value=getattr(self, name), shape=[4, 4])

    @property
    def world_to_clip(self) -> tf.Tensor:
        """[4, 4] or [B, 4, 4]: both steps in one matrix."""
        view, clip = float_tensors(self.world_to_view, self.view_to_clip)
        return matrix_product(clip, view)

    @property
    def eye(self) -> tf.Tensor:
        """[3] or [B, 3]: the camera's position in world space (0 if the matrix is singular)."""
        (view,) = float_tensors(self.world_to_view)
        r0, r1, r2 = tf.unstack(view[..., :3, :3], axis=-2)
        columns = tf.stack([cross(r1, r2), cross(r2, r0), cross(r0, r1)], axis=-2)
        moved = tf.reduce_sum(columns * view[..., :3, 3:], axis=-2)  # adjugate times translation
        return tf.math.divide_no_nan(-moved, dot(r0, cross(r1, r2)))

    @property
    def mirrors(self) -> tf.Tensor:
        """[] or [B] bool: whether the image is a mirror image and reverses windings, as N3MR's."""
        rows = tf.unstack(tf.stop_gradient(self.world_to_clip)[..., :3], axis=-2)
        inward = rows[3] if self.depth_from == "w" else rows[2]
        return tf.squeeze(dot(rows[0], cross(rows[1], inward)), axis=-1) > 0

    @property
    def viewpoint(self) -> tf.Tensor:
        """[4] or [B, 4], world space: where rays of sight meet, as a homogeneous point.

        (eye, 1) of a perspective camera; of an orthographic one, whose rays meet at infinity,
        (unit direction towards the viewer, 0). The direction from a point p to the viewer is that
        of xyz - w p for both.
        """
        if self.depth_from == "w":
            eye = self.eye
            return tf.concat([eye, tf.ones_like(eye[..., :1])], axis=-1)
        rows = tf.unstack(self.world_to_clip[..., :3], axis=-2)
        along = normalize(cross(rows[0], rows[1]))  # all its points have the same x and y
        toward = tf.where(self.mirrors[..., tf.newaxis], -along, along)
        return tf.concat([toward, tf.zeros_like(toward[..., :1])], axis=-1)

    def project(self, vertices_world: tf.Tensor) -> tf.Tensor:
        """World space to clip space.

        Args:
          vertices_world: [B, V, 3] or [V, 3] float32 or float64; decides the dtype of the result.
        Returns:
          [B, V, 4]; B is 1 if neither the vertices nor the camera have a batch, and a batch of 1
          broadcasts against the other's.
        Gradients:
          Exact, to vertices and camera.
        Raises:
          ValueError: a wrong shape, or batches of different sizes.
        """
        (vertices,) = float_tensors(vertices_world)
        check_shape("Camera.project", "vertices_world", value=vertices, shape=[None, 3])
        matrix = tf.cast(self.world_to_clip, vertices.dtype)
        _check_batches(vertices, matrix)
        clip = homogeneous_transform(vertices, matrix)
        return clip if clip.shape.rank != 2 else clip[tf.newaxis]

    @staticmethod
    def look_at(
        eye: Any,
        at: Any = (0.0, 0.0, 0.0),
        *,
        up: Any = (0.0, 1.0, 0.0),
        fov_y_degrees: Any = 60.0,
        aspect: Any = 1.0,
        near: float = 0.1,
        far: float = 100.0,
        handedness: str = "right",
    ) -> "Camera":
        """A perspective camera at `eye` that looks at the point `at`.

        Args:
          eye: [3] or [B, 3] float, world space.
          at: [3] or [B, 3] float.
          up: [3] or [B, 3] float, the direction that appears upwards.
          fov_y_degrees: [] or [B] float: angle between the top and the bottom of the image.
          aspect: [] or [B] float: width / height of the image.
          near: depth > 0 from which on things are drawn.
          far: depth up to which things are drawn; may be infinite.
          handedness: of the world coordinates, "right", or "left" for N3MR's mirror image.
        Returns:
          The camera.
        Gradients:
          Exact to `eye`, `at`, `up`, `fov_y_degrees` and `aspect`.
        Raises:
          ValueError: a wrong shape, depth range or handedness.
        """
        check_choice("Camera.look_at", "handedness", value=handedness, choices=HANDEDNESS)
        eye, at, up, fov, aspect = float_tensors(eye, at, up, fov_y_degrees, aspect)
        projection = perspective_matrix(
            fov_y_degrees=fov, aspect=aspect, near=near, far=far, handedness=handedness
        )
        return Camera(look_at_matrix(eye, at, up, handedness=handedness), projection, near, far)

    @staticmethod
    def orthographic(
        eye: Any,
        at: Any = (0.0, 0.0, 0.0),
        *,
        up: Any = (0.0, 1.0, 0.0),
        half_height: Any = 1.0,
        aspect: Any = 1.0,
        near: float = 0.1,
        far: float = 100.0,
        handedness: str = "right",
    ) -> "Camera":
        """A camera with parallel rays, at `eye` and looking at the point `at`.

        Args:
          eye: [3] or [B, 3] float, world space; depth is measured from it.
          at: [3] or [B, 3] float.
          up: [3] or [B, 3] float.
          half_height: [] or [B] float > 0: world units from the centre of the image to its top.
          aspect: [] or [B] float: width / height of the image.
          near: depth from which on things are drawn; may be negative.
          far: depth up to which things are drawn; finite.
          handedness: as in `look_at`.
        Returns:
          The camera.
        Gradients:
          Exact to `eye`, `at`, `up`, `half_height` and `aspect`.
        Raises:
          ValueError: a wrong shape, depth range or handedness.
        """
        check_choice("Camera.orthographic", "handedness", value=handedness, choices=HANDEDNESS)
        eye, at, up, half_height, aspect = float_tensors(eye, at, up, half_height, aspect)
        projection = orthographic_matrix(
            half_height=half_height, aspect=aspect, near=near, far=far, handedness=handedness
        )
        return Camera(
            look_at_matrix(eye, at, up, handedness=handedness), projection, near, far, "z"
        )

    @staticmethod
    def from_pytorch3d(
        R: Any,  # noqa: N803  (the names every PyTorch3D user knows)
        T: Any,  # noqa: N803
        *,
        image_size: tuple[int, int],
        fov_degrees: Any = None,
        focal_length: Any = None,
        principal_point: Any = None,
        near: float = 0.1,
        far: float = 100.0,
    ) -> "Camera":
        """PyTorch3D's FoVPerspectiveCameras (`fov_degrees`) or PerspectiveCameras (the rest).

        Args:
          R: [3, 3] or [B, 3, 3] float, for row vectors: p_view = p R + T (x left, y up, z forward).
          T: [3] or [B, 3] float.
          image_size: (height, width).
          fov_degrees: [] or [B] float: angle of view across the shorter side of the image.
          focal_length: [], [B] or [B, 2] float in PyTorch3D's NDC; one of this and `fov_degrees`.
          principal_point: [2] or [B, 2] float in PyTorch3D's NDC; None for the centre.
          near: depth > 0 from which on things are drawn.
          far: depth up to which things are drawn; may be infinite.
        Returns:
          The camera. For lenses in pixels see `conversions.pytorch3d_screen_to_ndc`.
        Gradients:
          Exact to R, T, angle, focal length and principal point.
        Raises:
          ValueError: a wrong shape or depth range, or not exactly one of angle and focal length.
        """
        lens = {
            "fov_degrees": fov_degrees,
            "focal_length": focal_length,
            "principal_point": principal_point,
        }
        given = {name: value for name, value in lens.items() if value is not None}
        R, T, *values = float_tensors(R, T, *given.values())
        projection = conversions.pytorch3d_projection(
            image_size, near=near, far=far, **dict(zip(given, values))
        )
        return Camera(conversions.pytorch3d_view(R, T), projection, near, far)

    def __tf_flatten__(self):
        return (self.near, self.far, self.depth_from), (self.world_to_view, self.view_to_clip)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(*components, *metadata)


def _check_batches(vertices: tf.Tensor, matrix: tf.Tensor) -> None:
    """Refuses different batches of meshes and cameras, if both sizes are known and none is 1."""
    batches = [x.shape[0] if x.shape.rank == 3 else 1 for x in (vertices, matrix)]
    if len({*batches} - {1, None}) > 1:
        raise argument_error(
            "Camera.project",
            "vertices_world",
            expected=f"a batch of 1 or {batches[1]}, the number of cameras",
            received=f"shape {tuple(vertices.shape)}",
            hint="give each mesh a camera, or one of them a batch of 1",
        )
