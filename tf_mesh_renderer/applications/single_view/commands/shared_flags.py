"""Flags that several commands have."""

from absl import flags

from tf_mesh_renderer.applications.single_view.photographs import LAYOUTS, Photographs
from tf_mesh_renderer.applications.training_flags import expanded_path


def define_photographs(values: flags.FlagValues) -> None:
    """Which data set.

    Args:
      values: where to define the flags.
    """
    defined = {"flag_values": values}
    text = (
        "Folder of CUB-200-2011 or of PASCAL3D+, see docs/real_images.md. "
        "`python -m tf_mesh_renderer.datasets.birds --output DIR` makes a stand-in."
    )
    flags.DEFINE_string("data", None, text, **defined)
    flags.DEFINE_enum("layout", "cub", LAYOUTS, "Names of files and folders.", **defined)
    flags.DEFINE_string("category", "car", "Category of PASCAL3D+.", **defined)
    text = "Folder of CMR's annotations; cachedir/cub or cachedir/p3d in --data if left out."
    flags.DEFINE_string("annotations", None, text, **defined)


def photographs(values: flags.FlagValues) -> Photographs:
    """The data set that the flags name.

    Args:
      values: the flags.
    Returns:
      `Photographs`.
    """
    annotations = None if values.annotations is None else expanded_path(values.annotations)
    return Photographs(expanded_path(values.data), values.layout, values.category, annotations)
