"""What a case of kind `softras` asks for, and how its arrays are compared; needs no TensorFlow."""

import numpy as np

from tools.golden_runner import compare
from tools.golden_runner.case import CaseError

DISTANCES = {"hard": "hard", "barycentric": "barycentric", "euclidean": "euclidean"}
RGB_AGGREGATES = {"hard": "hard", "softmax": "softmax"}
ALPHA_AGGREGATES = {"hard": "hard", "sum": "sum", "prod": "product"}
TEXTURES = {"vertex": False, "surface": True}
# Arrays that a surface texture gives when texels beyond the last one are not read.
CLAMPED = "_texclamp"
# Files were kept only if outputs move less under rounding, except at `fragile_pixels`.
LARGEST_SENSITIVITY = 5e-3


def _choice(case, name, choices):
    value = str(case[name])
    if value not in choices:
        raise CaseError(f"`{name}` is `{value}`, expected one of {', '.join(choices)}")
    return choices[value]


def _fragment_settings(case):
    return {
        "sigma": case.number("sigma_val"),
        "dist_eps": case.number("dist_eps"),
        "distance": _choice(case, "dist_func", DISTANCES),
    }


def silhouette_settings(case):
    """Keyword arguments of `ops.softras_silhouette` but for the image size."""
    aggregate = _choice(case, "aggr_func_alpha", ALPHA_AGGREGATES)
    return _fragment_settings(case) | {"aggregate": aggregate}


def color_settings(case):
    """Fields of `ops.SoftrasSettings` but for the kind of gradient.

    A front face of SoftRas is clockwise with y up; the library calls that a back face.
    """
    return _fragment_settings(case) | {
        "gamma": case.number("gamma_val"),
        "eps": case.number("eps"),
        "near": case.number("near"),
        "far": case.number("far"),
        "depth_from": "w",
        "aggregate_rgb": _choice(case, "aggr_func_rgb", RGB_AGGREGATES),
        "aggregate_alpha": _choice(case, "aggr_func_alpha", ALPHA_AGGREGATES),
        "cull": "none" if case.flag("fill_back") else "front",
        "perspective_correct": False,
    }


def has_surface(case):
    """Whether textures are texels of the faces; else they are colours of the corners."""
    return _choice(case, "texture_type", TEXTURES)


def background(case):
    """Background colours [B, 3]."""
    batch = len(case["face_vertices"])
    return np.broadcast_to(np.reshape(case["background_color"], [-1, 3]), (batch, 3))


def _tolerance(case, name):
    """What is allowed for an array, without the changes seen at `fragile_pixels`, if there are."""
    seen = compare.sensitivities(case, name.removesuffix(CLAMPED))
    if "fragile_pixels" in case:
        steady = [value for value in seen if value <= LARGEST_SENSITIVITY]
        seen = steady or [LARGEST_SENSITIVITY]
    return compare.tolerance_of(seen)


def _fragile(case):
    """Colours [B, 4, S, S] that rounding decides."""
    mask = np.zeros(np.shape(case["rgba"]), bool)
    if "fragile_pixels" in case:
        mask[:, :3] = np.asarray(case["fragile_pixels"])[:, None] != 0
    return mask


def _check(case, name, ours, left_out=None):
    uncertain = {} if left_out is None else {name: left_out}
    return compare.check_array(case, name, ours, uncertain, tolerance=_tolerance(case, name))


def check_hard_aggregates(case, ours):
    """Checks of depth and face id where hard aggregation finds a face; in the rest both agree.

    Args:
      case: `Case`.
      ours: [B, 2, S, S], (depth, face id or -1).
    Returns:
      List of `Check`.
    """
    stored = np.asarray(case["aggrs_info"])
    wrong = np.sum(ours[:, 1] != stored[:, 1])
    found = stored[:, 1] >= 0
    error = compare.relative_to_max(ours[:, 0][found], stored[:, 0][found])
    return [
        compare.Check("aggrs_info (face)", float(wrong), 0.0),
        compare.Check("aggrs_info (depth)", error, _tolerance(case, "aggrs_info")),
    ]


def check_outputs(case, outputs, silhouette):
    """Compares everything computed for a case.

    Args:
      case: `Case` of kind softras.
      outputs: rgba [B, 4, S, S], aggrs_info [B, 2, S, S], grad_face_vertices and grad_textures.
      silhouette: alpha [B, S, S], computed without colours.
    Returns:
      List of `Check`.
    """
    suffix = CLAMPED if has_surface(case) else ""
    rgba, fragile = outputs["rgba"], _fragile(case)
    checks = [_check(case, f"rgba{suffix}", rgba, fragile)]
    if suffix:
        beyond = np.asarray(case["oob_pixels"])[:, None] != 0
        checks.append(_check(case, "rgba", rgba, fragile | beyond))
    checks.append(_check(case, "aggrs_info", outputs["aggrs_info"]))
    if _choice(case, "aggr_func_rgb", RGB_AGGREGATES) == "hard":
        checks += check_hard_aggregates(case, outputs["aggrs_info"])
    alpha = np.asarray(case["ref64_rgba" if "ref64_rgba" in case else "rgba"])[:, 3]
    error = compare.relative_to_max(silhouette, alpha)
    checks.append(compare.Check("alpha alone", error, _tolerance(case, "rgba")))
    for name in ("grad_face_vertices", "grad_textures"):
        checks.append(_check(case, f"{name}{suffix}", outputs[name]))
    return checks
