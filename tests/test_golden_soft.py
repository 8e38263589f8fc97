"""The golden runner on DIB-R and SoftRas: modes that no golden file has, pixels left out."""

import pathlib

import numpy as np
import pytest
import tensorflow as tf

from tests.support.soft_golden_oracles import dibr_outputs, softras_outputs
from tools.golden_runner import runner
from tools.golden_runner.case import Case, load_case

GOLDEN = pathlib.Path(__file__).parent / "golden"
SURFACE_CASE = "softras_soup8_s32_surfaceR3.npz"
HARD_CASE = "softras_soup10_s24_bary_hardrgb_frontonly.npz"

pytestmark = pytest.mark.golden

DIBR_NUMBERS = {
    "sigmainv": 900.0, "boxlen": 0.12, "knum": 5, "multiplier": 1000.0, "eps": 1e-8,
}  # fmt: skip
SOFTRAS_NUMBERS = {
    "image_size": 13, "near": 1.5, "far": 8.0, "fill_back": 1, "eps": 0.01, "sigma_val": 0.004,
    "gamma_val": 0.05, "dist_eps": 1e-3, "dist_func": "euclidean", "aggr_func_rgb": "softmax",
    "aggr_func_alpha": "prod", "texture_type": "vertex",
}  # fmt: skip


def _corners(rng, batch, num_faces):
    centres = rng.uniform(-0.8, 0.8, [batch, num_faces, 1, 2])
    return (centres + rng.normal(size=[batch, num_faces, 3, 2]) * 0.4).astype(np.float32)


def _save(folder, kind, arrays, oracle):
    """Writes inputs and what the oracle makes of them as a golden file."""
    arrays = {name: np.asarray(value) for name, value in arrays.items()}
    outputs = oracle(Case("made", kind, arrays, folder))
    for name, values in outputs.items():
        arrays[name] = values if values.dtype == np.int32 else values.astype(np.float32)
    path = folder / f"{kind}_made.npz"
    np.savez(path, kind=kind, **arrays)
    return path


def _dibr_file(folder, size=(11, 22), **changes):
    rng = np.random.default_rng(12)
    batch, num_faces = 2, 9
    arrays = DIBR_NUMBERS | {
        "face_vertices_image": _corners(rng, batch, num_faces),
        "face_vertices_z": -rng.uniform(1.0, 4.0, [batch, num_faces, 3]).astype(np.float32),
        "face_features": rng.uniform(size=[batch, num_faces, 3, 2]).astype(np.float32),
        "valid_faces": (rng.uniform(size=[batch, num_faces]) < 0.7).astype(np.uint8),
        "height": size[0],
        "width": size[1],
        "grad_interpolated_features": rng.normal(size=[batch, *size, 2]).astype(np.float32),
        "grad_soft_mask": rng.normal(size=[batch, *size]).astype(np.float32),
    }
    return _save(folder, "dibr", arrays | changes, dibr_outputs)


@pytest.mark.parametrize(
    "changes",
    [{}, {"eps": 1e-3}, {"size": (22, 11)}, {"knum": 1}, {"multiplier": 1.0, "sigmainv": 80.0}],
    ids=str,
)
def test_dibr_with_other_numbers(tmp_path, changes):
    verdict = runner.run_file(_dibr_file(tmp_path, **changes), tf.float64)
    assert verdict.passed, verdict.line()
    assert len(verdict.checks) == 7


def test_dibr_depends_on_every_number(tmp_path):
    """A runner that ignored a number of the file would pass the changed file, too."""
    path = _dibr_file(tmp_path)
    arrays = dict(np.load(path))
    for name, other in {"sigmainv": 700.0, "boxlen": 0.05, "knum": 2, "eps": 1e-2}.items():
        np.savez(path, **arrays | {name: other})
        assert not runner.run_file(path, tf.float64).passed, name
    np.savez(path, **arrays | {"valid_faces": np.ones_like(arrays["valid_faces"])})
    assert not runner.run_file(path, tf.float64).passed


def _softras_file(folder, **changes):
    rng = np.random.default_rng(12)
    batch, num_faces = 2, 7
    arrays = SOFTRAS_NUMBERS | changes
    size, surface = arrays["image_size"], arrays["texture_type"] == "surface"
    depth = rng.uniform(1.2, 9.0, [batch, num_faces, 3, 1]).astype(np.float32)
    arrays |= {
        "face_vertices": np.concatenate([_corners(rng, batch, num_faces), depth], axis=-1),
        "textures": rng.uniform(size=[batch, num_faces, 16 if surface else 3, 3]),
        "background_color": np.array([0.1, 0.5, 0.9], np.float32),
        "grad_rgba": rng.normal(size=[batch, 4, size, size]).astype(np.float32),
        "oob_pixels": np.zeros([batch, size, size], np.uint8),
    }
    arrays["textures"] = arrays["textures"].astype(np.float32)
    return _save(folder, "softras", arrays, lambda case: _with_clamped(case, softras_outputs(case)))


def _with_clamped(case, outputs):
    if str(case["texture_type"]) == "vertex":
        return outputs
    names = ("rgba", "grad_face_vertices", "grad_textures")
    return outputs | {f"{name}_texclamp": outputs[name] for name in names}


@pytest.mark.parametrize("rgb", ["softmax", "hard"])
@pytest.mark.parametrize("alpha", ["prod", "sum", "hard"])
@pytest.mark.parametrize("distance", ["euclidean", "barycentric", "hard"])
def test_softras_in_every_mode(tmp_path, distance, alpha, rgb):
    modes = {"dist_func": distance, "aggr_func_alpha": alpha, "aggr_func_rgb": rgb}
    verdict = runner.run_file(_softras_file(tmp_path, **modes), tf.float64)
    assert verdict.passed, verdict.line()
    assert len(verdict.checks) == (7 if rgb == "hard" else 5)


@pytest.mark.parametrize(
    "changes",
    [{"fill_back": 0}, {"texture_type": "surface"}, {"near": 3.0, "far": 4.0}, {"dist_eps": 0.1}],
    ids=str,
)
def test_softras_with_other_numbers(tmp_path, changes):
    verdict = runner.run_file(_softras_file(tmp_path, **changes), tf.float64)
    assert verdict.passed, verdict.line()


def test_softras_depends_on_every_number(tmp_path):
    path = _softras_file(tmp_path)
    arrays = dict(np.load(path))
    others = {
        "near": 3.0, "far": 6.0, "fill_back": 0, "eps": 0.02, "sigma_val": 0.002, "gamma_val": 0.1,
        "dist_eps": 0.01, "dist_func": "barycentric", "aggr_func_rgb": "hard",
        "aggr_func_alpha": "sum", "background_color": np.zeros(3, np.float32),
    }  # fmt: skip
    for name, other in others.items():
        np.savez(path, **arrays | {name: other})
        assert not runner.run_file(path, tf.float64).passed, name


@pytest.mark.parametrize(
    ("name", "value"),
    [("dist_func", "manhattan"), ("aggr_func_rgb", "mean"), ("texture_type", "wood")],
)
def test_unknown_mode_fails_with_its_name(tmp_path, name, value):
    path = _softras_file(tmp_path)
    np.savez(path, **dict(np.load(path)) | {name: value})
    assert f"`{name}` is `{value}`" in runner.run_file(path).line()


def _doctored(folder, name, array, place):
    arrays = dict(np.load(GOLDEN / name, allow_pickle=False))
    arrays[array] = arrays[array].copy()
    arrays[array][place] += 1.0
    np.savez(folder / name, **arrays)
    return runner.run_file(folder / name, tf.float64)


@pytest.mark.parametrize(("marked", "array"), [
    ("fragile_pixels", "rgba_texclamp"), ("oob_pixels", "ref64_rgba")
])  # fmt: skip
def test_only_colours_of_marked_pixels_are_left_out(tmp_path, marked, array):
    item, row, column = np.argwhere(load_case(GOLDEN / SURFACE_CASE)[marked])[0]
    assert _doctored(tmp_path, SURFACE_CASE, array, (item, 0, row, column)).passed
    assert not _doctored(tmp_path, SURFACE_CASE, array, (item, 0, 0, 0)).passed
    if marked == "fragile_pixels":
        assert not _doctored(tmp_path, SURFACE_CASE, array, (item, 3, row, column)).passed


@pytest.mark.parametrize(("channel", "name"), [(0, "aggrs_info (depth)"), (1, "aggrs_info (face)")])
def test_hard_aggregates_are_compared_where_a_face_is_found(tmp_path, channel, name):
    item, row, column = np.argwhere(load_case(GOLDEN / HARD_CASE)["aggrs_info"][:, 1] >= 0)[0]
    verdict = _doctored(tmp_path, HARD_CASE, "aggrs_info", (item, channel, row, column))
    assert [check.name for check in verdict.checks if not check.passed] == [name]
