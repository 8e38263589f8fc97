"""Draws the procedural style pictures of docs/gallery/styles, and crops paintings for it.

    python tools/make_styles.py [PAINTING.jpg ...]

A painting becomes its central square, 224 pixels wide.
"""

import pathlib
import sys

import tensorflow as tf
from PIL import Image, ImageOps

import tf_mesh_renderer as mr
from tf_mesh_renderer.datasets.patterns import draw_patterns, pattern_label

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "docs" / "gallery" / "styles"
PATTERN_STYLES = {
    "stripes": ("stripes", "orange_blue"),
    "dots": ("dots", "pink_purple"),
    "diagonal": ("diagonal", "black_white"),
}
# No training batch has this seed.
SEED = (2018, -7)
# The side of an object that is lit from above shows little more than half of its own brightness.
DIMMED = 0.7
DIGITS = "0123456789"
PATTERN_SIDE, PAINTING_SIDE = 64, 224


def main(paintings):
    for name, (pattern, palette) in PATTERN_STYLES.items():
        label = pattern_label(pattern, palette)
        (picture,) = draw_patterns(tf.constant([label]), seed=SEED, image_size=PATTERN_SIDE)
        mr.write_image(FOLDER / f"{name}.png", DIMMED * picture)
    for path in map(pathlib.Path, paintings):
        with Image.open(path) as painting:
            square = ImageOps.fit(painting.convert("RGB"), (PAINTING_SIDE, PAINTING_SIDE))
            square.save(FOLDER / f"{path.stem.rstrip(DIGITS)}.jpg", quality=80)


if __name__ == "__main__":
    main(sys.argv[1:])
