"""Flags that several commands have."""

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.models.reconstruction import RECONSTRUCTION_PRESETS

GRADIENTS = ("n3mr", "dibr", "softras")
PRESETS = tuple(RECONSTRUCTION_PRESETS)


def define_run(values: flags.FlagValues) -> None:
    """The folder of a training, and which of its weights.

    Args:
      values: where to define the flags.
    """
    training_flags.define_run(values)
    text = "Weights of the last epoch, or of the one with the best validation."
    flags.DEFINE_enum("checkpoint", "latest", ["latest", "best"], text, flag_values=values)


def define_dataset(values: flags.FlagValues) -> None:
    """The data set and which categories of it.

    Args:
      values: where to define the flags.
    """
    text = (
        "Folder of the data set, with files such as 02691156_train_images.npz. "
        "`python -m tf_mesh_renderer.datasets.synthetic --output DIR` makes one."
    )
    flags.DEFINE_string("data", None, text, flag_values=values)
    text = "Names or synsets of categories; all that are there if left out."
    flags.DEFINE_list("categories", None, text, flag_values=values)


def define_inverted_colors(values: flags.FlagValues) -> None:
    """What colours the pictures of the data set are stored in.

    Args:
      values: where to define the flag.
    """
    text = "The data set stores 1 - colour, as the original of N3MR does."
    flags.DEFINE_bool("inverted_colors", False, text, flag_values=values)
