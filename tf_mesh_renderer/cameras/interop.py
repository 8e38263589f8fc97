"""Constructors that make a camera from the conventions of other programs."""

from typing import Any, Self

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice, float_tensors
from tf_mesh_renderer.cameras import conversions
from tf_mesh_renderer.cameras.projection import (
    N3MR_PI,
    orthographic_matrix,
    perspective_matrix,
)
from tf_mesh_renderer.cameras.view import N3MR_EPSILON, look_at_matrix, look_matrix
from tf_mesh_renderer.cameras.weak_perspective import (
    weak_perspective_matrix,
    weak_perspective_view,
)

_CAMERA_MODES = ("look_at", "look")


class CameraInterop:
    """What `Camera` inherits: class methods for cameras of N3MR, OpenCV, OpenGL and CMR."""

    @classmethod
    def from_n3mr(
        cls,
        eye: Any,
        *,
        viewing_angle: Any = 30.0,
        camera_mode: str = "look_at",
        target: Any = None,
        perspective: bool = True,
        near: float = 0.1,
        far: float = 100.0,
    ) -> Self:
        """The camera of N3MR's `Renderer`: left-handed, +y up, for square images.

        Args:
          eye: [3] or [B, 3] float.
          viewing_angle: [] or [B] float, degrees: HALF of the angle of view.
          camera_mode: "look_at" or "look".
          target: [3] or [B, 3] float: the point looked at (default the origin), or the direction
            looked along in mode "look" (default +z).
          perspective: False for a parallel projection of the square [-1, 1] x [-1, 1].
          near: depth from which on things are drawn.
          far: depth up to which things are drawn.
        Returns:
          The camera.
        Gradients:
          Exact to `eye`, `viewing_angle` and `target`.
        Raises:
          ValueError: a wrong shape, depth range or mode.
        Quirks:
          Axes are divided by their length + 1e-5, and pi is 3.1416. `perspective=False` here is a
          true parallel projection; N3MR also interpolates depth as if it were perspective.
        """
        check_choice("Camera.from_n3mr", "camera_mode", value=camera_mode, choices=_CAMERA_MODES)
        looks_at = camera_mode == "look_at"
        if target is None:
            target = (0.0, 0.0, 0.0) if looks_at else (0.0, 0.0, 1.0)
        eye, target, angle = float_tensors(eye, target, viewing_angle)
        view_matrix = look_at_matrix if looks_at else look_matrix
        view = view_matrix(eye, target, handedness="left", epsilon=N3MR_EPSILON)
        if not perspective:
            parallel = orthographic_matrix(near=near, far=far, handedness="left")
            return cls(view, tf.cast(parallel, view.dtype), near, far, "z")
        projection = perspective_matrix(
            half_angle_degrees=angle, near=near, far=far, handedness="left", pi=N3MR_PI
        )
        return cls(view, projection, near, far)

    @classmethod
    def from_opencv(
        cls,
        K: Any,  # noqa: N803  (the names every OpenCV user knows)
        R: Any,  # noqa: N803
        t: Any,
        *,
        image_size: tuple[int, int],
        near: float = 0.1,
        far: float = 100.0,
        pixel_centers: str = "integer",
    ) -> Self:
        """A calibrated camera without lens distortion: pixel = K (R p + t).

        Args:
          K: [3, 3] or [B, 3, 3] float intrinsics in pixels of an image of `image_size`.
          R: [3, 3] or [B, 3, 3] float world-to-camera rotation (x right, y down, z forward).
          t: [3] or [B, 3] float, or columns [3, 1], [B, 3, 1].
          image_size: (height, width).
          near: depth > 0 from which on things are drawn.
          far: depth up to which things are drawn; may be infinite.
          pixel_centers: "integer" (OpenCV's convention: the centre of the top left pixel is (0, 0))
            or "half_integer" (it is (0.5, 0.5)).
        Returns:
          The camera.
        Gradients:
          Exact to K, R and t.
        Raises:
          ValueError: a wrong shape, depth range or `pixel_centers`.
        """
        K, R, t = float_tensors(K, R, t)
        projection = conversions.opencv_projection(
            K, image_size, near=near, far=far, pixel_centers=pixel_centers
        )
        return cls(conversions.opencv_view(R, t), projection, near, far)

    @classmethod
    def from_opengl(
        cls,
        view: Any,
        projection: Any,
        *,
        near: float = 0.1,
        far: float = 100.0,
        orthographic: bool = False,
    ) -> Self:
        """An OpenGL camera: column-vector view matrix and projection as by glFrustum or glOrtho.

        Args:
          view: [4, 4] or [B, 4, 4] float, view space looks along -z.
          projection: [4, 4] or [B, 4, 4] float; clip z / w in [-1, 1], w = -z for perspective.
            Matrices in memory order of OpenGL (column-major) must be transposed first.
          near: depth of the near plane `projection` was made with.
          far: depth of its far plane.
          orthographic: whether `projection` is a parallel one (w = 1).
        Returns:
          The camera.
        Gradients:
          Exact to both matrices.
        Raises:
          ValueError: a wrong shape.
        """
        view, projection = float_tensors(view, projection)
        return cls(view, projection, near, far, "z" if orthographic else "w")

    @classmethod
    def from_weak_perspective(
        cls,
        scale: Any,
        translation: Any,
        quaternion: Any,
        *,
        aspect: Any = 1.0,
        distance: Any = 10.0,
        near: float = 0.1,
        far: float = 100.0,
    ) -> Self:
        """CMR's scaled orthographic camera: a point p appears at u = s (R p)_xy + t.

        u has x right and y DOWN, and spans [-1, 1] over a square image; R p has z away from the
        viewer. The cameras of `datasets.Cub` and `datasets.Pascal3d` are of this kind.

        Args:
          scale: [] or [B] float: s, in units of half the height of the image per world unit.
          translation: [2] or [B, 2] float: t, in the same units.
          quaternion: [4] or [B, 4] float (w, x, y, z) of R; its length does not matter.
          aspect: [] or [B] float: width / height of the image.
          distance: [] or [B] float: depth of the origin of the world, in world units. Nothing but
            depth depends on it, as rays are parallel.
          near: depth from which on things are drawn; may be negative.
          far: depth up to which things are drawn; finite.
        Returns:
          The camera.
        Gradients:
          Exact to `scale`, `translation`, `quaternion`, `aspect` and `distance`.
        Raises:
          ValueError: a wrong shape or depth range.
        """
        scale, translation, quaternion, aspect, distance = float_tensors(
            scale, translation, quaternion, aspect, distance
        )
        projection = weak_perspective_matrix(scale, translation, aspect=aspect, near=near, far=far)
        return cls(weak_perspective_view(quaternion, distance), projection, near, far, "z")
