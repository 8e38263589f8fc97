"""Every op of the library once, with small legal inputs. The contracts run over this list."""

import dataclasses

import numpy as np

from tests.conformance.op_arrays import (
    DIBR,
    FRAGMENTS,
    LAYERS,
    SOFT,
    SOFT_COLOR,
    SOFT_SILHOUETTE,
    array,
    cast,
    resized,
)
from tf_mesh_renderer.ops._library import library

PREFIX = "mesh_renderer_"


@dataclasses.dataclass(frozen=True)
class OpCase:
    """One raw op.

    Attributes:
      name: Python name of the raw op without prefix, as "rasterize_grad".
      inputs: names of its inputs in order; `grad_<name>` has the shape of <name>.
      outputs: names of its outputs in order.
      differentiable: names of the inputs that get a gradient; empty for ops that are gradients.
      attributes: what is set otherwise than by default.
      padding_may_be_seen: whether `face_id` may name a face that is padding in `faces`.
      arrays: names of the arrays of those inputs that have another shape here than elsewhere.
    """

    name: str
    inputs: tuple
    outputs: tuple
    differentiable: tuple = ()
    attributes: dict = dataclasses.field(default_factory=dict)
    padding_may_be_seen: bool = False
    arrays: dict = dataclasses.field(default_factory=dict)

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
        return {n: cast(array(self.arrays.get(n, n)), dtype) for n in self.inputs}

    def run(self, dtype=np.float64, **changed):
        """Outputs of the raw op by name; `changed` replaces inputs and sets attributes."""
        outputs = self.function(**{**self.arguments(dtype), **self.attributes, **changed})
        outputs = outputs if isinstance(outputs, tuple) else [outputs]
        return dict(zip(self.outputs, outputs, strict=True))

    def resized(self, **sizes):
        """Legal inputs cut to the given sizes of B, V or F."""
        return {name: resized(name, value, sizes) for name, value in self.arguments().items()}


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
    OpCase(
        "dibr_mask",
        ("vertices_clip", "faces", "face_id"),
        ("mask", "last_face"),
        ("vertices_clip",),
        attributes=DIBR,
        padding_may_be_seen=True,
    ),
    OpCase(
        "dibr_mask_grad",
        ("vertices_clip", "faces", "face_id", "mask", "last_face", "grad_mask"),
        ("grad_vertices_clip",),
        attributes=DIBR,
        padding_may_be_seen=True,
    ),
    OpCase(
        "rasterize_layers",
        ("vertices_clip", "faces", "image_size"),
        ("layered_face_id", "layered_barycentrics", "layered_depth", "count"),
        ("vertices_clip",),
        attributes={"num_layers": LAYERS},
    ),
    OpCase(
        "texture",
        ("texture", "uv", "uv_derivatives", "covered"),
        ("output",),
        ("texture", "uv", "uv_derivatives"),
        attributes={"filter": "trilinear"},
    ),
    OpCase(
        "texture_grad",
        ("texture", "uv", "uv_derivatives", "covered", "grad_output"),
        ("grad_texture", "grad_uv", "grad_uv_derivatives"),
        attributes={"filter": "trilinear"},
    ),
    OpCase(
        "softras_silhouette",
        ("vertices_clip", "faces", "image_size"),
        ("alpha",),
        ("vertices_clip",),
        attributes=SOFT_SILHOUETTE,
    ),
    OpCase(
        "softras_silhouette_grad",
        ("vertices_clip", "faces", "alpha", "grad_alpha"),
        ("grad_vertices_clip",),
        attributes=SOFT_SILHOUETTE,
    ),
    OpCase(
        "softras_color",
        ("vertices_clip", "faces", "colors", "background", "image_size"),
        ("rgba", "aggregates"),
        ("vertices_clip", "colors", "background"),
        attributes=SOFT_COLOR,
    ),
    OpCase(
        "softras_color_grad",
        ("vertices_clip", "faces", "colors", "image", "aggregates", "grad_image"),
        ("grad_vertices_clip", "grad_colors", "grad_background"),
        attributes=SOFT_COLOR,
        arrays={"image": "rgba", "grad_image": "rgba"},
    ),
    OpCase(
        "softras_fragments",
        ("vertices_clip", "faces", "image_size"),
        ("soft_face_id", "soft_barycentrics", "soft_depth", "coverage", "soft_count"),
        ("vertices_clip",),
        attributes={**SOFT, **FRAGMENTS},
    ),
    OpCase(
        "softras_fragments_grad",
        (
            *("vertices_clip", "faces", "face_id"),
            *("grad_barycentrics", "grad_depth", "grad_coverage"),
        ),
        ("grad_vertices_clip",),
        attributes={**SOFT, "distance": FRAGMENTS["distance"]},
        padding_may_be_seen=True,
        arrays={
            "face_id": "soft_face_id",
            "grad_barycentrics": "soft_barycentrics",
            "grad_depth": "soft_depth",
        },
    ),
)


def shape_of(name):
    """Shape of an input or output by name."""
    return array(name).shape


def first_items(name, value, batch):
    """The first `batch` items of an output."""
    return value[:, :batch] if name.startswith("layered_") else value[:batch]
