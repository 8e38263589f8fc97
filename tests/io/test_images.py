"""Pictures: round trips, kinds of pixels, animations, errors."""

import imageio.v3 as iio
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tf_mesh_renderer.io import read_image, write_gif, write_image


def bytes_picture(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png_round_trip_is_exact_for_bytes(tmp_path, channels):
    pixels = bytes_picture(5, 7, channels)
    write_image(tmp_path / "a.png", pixels / 255)
    image = read_image(tmp_path / "a.png", alpha=channels == 4)
    assert image.dtype == np.float32
    expected = np.broadcast_to(pixels, (5, 7, max(channels, 3)))
    np.testing.assert_array_equal(np.round(image * 255), expected)


def test_row_zero_is_the_top_of_the_file(tmp_path):
    write_image(tmp_path / "a.png", np.array([[1.0], [0.0]]))
    assert Image.open(tmp_path / "a.png").getpixel((0, 0)) == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_kind_of_8_bit_pixel_becomes_rgb(tmp_path, mode):
    original = Image.fromarray(bytes_picture(4, 6, 4)).convert("RGB").convert(mode)
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    original.save(path)
    expected = np.asarray(original.convert("RGB")) / np.float32(255)
    np.testing.assert_allclose(read_image(path), expected, atol=1e-7)
    assert read_image(path, alpha=True).shape == (4, 6, 4)


def test_16_bit_grey_keeps_its_precision(tmp_path):
    values = np.array([[0, 1, 256], [1000, 40000, 65535]], np.uint16)
    iio.imwrite(tmp_path / "a.png", values)
    image = read_image(tmp_path / "a.png", alpha=True)
    np.testing.assert_allclose(image[..., :3], np.repeat(values[..., None], 3, -1) / 65535)
    np.testing.assert_array_equal(image[..., 3], 1)


def test_large_pictures_become_smaller_by_a_whole_factor(tmp_path):
    pixels = bytes_picture(12, 9, 3)
    write_image(tmp_path / "a.png", pixels / 255)
    blocks = pixels.reshape(4, 3, 3, 3, 3).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(read_image(tmp_path / "a.png", largest_side=5), blocks, atol=0.01)
    assert read_image(tmp_path / "a.png", largest_side=12).shape == (12, 9, 3)
    assert read_image(tmp_path / "a.png", largest_side=11).shape == (6, 5, 3)


def test_what_cannot_be_seen_does_not_tint_a_smaller_picture(tmp_path):
    pixels = np.zeros((4, 4, 4))
    pixels[..., 0] = 1.0
    pixels[:, ::2] = (0.2, 0.4, 0.6, 1.0)
    write_image(tmp_path / "a.png", pixels)
    image = read_image(tmp_path / "a.png", alpha=True, largest_side=2)
    expected = np.broadcast_to((0.2, 0.4, 0.6, 0.5), (2, 2, 4))
    np.testing.assert_allclose(image, expected, atol=0.01)


def test_a_smaller_16_bit_picture_keeps_its_precision(tmp_path):
    values = np.array([[0, 1, 256, 300], [3, 4, 40000, 65535]], np.uint16)
    iio.imwrite(tmp_path / "a.png", values)
    image = read_image(tmp_path / "a.png", largest_side=2)
    np.testing.assert_allclose(image[0, :, 0] * 65535, [2, 26522.75], rtol=1e-6)


def test_alpha_is_kept_on_request_and_one_where_there_is_none(tmp_path):
    pixels = bytes_picture(3, 3, 4)
    write_image(tmp_path / "a.png", pixels / 255)
    np.testing.assert_array_equal(
        read_image(tmp_path / "a.png"), read_image(tmp_path / "a.png", alpha=True)[..., :3]
    )
    write_image(tmp_path / "b.png", pixels[..., :3] / 255)
    assert (read_image(tmp_path / "b.png", alpha=True)[..., 3] == 1).all()


def test_values_are_clipped_and_tensors_taken(tmp_path):
    write_image(tmp_path / "new" / "folder" / "a.png", tf.constant([[-1.0, 0.5, 2.0]]))
    pixels = iio.imread(tmp_path / "new" / "folder" / "a.png")
    np.testing.assert_array_equal(pixels, [[0, 128, 255]])


@pytest.mark.parametrize("name", ["a.jpg", "a.bmp", "a.gif"])
@pytest.mark.parametrize("shape", [(6, 10), (6, 10, 1)])
def test_formats_without_alpha_keep_all_columns_of_grey_pictures(tmp_path, name, shape):
    write_image(tmp_path / name, np.full(shape, 0.5))
    image = read_image(tmp_path / name)
    assert image.shape == (6, 10, 3)
    np.testing.assert_allclose(image, 0.5, atol=0.02)


def test_jpeg_takes_pictures_with_alpha(tmp_path):
    write_image(tmp_path / "a.jpg", np.full((16, 16, 4), 0.5))
    np.testing.assert_allclose(read_image(tmp_path / "a.jpg"), 0.5, atol=0.02)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_gif_keeps_frames_time_and_repeats(tmp_path, channels):
    frames = [np.full((6, 5, channels), value) for value in (0.0, 0.5, 1.0)]
    write_gif(tmp_path / "new" / "a.gif", frames)
    with Image.open(tmp_path / "new" / "a.gif") as file:
        assert file.n_frames == 3
        assert file.info["loop"] == 0
        assert file.info["duration"] == 80
    values = iio.imread(tmp_path / "new" / "a.gif", index=None)[:, 0, 0, 0]
    np.testing.assert_allclose(values, [0, 128, 255], atol=2)


def test_gif_takes_a_tensor_and_another_duration(tmp_path):
    write_gif(tmp_path / "a.gif", tf.random.uniform([4, 8, 8, 3]), duration_ms=120)
    with Image.open(tmp_path / "a.gif") as file:
        assert file.info["duration"] == 120
    assert read_image(tmp_path / "a.gif").shape == (8, 8, 3)


def test_missing_file_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"read_image: argument `path`: .*nothing\.png"):
        read_image(tmp_path / "nothing.png")


def test_file_that_is_no_picture_is_said(tmp_path):
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(ValueError, match="read_image: argument `path`: expected a picture"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((2, 2, 2)), "argument `image`: expected shape"),
        (np.zeros((1, 2, 2, 3)), "Hint: take one item of a batch"),
        (np.zeros((0, 2, 3)), "with pixels"),
        (np.full((2, 2), np.nan), "expected finite values"),
    ],
)
def test_bad_pictures_are_named(tmp_path, image, message):
    with pytest.raises(ValueError, match=message):
        write_image(tmp_path / "a.png", image)


def test_unknown_format_is_said(tmp_path):
    with pytest.raises(ValueError, match="write_image: argument `path`"):
        write_image(tmp_path / "a.nonsense", np.zeros((2, 2)))


@pytest.mark.parametrize("frames", [[], [np.zeros((2, 2)), np.zeros((3, 2))]])
def test_frames_of_no_or_several_shapes_are_refused(tmp_path, frames):
    with pytest.raises(ValueError, match="write_gif: argument `frames`"):
        write_gif(tmp_path / "a.gif", frames)
