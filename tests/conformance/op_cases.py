"""Every op of the library once, with small legal inputs. The contracts run over this list."""

import dataclasses
import functools

import numpy as np

from tests.reference.rasterize import rasterize
from tests.support.scenes import grid
from tf_mesh_renderer.ops._library import library

PREFIX = "mesh_renderer_"
BATCH = 2
IMAGE_SIZE = (5, 7)
CHANNELS = 3
SIDE = 2

# Second axis of the arrays that have one which is no side of an image.
SECOND_AXIS = {"vertices_clip": "V", "attributes": "V", "faces": "F", "textures": "F"}


@dataclasses.dataclass(frozen=True)
class OpCase:
    """One raw op.

    Attributes:
      name: Python name of the raw op without prefix, as "rasterize_grad".
      inputs: names of its inputs in order; `grad_<name>` has the shape of <name>.
      outputs: names of its outputs in order.
      differentiable: names of the inputs that get a gradient; empty for ops that are gradients.
    """

    name: str
    inputs: tuple
    outputs: tuple
    differentiable: tuple = ()

    @property
    def title(self):
        """Name that the op's errors start with."""
        return "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def function(self):
        """The raw op as a Python function."""
        return getattr(library(), PREFIX + self.name)

    def arguments(self, dtype=np.float64):
        """Legal inputs by name."""
        return {name: _cast(_array(name), dtype) for name in self.inputs}

    def run(self, dtype=np.float64, **changed):
        """Outputs of the raw op by name; `changed` replaces inputs and sets attributes."""
        outputs = self.function(**{**self.arguments(dtype), **changed})
        outputs = outputs if isinstance(outputs, tuple) else [outputs]
        return dict(zip(self.outputs, outputs, strict=True))

    def resized(self, **sizes):
        """Legal inputs cut to the given sizes of B, V or F."""
        return {name: _resized(name, value, sizes) for name, value in self.arguments().items()}


CASES = (
    OpCase(
        "rasterize",
        ("vertices_clip", "faces", "image_size"),
        ("face_id", "barycentrics", "depth"),
        ("vertices_clip",),
    ),
    OpCase(
        "rasterize_grad",
        ("vertices_clip", "faces", "face_id", "barycentrics", "grad_barycentrics", "grad_depth"),
        ("grad_vertices_clip",),
    ),
    OpCase(
        "interpolate",
        ("attributes", "faces", "face_id", "barycentrics"),
        ("output",),
        ("attributes", "barycentrics"),
    ),
    OpCase(
        "interpolate_grad",
        ("attributes", "faces", "face_id", "barycentrics", "grad_output"),
        ("grad_attributes", "grad_barycentrics"),
    ),
    OpCase("face_texture", ("textures", "face_id", "barycentrics"), ("output",), ("textures",)),
    OpCase(
        "face_texture_grad",
        ("textures", "face_id", "barycentrics", "grad_output"),
        ("grad_textures", "grad_barycentrics"),
    ),
    OpCase(
        "n3mr",
        ("image", "vertices_clip", "faces", "face_id"),
        ("output",),
        ("image", "vertices_clip"),
    ),
    OpCase(
        "n3mr_grad",
        ("image", "vertices_clip", "faces", "face_id", "grad_image"),
        ("grad_vertices_clip",),
    ),
)


def shape_of(name):
    """Shape of an input or output by name."""
    return _array(name).shape


@functools.cache
def _array(name):
    """The array that every op takes or returns under this name; floats in float64."""
    rng = np.random.default_rng(len(name))
    name = name.removeprefix("grad_")
    if name in ("image", "output"):
        return rng.normal(size=(BATCH, *IMAGE_SIZE, CHANNELS))
    scene = _scene()
    if name == "attributes":
        return rng.normal(size=(*scene["vertices_clip"].shape[:2], CHANNELS))
    if name == "textures":
        return rng.normal(size=(*scene["faces"].shape[:2], SIDE, SIDE, SIDE, CHANNELS))
    return scene[name]


@functools.cache
def _scene():
    """A bent strip of four faces per image, what is seen of it, and the image size."""
    vertices, faces = grid(2, 1, half_extent=0.9, dtype=np.float64)
    vertices = np.repeat(vertices, BATCH, axis=0)
    vertices[..., :2] += np.random.default_rng(0).normal(scale=0.02, size=(*vertices.shape[:2], 2))
    faces = np.repeat(faces[None], BATCH, axis=0)  # [B, F, 3]
    fragments = rasterize(vertices, faces, image_size=IMAGE_SIZE)
    return {
        "vertices_clip": vertices,
        "faces": faces,
        "image_size": np.array(IMAGE_SIZE, np.int32),
        "face_id": fragments.face_id.astype(np.int32),
        "barycentrics": fragments.barycentrics,
        "depth": fragments.depth,
    }


def _cast(value, dtype):
    return value.astype(dtype) if value.dtype.kind == "f" else value


def _resized(name, value, sizes):
    if name == "image_size":
        return value
    if name in ("faces", "face_id") and 0 in (sizes.get("V"), sizes.get("F")):
        value = np.full_like(value, -1)  # Nothing is left that an index could name.
    if "B" in sizes:
        value = value[: sizes["B"]]
    letter = SECOND_AXIS.get(name.removeprefix("grad_"))
    return value[:, : sizes[letter]] if letter in sizes else value
