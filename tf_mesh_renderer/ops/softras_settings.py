"""The numbers and choices that SoftRas' image depends on."""

import dataclasses

from tf_mesh_renderer.arguments import argument_error, check_choice, to_number
from tf_mesh_renderer.ops.rasterize import CULL_MODES, DEPTH_SOURCES

DISTANCES = ("euclidean", "barycentric", "hard")
RGB_AGGREGATIONS = ("softmax", "hard")
ALPHA_AGGREGATIONS = ("product", "sum", "hard")

_CHOICES = {
    "distance": DISTANCES,
    "aggregate_rgb": RGB_AGGREGATIONS,
    "aggregate_alpha": ALPHA_AGGREGATIONS,
    "depth_from": DEPTH_SOURCES,
    "cull": CULL_MODES,
}
_NUMBERS = {"sigma", "gamma", "eps", "dist_eps", "near", "far"}
_RANGES = {
    "sigma": ("a number > 0", lambda value, _: value > 0),
    "gamma": ("a number > 0", lambda value, _: value > 0),
    "eps": ("a number >= 0", lambda value, _: value >= 0),
    "dist_eps": ("a number in (0, 0.5]", lambda value, _: 0 < value <= 0.5),
    "far": ("a number above `near`", lambda value, numbers: value > numbers["near"]),
}


@dataclasses.dataclass(frozen=True)
class SoftrasSettings:
    """How faces blur and mix. The defaults are the released program's, but for two of them.

    These are `perspective_correct` and `original_gradient`: the released program colours linearly
    on the image, and leaves part of the gradient out.

    Numbers are kept in float32; the ops refuse those that it cannot hold, or compute with.

    Attributes:
      sigma: number > 0, squared NDC: how far a face blurs. At the distance d from its boundary
        a face covers a pixel to the part D = 1 / (1 + exp(d^2 / sigma)) outside, to 1 - D inside.
      gamma: number > 0, how sharply the nearest face wins: depths mix as exp(-depth / (far - near)
        / gamma).
      eps: number >= 0, the nearness of the background, where `far` has 0 and `near` 1. The
        released program counts the background exp(eps / gamma) times, where the paper has it once;
        that must stay finite.
      dist_eps: number in (0, 0.5]: a face that covers a pixel to a smaller part is left out.
      distance: "euclidean", as in the paper; "barycentric": the square of the lowest barycentric
        takes the place of d^2; "hard": D is 1 on the face and 0 elsewhere.
      aggregate_rgb: "softmax": all faces mix by depth and D; "hard": the nearest face on which the
        pixel lies.
      aggregate_alpha: "product": 1 - prod(1 - D); "sum": sum(D) over the number of faces (rows of
        -1 are none); "hard": 1 where some D > 0.5.
      near: number; a face gives colour where near <= depth <= far.
      far: number above `near`.
      depth_from: "w" takes w as depth (perspective cameras); "z" takes
        near + (z / w + 1) / 2 * (far - near), linear on the image (orthographic cameras).
      cull: which side of a face gives no colour: "back", "front" or "none". Alpha counts both.
      perspective_correct: whether colours are interpolated with perspective, which "z" has none of.
      original_gradient: False: the exact derivative of the image. True: that of the released
        program, which lacks how colour and depth at a pixel move with x and y, gives nothing where
        depth is out of range (from alpha neither), takes hard alpha for the sum of D, and stops
        vertices where colour is hard.
    Raises:
      TypeError: a number is none.
      ValueError: a choice is none of those named above, or a number is out of range.
    Source:
      Liu, Li, Chen, Li, "Soft Rasterizer: A Differentiable Renderer for Image-based 3D Reasoning",
      ICCV 2019, equations 1 to 4, and its released program.
    """

    sigma: float = 1e-5
    gamma: float = 1e-4
    eps: float = 1e-3
    dist_eps: float = 1e-4
    distance: str = "euclidean"
    aggregate_rgb: str = "softmax"
    aggregate_alpha: str = "product"
    near: float = 1.0
    far: float = 100.0
    depth_from: str = "w"
    cull: str = "none"
    perspective_correct: bool = True
    original_gradient: bool = False

    def __post_init__(self):
        for name, choices in _CHOICES.items():
            check_choice("SoftrasSettings", name, value=getattr(self, name), choices=choices)
        numbers = {
            name: to_number("SoftrasSettings", name, getattr(self, name)) for name in _NUMBERS
        }
        for name, (expected, holds) in _RANGES.items():
            if not holds(numbers[name], numbers):
                raise argument_error(
                    "SoftrasSettings",
                    name,
                    expected=expected,
                    received=numbers[name],
                    hint=f"the default is {getattr(type(self), name)}",
                )


# What the released program does, but for its colours and gradients.
DEFAULT_SETTINGS = SoftrasSettings()


def op_attributes(function, settings, names):
    """The attributes of a raw op, by name.

    Args:
      function: calling function, for the error.
      settings: `SoftrasSettings`.
      names: those attributes that the op has.
    Raises:
      TypeError: `settings` is something else, or one of its numbers is no number.
    """
    if not isinstance(settings, SoftrasSettings):
        raise argument_error(
            function,
            "settings",
            expected="a SoftrasSettings",
            received=repr(settings),
            hint="write settings=SoftrasSettings(sigma=1e-4)",
            error=TypeError,
        )
    values = {name: getattr(settings, name) for name in names}
    for name in _NUMBERS & values.keys():
        values[name] = to_number(function, f"settings.{name}", values[name])
    return values
