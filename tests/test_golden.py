"""Golden cases of the original renderers pass; doctored, broken and unknown files do not."""

import pathlib
import shutil

import numpy as np
import pytest
import tensorflow as tf

from tools import run_golden
from tools.golden_runner import runner
from tools.golden_runner.case import load_case
from tools.golden_runner.compare import allowed

GOLDEN = pathlib.Path(__file__).parent / "golden"
MANIFEST = GOLDEN / "MANIFEST.md"
FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix in runner.SUFFIXES)
LARGEST_TOTAL_BYTES = 2_000_000
CASE = "n3mr_single_s16_all.npz"
FRAGILE_CASE = "n3mr_aligned_s17_all.npz"
DIBR_CASE = "dibr_soup40_32x32_knum4.npz"
SOFTRAS_CASE = "softras_soup8_s32_surfaceR3.npz"

pytestmark = pytest.mark.golden


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64], ids=lambda dtype: dtype.name)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case_passes(path, dtype):
    verdict = runner.run_file(path, dtype)
    assert verdict.passed, verdict.line()


def test_manifest_lists_every_file():
    text = MANIFEST.read_text(encoding="utf-8")
    assert [path.name for path in FILES if f"`{path.name}`" not in text] == []
    assert sum(path.stat().st_size for path in FILES) <= LARGEST_TOTAL_BYTES


def _doctored(folder, name, change):
    """Copies a golden file after `change` has edited its {name: array}."""
    arrays = dict(np.load(GOLDEN / name, allow_pickle=False))
    change(arrays)
    np.savez(folder / name, **arrays)
    return folder / name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        *[(CASE, name) for name in ("face_index_map", "weight_map", "depth_map", "rgb_map")],
        *[(CASE, name) for name in ("alpha_map", "grad_faces", "grad_textures")],
        *[("tfmr_cube_ndc_21x28.npz", name) for name in ("barycentrics", "triangle_ids")],
        *[("tfmr_cube_ndc_21x28.npz", name) for name in ("z_buffer", "grad_vertices")],
        *[("n3mrpipe_rgb_icosphere_aa32.npz", name) for name in ("image", "textures_lit")],
        *[("n3mrpipe_rgb_icosphere_aa32.npz", name) for name in ("grad_vertices", "faces_raster")],
        *[("n3mrpipe_rgb_icosphere_aa32.npz", name) for name in ("grad_textures",)],
        *[("facts_cross.npz", name) for name in ("c", "grad_a")],
        *[("facts_lighting.npz", name) for name in ("textures_out", "light")],
        ("facts_teapot_silhouette256.npz", "mask"),
        *[(DIBR_CASE, name) for name in ("face_idx", "output_weights", "interpolated_features")],
        *[(DIBR_CASE, f"grad_face_{name}") for name in ("vertices_image_rast", "features")],
        *[(DIBR_CASE, "grad_face_vertices_image_mask")],
        *[(SOFTRAS_CASE, f"{name}_texclamp") for name in ("grad_face_vertices", "grad_textures")],
        *[(SOFTRAS_CASE, name) for name in ("aggrs_info", "rgba_texclamp")],
    ],
)
def test_one_doctored_entry_fails(tmp_path, file, name):
    case = load_case(GOLDEN / file)

    def change(arrays):
        target = f"ref64_{name}" if f"ref64_{name}" in arrays else name
        values = arrays[target].copy()
        # Twice what is allowed for floats, the next integer for maps; at the middle entry.
        largest = np.max(np.abs(values))
        tolerance = allowed(case, name.removesuffix("_texclamp"))
        step = 2.0 * tolerance * largest if values.dtype == np.float32 else 1
        values.reshape(-1)[values.size // 2] += np.array(step, values.dtype)
        arrays[target] = values

    verdict = runner.run_file(_doctored(tmp_path, file, change))
    assert not verdict.passed
    assert [check.name for check in verdict.checks if not check.passed] == [name]
    assert "FAIL" in verdict.line()


def test_fragile_entries_do_not_count(tmp_path):
    def change(arrays):
        fragile = arrays["fragile_grad_faces"] == 1
        assert fragile.any()
        arrays["ref64_grad_faces"][fragile] += 1e9

    verdict = runner.run_file(_doctored(tmp_path, FRAGILE_CASE, change))
    assert verdict.passed
    assert "10 of grad_faces" in verdict.line()


@pytest.mark.parametrize(("row", "column", "passes"), [(2, 5, True), (4, 4, False), (0, 0, False)])
def test_only_pixels_on_an_edge_are_left_out_of_rounding_sensitive_maps(
    tmp_path, row, column, passes
):
    """Face 0 has corners at pixels (2, 2), (9, 2) and (2, 9) of the map, column first."""

    def change(arrays):
        arrays["face_index_map"][0, row, column] += 1

    assert runner.run_file(_doctored(tmp_path, FRAGILE_CASE, change)).passed == passes


def test_nan_fails(tmp_path):
    def change(arrays):
        arrays["weight_map"][0, 5, 5, 0] = np.nan

    assert not runner.run_file(_doctored(tmp_path, CASE, change)).passed


def _delete(*names):
    def change(arrays):
        for name in names:
            del arrays[name]

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_delete("faces"), "`faces` is missing"),
        (_delete("grad_faces", "ref64_grad_faces"), "`grad_faces` is missing"),
        (lambda arrays: arrays.update(kind="tfmr"), "the file says `tfmr`"),
        (lambda arrays: arrays.update(tolerance="{"), "`tolerance` is no JSON"),
        (lambda arrays: arrays.update(image_size=np.int32(8)), "shape"),
    ],
    ids=["no input", "no output", "kind", "tolerance", "shape"],
)
def test_incomplete_file_fails_with_its_reason(tmp_path, change, message):
    verdict = runner.run_file(_doctored(tmp_path, CASE, change))
    assert not verdict.passed
    assert message in verdict.line()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("n3mr_cut.npz", b"PK\x03\x04 cut off", "unreadable"),
        ("n3mr_empty.npz", b"", "unreadable"),
        ("facts_look_at.json", b"{ no json", "unreadable"),
        ("facts_look_at.json", b"[1, 2]", "expected a JSON object"),
        ("facts_moon.json", b"{}", "unknown facts file"),
        ("n3mt_typo.npz", b"", "unknown kind `n3mt`"),
    ],
)
def test_broken_file_fails_with_its_reason(tmp_path, capsys, name, content, message):
    (tmp_path / name).write_bytes(content)
    assert run_golden.main([str(tmp_path)]) == 1
    assert message in capsys.readouterr().out


def test_command_line_counts(tmp_path, capsys):
    shutil.copy(GOLDEN / CASE, tmp_path)
    shutil.copy(GOLDEN / "facts_cross.npz", tmp_path)
    assert run_golden.main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"ok   {CASE}: 7 compared (face_index_map,")
    assert lines[2] == "2 of 2 files ok in float32"


def test_command_line_runs_one_kind(tmp_path, capsys):
    shutil.copy(GOLDEN / CASE, tmp_path)
    shutil.copy(GOLDEN / "facts_cross.npz", tmp_path)
    assert run_golden.main([str(tmp_path), "--kind", "facts"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["skipped 1 files of kind n3mr", "1 of 1 files ok in float32"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "moon"], "kind `moon` is not supported"),
        ([], "no file of kind"),
        (["--kind", "tfmr"], "no file of kind tfmr"),
    ],
    ids=["unknown kind", "empty", "empty kind"],
)
def test_command_line_fails_where_nothing_runs(tmp_path, capsys, arguments, message):
    assert run_golden.main([str(tmp_path), *arguments]) == 1
    assert message in capsys.readouterr().err


def test_command_line_fails_without_a_directory(tmp_path, capsys):
    assert run_golden.main([str(tmp_path / "none")]) == 1
    assert "is no directory" in capsys.readouterr().err
