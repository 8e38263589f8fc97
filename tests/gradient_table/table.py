"""What is claimed: for every input and output, which gradient there is under which model.

`tests/gradient_table/test_gradient_table.py` checks every cell, `tools/make_gradient_table.py`
writes the cells into `docs/gradient_table.md`.
"""

import dataclasses
import enum


class Claim(enum.Enum):
    """What is in a cell; the value is what the document prints."""

    EXACT = "exact"
    SWEEP = "sweep"
    SWEEP_AND_EXACT = "sweep + exact"
    IN_PART = "in part"
    ZERO = "zero"
    NONE = "-"


MEANINGS = {
    Claim.EXACT: "the derivative of the output; equals central differences to 1e-6 of the largest "
    "entry. Which face is seen, or is in reach, counts as fixed.",
    Claim.SWEEP: "N3MR's gradient through visibility and nothing else. It is not a derivative: "
    "checked is that it points from a wrong value towards the right one, that a step along it "
    "lowers the loss, and that it is zero where no edge is in the image.",
    Claim.SWEEP_AND_EXACT: "the sweep, and besides the derivative of the colours within faces; the "
    "latter alone where no edge is in the image, checked against differences.",
    Claim.IN_PART: "exact through coverage and depth, zero through the place where the texture is "
    "read; exact altogether where a face has one colour.",
    Claim.ZERO: "the output depends on the input, but the gradient is zero by definition.",
    Claim.NONE: "the output does not depend on the input.",
}

MODELS = ("N3MR", "DIB-R", "SoftRas")
# Each column is an output under a model; those at the end have none.
COLUMNS = (
    *(("color", model) for model in MODELS),
    *(("alpha", model) for model in MODELS),
    ("depth", None),
    ("attributes", None),
    ("layers", None),
)
EXACT = (Claim.EXACT,) * 3
NONE = (Claim.NONE,) * 3
ZERO = (Claim.ZERO,) * 3


@dataclasses.dataclass(frozen=True)
class Row:
    """One input, which may be several that belong together, and what each column claims for it."""

    title: str
    inputs: tuple[str, ...]
    scenes: tuple[str, ...]
    color: tuple[Claim, Claim, Claim]
    alpha: tuple[Claim, Claim, Claim] = NONE
    without_model: tuple[Claim, Claim, Claim] = NONE

    def claims(self):
        """One claim for every column."""
        return (*self.color, *self.alpha, *self.without_model)


COLOR_OF_SHAPE = (Claim.SWEEP_AND_EXACT, Claim.EXACT, Claim.EXACT)
ALPHA_OF_SHAPE = (Claim.SWEEP, Claim.EXACT, Claim.EXACT)
INTERPOLATED = (Claim.NONE, Claim.EXACT, Claim.EXACT)
NOT_IN_PLACE = (Claim.SWEEP, Claim.ZERO, Claim.IN_PART)


def _shape(title, *inputs, scenes, color=COLOR_OF_SHAPE):
    """What moves the mesh on the image."""
    return Row(title, inputs, scenes, color, ALPHA_OF_SHAPE, EXACT)


def _lit(title, *inputs, scenes=("phong",)):
    """What only the colour depends on."""
    return Row(title, inputs, scenes, EXACT)


HIGHLIGHTS = ("phong", "blinn_phong")
PICTURES = ("picture", "mipmaps")
VIEWS = ("plain", "phong")

GROUPS = {
    "shape": (
        _shape("vertices, `mr.VertexColors`", "vertices", scenes=("plain", "parallel")),
        _shape(
            "vertices, no texture and no light",
            "vertices",
            scenes=("white",),
            color=(Claim.SWEEP, Claim.ZERO, Claim.EXACT),
        ),
        _shape("vertices, `mr.FaceTexture`", "vertices", scenes=("cubes",), color=NOT_IN_PLACE),
        _shape(
            "vertices, `mr.FaceTexture(barycentrics_gradient=True)`",
            "vertices",
            scenes=("cubes in place",),
        ),
        _shape("vertices, `mr.UvTexture`", "vertices", scenes=PICTURES),
        _shape(
            'vertices, `mr.UvTexture(filter="nearest")`',
            "vertices",
            scenes=("texels",),
            color=(Claim.SWEEP, Claim.ZERO, Claim.EXACT),
        ),
        _shape(
            "vertices, lit with smooth normals",
            "vertices",
            scenes=("phong", "blinn_phong", "lambert", "phong parallel"),
        ),
        _shape("vertices, lit with flat normals", "vertices", scenes=("flat",)),
        _lit("normals that a material is given", "normals", scenes=("normals",)),
    ),
    "surface": (
        Row("vertex colours, attributes", ("colors",), VIEWS, EXACT, NONE, INTERPOLATED),
        _lit("texels of `mr.FaceTexture`", "cubes", scenes=("cubes", "cubes in place")),
        _lit("image of `mr.UvTexture`", "image", scenes=(*PICTURES, "texels")),
        _lit("texture coordinates", "uv", scenes=PICTURES),
        Row('texture coordinates, `filter="nearest"`', ("uv",), ("texels",), ZERO),
        _lit("background", "background", scenes=VIEWS),
    ),
    "lights": (
        _lit("ambient: colour, intensity", "ambient_color", "ambient_intensity"),
        _lit("directional: colour, intensity", "sun_color", "sun_intensity"),
        _lit("directional: direction", "sun_direction"),
        _lit("point: colour, intensity", "lamp_color", "lamp_intensity"),
        _lit("point: position, attenuation", "lamp_position", "lamp_attenuation"),
        _lit("spherical harmonics: coefficients", "coefficients"),
    ),
    "material": (
        _lit("k_a", "ambient", scenes=HIGHLIGHTS),
        _lit("k_d", "diffuse", scenes=(*HIGHLIGHTS, "lambert")),
        _lit("k_s", "specular", scenes=HIGHLIGHTS),
        _lit("shininess", "shininess", scenes=HIGHLIGHTS),
    ),
    "camera": (
        _shape("position (`eye`)", "eye", scenes=VIEWS),
        _shape("target and roll (`at`, `up`)", "at", "up", scenes=VIEWS),
        _shape("rotation on the spot", "turn", scenes=VIEWS),
        _shape("field of view", "fov_y_degrees", scenes=VIEWS),
        _shape("`aspect`", "aspect", scenes=VIEWS),
        _shape("orthographic: `half_height`", "half_height", scenes=("parallel", "phong parallel")),
    ),
}


@dataclasses.dataclass(frozen=True)
class Option:
    """A model that differs from the one in the table by some arguments, and its claims.

    Claims are for vertices in `scenes`, which draw in different ways.
    """

    model: str
    arguments: tuple[tuple[str, object], ...]
    color: Claim = Claim.EXACT
    alpha: Claim = Claim.EXACT
    scenes = ("plain", "cubes in place")

    @property
    def call(self):
        """As one writes it."""
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.arguments)
        return f"{self.model}({arguments})".replace("'", '"')


def _option(model, *, color=Claim.EXACT, alpha=Claim.EXACT, **arguments):
    return Option(model, tuple(arguments.items()), color, alpha)


OPTIONS = (
    _option("DibR", falloff="linear"),
    _option("DibR", k_faces=1),
    _option("DibR", perspective_correct=False),
    _option("SoftRas", distance="barycentric"),
    _option("SoftRas", distance="hard", alpha=Claim.ZERO),
    _option("SoftRas", aggregate_rgb="hard"),
    _option("SoftRas", aggregate_alpha="sum"),
    _option("SoftRas", aggregate_alpha="hard", alpha=Claim.ZERO),
    _option("SoftRas", perspective_correct=False),
)
ROWS = tuple(row for rows in GROUPS.values() for row in rows)


def inputs_in(scene):
    """Names of the inputs for which a scene is asked, in the order of the table."""
    names = (name for row in ROWS if scene in row.scenes for name in row.inputs)
    return tuple(dict.fromkeys(names))
