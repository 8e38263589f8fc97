"""Makes a synthetic data set: `python -m tf_mesh_renderer.datasets.synthetic --output FOLDER`."""

import os

from absl import app, flags, logging

from tf_mesh_renderer.datasets.categories import CATEGORIES, find_category
from tf_mesh_renderer.datasets.synthetic.generation import generate
from tf_mesh_renderer.datasets.synthetic.preview import contact_sheet
from tf_mesh_renderer.datasets.synthetic.shading import SHADINGS
from tf_mesh_renderer.io import write_image

_CORES = len(os.sched_getaffinity(0))

_OUTPUT = flags.DEFINE_string("output", None, "Folder of the data set.")
_TRAIN = flags.DEFINE_integer("train", 100, "Training objects of each category.", lower_bound=0)
_VAL = flags.DEFINE_integer("val", 0, "Validation objects of each category.", lower_bound=0)
_TEST = flags.DEFINE_integer("test", 12, "Test objects of each category.", lower_bound=0)
_SEED = flags.DEFINE_integer("seed", 0, "Other seeds give other objects.", lower_bound=0)
_SHADING = flags.DEFINE_enum("shading", "lambert", [*SHADINGS], "How objects are lit.")
_CATEGORIES = flags.DEFINE_list(
    "categories", [c.name for c in CATEGORIES], "Names or synsets, separated by commas."
)
_WORKERS = flags.DEFINE_integer("workers", _CORES, "Number of processes.", lower_bound=1)
_PREVIEW = flags.DEFINE_string("preview", None, "Picture file to write of the first objects.")
_PREVIEW_COUNT = flags.DEFINE_integer(
    "preview_count", 12, "Objects of each category on it.", lower_bound=1
)


def main(argv):
    """Makes what the flags ask for."""
    if len(argv) > 1:
        raise app.UsageError(f"unexpected arguments: {argv[1:]}")
    if _OUTPUT.value is None and _PREVIEW.value is None:
        raise app.UsageError("nothing to do: name --output or --preview")
    categories = [find_category(key) for key in _CATEGORIES.value]
    how = {"seed": _SEED.value, "shading": _SHADING.value}
    if _OUTPUT.value is not None:
        sizes = {"train": _TRAIN.value, "val": _VAL.value, "test": _TEST.value}
        generate(_OUTPUT.value, sizes, categories=categories, workers=_WORKERS.value, **how)
        logging.info("wrote %s", _OUTPUT.value)
    if _PREVIEW.value is not None:
        write_image(_PREVIEW.value, contact_sheet(categories, count=_PREVIEW_COUNT.value, **how))
        logging.info("wrote %s", _PREVIEW.value)


if __name__ == "__main__":
    app.run(main)
