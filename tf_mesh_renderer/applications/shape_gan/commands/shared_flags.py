"""Flags that several commands have."""

from absl import flags


def define_data(values: flags.FlagValues) -> None:
    """The data set.

    Args:
      values: where to define the flag.
    """
    text = (
        "Folder of a data set with meshes. "
        "`python -m tf_mesh_renderer.datasets.synthetic --output DIR` makes one."
    )
    flags.DEFINE_string("data", None, text, flag_values=values)


def define_samples(values: flags.FlagValues, number: int) -> None:
    """Which samples of which training.

    Args:
      values: where to define the flags.
      number: how many, if nobody says.
    """
    text = "Folder that `train-shape` or `train-texture` wrote."
    flags.DEFINE_string("run", None, text, flag_values=values)
    flags.DEFINE_integer("number", number, "Number of samples.", lower_bound=2, flag_values=values)
    flags.DEFINE_integer("seed", 0, "Seed of the noise.", lower_bound=0, flag_values=values)


def define_side(values: flags.FlagValues, side: int) -> None:
    """Size of pictures.

    Args:
      values: where to define the flag.
      side: in pixels, if nobody says.
    """
    text = "Side of a picture in pixels."
    flags.DEFINE_integer("size", side, text, lower_bound=1, flag_values=values)
