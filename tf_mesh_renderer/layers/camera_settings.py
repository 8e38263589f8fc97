"""What of a camera is fixed when a layer is made; where it stands is an input of the layer."""

import dataclasses

import tensorflow as tf

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.cameras.camera import Camera

_KINDS = ("perspective", "orthographic")


@dataclasses.dataclass(frozen=True)
class CameraSettings:
    """A camera that looks at a point, without its position.

    Attributes:
      kind: "perspective" or "orthographic".
      at: the point in the centre of the image, three numbers, world space.
      up: the direction that appears upwards, three numbers.
      fov_y_degrees: angle between the top and the bottom of the image (perspective).
      half_height: world units from the centre of the image to its top (orthographic).
      near: depth from which on things are drawn.
      far: depth up to which things are drawn; finite, so that it can be stored.
      handedness: "right", or "left" for the mirror image that N3MR's cameras show.
    """

    kind: str = "perspective"
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)
    up: tuple[float, float, float] = (0.0, 1.0, 0.0)
    fov_y_degrees: float = 60.0
    half_height: float = 1.0
    near: float = 0.1
    far: float = 100.0
    handedness: str = "right"

    def __post_init__(self):
        check_choice("CameraSettings", "kind", value=self.kind, choices=_KINDS)
        for name in ("at", "up"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))

    def camera(self, eye: tf.Tensor, image_size: tuple[int, int]) -> Camera:
        """The camera at a position.

        Args:
          eye: [B, 3] float, world space.
          image_size: (height, width); pixels are square.
        Returns:
          A `Camera` with a batch of B.
        Gradients:
          Exact to `eye`.
        """
        placed = {
            "up": self.up,
            "aspect": image_size[1] / image_size[0],
            "near": self.near,
            "far": self.far,
            "handedness": self.handedness,
        }
        if self.kind == "perspective":
            return Camera.look_at(eye, self.at, fov_y_degrees=self.fov_y_degrees, **placed)
        return Camera.orthographic(eye, self.at, half_height=self.half_height, **placed)

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into equal settings.
        """
        return dataclasses.asdict(self) | {"at": list(self.at), "up": list(self.up)}

    @classmethod
    def from_config(cls, config) -> "CameraSettings":
        """Settings from their configuration.

        Args:
          config: a dict of attributes, or `CameraSettings`, which are returned as they are.
        Returns:
          `CameraSettings`.
        Raises:
          ValueError: an unknown `kind`.  TypeError: an unknown attribute.
        """
        return config if isinstance(config, cls) else cls(**config)
