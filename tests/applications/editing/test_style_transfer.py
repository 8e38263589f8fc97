"""Style transfer: two steps with everything, resuming, and inputs that are not what they seem."""

import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from absl import flags
from PIL import Image

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications import style_transfer
from tf_mesh_renderer.applications.editing import program
from tf_mesh_renderer.applications.editing.run import EditingRun, RunOptions
from tf_mesh_renderer.applications.style_transfer import (
    PRESETS,
    StyleTransferSettings,
    main,
    read_style,
    transfer,
)

TINY = dataclasses.replace(PRESETS["small"], steps=2, image_size=32, batch_size=2, texture_size=2)
FILES = {
    "settings.json",
    "report.json",
    "checkpoints",
    "preview.png",
    "sheet.png",
    "turntable.gif",
    "result.obj",
    "result.mtl",
    "result.png",
    "result.glb",
}


def result_of(options):
    mesh = mr.load_mesh(pathlib.Path(options.output) / "result.obj", texture_size=2)
    return np.asarray(mesh.vertices), np.asarray(mesh.texture.cubes)


def test_two_steps_write_everything(plain_mesh, style, options):
    report = transfer(plain_mesh, style, TINY, options)
    folder = pathlib.Path(options.output)
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "report.json").read_text()) == report
    assert report["finite"]
    assert report["displacement"] > 0
    assert 0 < report["color_change"] < 1
    assert report["style_loss_ratio"] > 1
    assert report["silhouette_iou"] > 0.8
    sheet = mr.read_image(folder / "sheet.png")
    assert sheet.shape == (2 * 20 + 4, 5 * 20 + 4, 3)


def test_a_run_goes_on_after_a_stop_between_checkpoints(
    plain_mesh, style, options, tmp_path, monkeypatch
):
    """Stopped after three of four steps, one of them since the last checkpoint."""
    longer = dataclasses.replace(TINY, steps=4, checkpoint_every=2)
    whole = dataclasses.replace(options, output=str(tmp_path / "whole"))
    transfer(plain_mesh, style, longer, whole)

    def stop(run, epoch, logs):
        if epoch == 1:
            raise KeyboardInterrupt

    preview = EditingRun._preview
    monkeypatch.setattr(EditingRun, "_preview", stop)  # before the second checkpoint
    with pytest.raises(KeyboardInterrupt):
        transfer(plain_mesh, style, longer, options)
    monkeypatch.setattr(EditingRun, "_preview", preview)
    resumed = transfer(plain_mesh, style, longer, options)
    for one, other in zip(result_of(options), result_of(whole)):
        np.testing.assert_array_equal(one, other)
    assert resumed == json.loads((tmp_path / "whole" / "report.json").read_text())


def test_a_folder_with_more_steps_than_asked_for_is_refused(plain_mesh, style, options):
    transfer(plain_mesh, style, dataclasses.replace(TINY, checkpoint_every=1), options)
    shorter = dataclasses.replace(TINY, checkpoint_every=1, steps=1)
    with pytest.raises(ValueError, match=r"`steps`: expected at least 2.*received 1"):
        transfer(plain_mesh, style, shorter, options)


def test_a_folder_of_another_run_is_refused(plain_mesh, style, options):
    folder = pathlib.Path(options.output)
    folder.mkdir()
    (folder / "settings.json").write_text('{"style": {"crc32": "0"}}')
    with pytest.raises(ValueError, match=r"style.crc32 '0' there and '.*' now.*another folder"):
        transfer(plain_mesh, style, TINY, options)


def test_inputs_may_be_renamed_but_not_changed(plain_mesh, style, options, tmp_path):
    done = transfer(plain_mesh, style, TINY, options)
    mesh, picture = tmp_path / "mesh.obj", tmp_path / "picture.png"
    shutil.copy(plain_mesh, mesh)
    shutil.copy(style, picture)
    assert transfer(str(mesh), str(picture), TINY, options) == done
    mr.write_image(picture, 1 - mr.read_image(style))
    with pytest.raises(ValueError, match=r"style\.crc32"):
        transfer(str(mesh), str(picture), TINY, options)
    mr.save_mesh(mesh, mr.geometry.icosphere(0))
    with pytest.raises(ValueError, match=r"mesh\.bytes"):
        transfer(str(mesh), style, TINY, options)


@pytest.mark.parametrize("gradient", ["n3mr", "dibr", "softras"])
@pytest.mark.parametrize("texture", ["cubes", "uv", "vertex_colors"])
def test_any_gradient_and_any_texture(textured_mesh, style, options, gradient, texture):
    settings = dataclasses.replace(TINY, steps=1, image_size=16, gradient=gradient, texture=texture)
    report = transfer(textured_mesh, style, settings, options)
    assert report["finite"]
    assert report["displacement"] > 0
    assert report["color_change"] > 0


def test_vgg16_with_random_weights_takes_the_published_path(plain_mesh, style, options):
    settings = dataclasses.replace(
        PRESETS["paper"],
        weights="random",
        layers=("block1_conv2", "block2_conv2"),
        steps=2,
        image_size=32,
        batch_size=1,
    )
    assert settings.content_weight == 2e9
    report = transfer(plain_mesh, style, settings, options)
    assert report["finite"]
    assert report["displacement"] > 0


@pytest.mark.slow
def test_the_published_setting_runs_as_it_is(style, tmp_path):
    """224 pixels, four views, all four layers of VGG-16; only the steps are fewer."""
    chosen = ["--mesh=teapot", "--preset=paper", "--weights=random", "--steps=2", "--frames=2"]
    command = [sys.executable, "-m", style_transfer.__name__, *chosen]
    command += [f"--style={style}", f"--output={tmp_path}", "--size=16"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    facts = json.loads((tmp_path / "settings.json").read_text())
    expected = {"image_size": 224, "batch_size": 4, "variation_weight": 1e4, "learning_rate": 0.05}
    assert {name: facts[name] for name in expected} == expected
    assert facts["weights"]["bytes"] > 30e6  # 7,635,264 numbers up to block 4
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["finite"]
    assert 0 < report["displacement"] < 1
    assert 0 < report["style_loss_end"] != report["style_loss_start"]  # no style: random features


def test_both_published_pairs_are_flags_away():
    """The teapot in the style of Gris is the preset; the bunny in that of Munch is smoother."""
    assert (PRESETS["paper"].content_weight, PRESETS["paper"].variation_weight) == (2e9, 1e4)
    values = flags.FlagValues()
    style_transfer.define_flags(values)
    values(["style_transfer", "--preset=paper", "--mesh=bunny.obj", "--variation_weight=1e5"])
    bunny = program.settings(PRESETS, values)
    assert bunny == dataclasses.replace(PRESETS["paper"], variation_weight=1e5)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "I;16"])
def test_pictures_of_any_kind_are_styles(tmp_path, mode):
    values = np.zeros((10, 12), np.uint8)
    values[:, 6:] = 200
    grey = Image.fromarray(values)
    path = tmp_path / "picture.png"
    image = Image.fromarray(values.astype(np.uint16) * 257) if mode == "I;16" else grey
    image = image if mode == "I;16" else image.convert(mode)
    image.save(path)
    style = read_style(path, 8).numpy()
    assert style.shape == (8, 8, 4)
    assert style[:, :3, :3].max() < 0.05
    assert style[:, 5:, :3].min() > 0.7
    np.testing.assert_allclose(style[..., 3], 1.0)


def test_transparent_pixels_do_not_count(tmp_path):
    pixels = np.zeros((8, 8, 4), np.float32)
    pixels[:, :4] = (0.2, 0.4, 0.6, 1.0)
    pixels[:, 4:, 0] = 1.0  # red where nothing shows
    mr.write_image(tmp_path / "half.png", pixels)
    style = read_style(tmp_path / "half.png", 4).numpy()
    np.testing.assert_allclose(style[:, :2, :3], np.broadcast_to((0.2, 0.4, 0.6), (4, 2, 3)))
    np.testing.assert_array_equal(style[:, 2:, 3], 0.0)


def test_huge_pictures_are_made_small(tmp_path):
    path = tmp_path / "huge.png"
    Image.new("RGB", (5000, 4000), (255, 0, 51)).save(path)
    style = read_style(path, 16).numpy()
    np.testing.assert_allclose(style, np.broadcast_to((1, 0, 0.2, 1), (16, 16, 4)), atol=1e-5)


def test_pictures_that_no_memory_could_hold_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "bomb.png"
    Image.new("RGB", (40, 40)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ValueError, match=r"bomb\.png.*Hint"):
        read_style(path, 16)


def test_a_missing_style_is_named(plain_mesh, options):
    with pytest.raises(FileNotFoundError, match=r"'nowhere\.png'"):
        transfer(plain_mesh, "nowhere.png", TINY, options)
    assert not pathlib.Path(options.output).exists()


def test_a_style_that_is_no_picture_is_named(plain_mesh, options):
    with pytest.raises(ValueError, match=r"expected a picture.*plain\.obj"):
        transfer(plain_mesh, plain_mesh, TINY, options)


def test_an_invisible_style_is_refused(tmp_path):
    mr.write_image(tmp_path / "clear.png", np.zeros((4, 4, 4), np.float32))
    with pytest.raises(ValueError, match="all transparent"):
        read_style(tmp_path / "clear.png", 8)


@pytest.mark.parametrize("mesh", ["teapot", "plain"])
def test_a_mesh_without_uv_is_refused_for_uv_textures(plain_mesh, style, options, mesh):
    settings = dataclasses.replace(TINY, texture="uv")
    with pytest.raises(ValueError, match=r"texture coordinates.*Hint: .*cubes"):
        transfer(plain_mesh if mesh == "plain" else mesh, style, settings, options)


def test_the_command_line(plain_mesh, style, tmp_path):
    small = ("--image_size=16", "--batch_size=1", "--frames=2", "--size=16")
    command = [sys.executable, "-m", style_transfer.__name__, f"--mesh={plain_mesh}"]
    command += [f"--style={style}", f"--out={tmp_path}", "--steps=2", *small]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "style loss ratio" in done.stdout
    assert "2/2" in done.stderr
    facts = json.loads((tmp_path / "settings.json").read_text())
    assert facts["image_size"] == 16
    assert facts["content_weight"] == PRESETS["small"].content_weight


def test_the_command_line_lists_layers(capsys):
    assert main(["style_transfer", "--preset=paper", "--list_layers"]) == 0
    assert re.search(r"block4_conv3 +512 channels", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--mesh=teapot"], 2, "missing: --style, --output"),
        (["--colour=red"], 2, "Unknown command line flag 'colour'"),
        (["teapot"], 2, "'teapot'"),
        (["--style=nowhere.png", "--output=never"], 1, "'nowhere.png'"),
        (["--preset=large"], 2, "small|paper"),
        (["--gradient=opengl"], 2, "n3mr|dibr|softras"),
        (["--batch_size=0"], 2, "positive"),
        (["--color_bias=1,2"], 2, "expected 3 numbers"),
        (["--style=a", "--output=never", "--elevation_min=50"], 1, "elevation_max"),
    ],
)
def test_the_command_line_says_what_is_wrong(capsys, arguments, status, message):
    assert main(["style_transfer", *arguments]) == status
    assert message in capsys.readouterr().err


def test_the_command_line_explains_every_flag(capsys):
    assert main(["style_transfer", "--help"]) == 0
    text = capsys.readouterr().out
    fields = dataclasses.fields(StyleTransferSettings) + dataclasses.fields(RunOptions)
    for field in fields:
        assert re.search(rf"--(\[no\])?{field.name}:", text)
