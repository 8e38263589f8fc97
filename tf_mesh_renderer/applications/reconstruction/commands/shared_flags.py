"""Flags that several commands have."""

import pathlib

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.datasets import NUM_VIEWS, SPLITS
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


def define_inverted_colors(values: flags.FlagValues, default: bool | None = False) -> None:
    """What colours the pictures of the data set are stored in.

    Args:
      values: where to define the flag.
      default: None: as those of a training, see `inverted_colors`.
    """
    text = "The data set stores 1 - colour, as the original of N3MR does."
    if default is None:
        text += " As the data of the training if left out."
    flags.DEFINE_bool("inverted_colors", default, text, flag_values=values)


def inverted_colors(values: flags.FlagValues, experiment: ReconstructionExperiment | None) -> bool:
    """What the flag says, else the training.

    Args:
      values: the flags.
      experiment: the training, if there is one.
    Returns:
      Whether the data set stores 1 - colour.
    """
    if values.inverted_colors is None:
        return experiment is not None and experiment.inverted_colors
    return values.inverted_colors


def define_scores_folder(values: flags.FlagValues) -> None:
    """Where scores go.

    Args:
      values: where to define the flag.
    """
    training_flags.define_output(values, "Folder of scores.csv, table.txt and plot.png.")


def scores_folder(values: flags.FlagValues) -> pathlib.Path:
    """The folder of the scores; it is there before anything is measured, which may take long.

    Args:
      values: the flags.
    Returns:
      Its path.
    """
    folder = training_flags.expanded_path(values.output)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def define_measurement(values: flags.FlagValues) -> None:
    """On what methods are measured, and how.

    Args:
      values: where to define the flags.
    """
    defined = {"flag_values": values}
    flags.DEFINE_enum("split", "test", SPLITS, "Which objects are measured.", **defined)
    text = "From how many views, evenly around, each object is reconstructed."
    flags.DEFINE_integer("views", NUM_VIEWS, text, lower_bound=1, upper_bound=NUM_VIEWS, **defined)
    text = "At most so many objects of each category; all if left out."
    flags.DEFINE_integer("objects", None, text, lower_bound=1, **defined)
    text = (
        "Voxels of shapes where they are, as N3MR and SoftRas count them, or of their bounding "
        "boxes, as DIB-R does with the program binvox, which needs meshes in the data set."
    )
    flags.DEFINE_enum("protocol", "n3mr", ("n3mr", "binvox"), text, **defined)
    text = "A control: compare with another object of the category than the one shown."
    flags.DEFINE_bool("swap_inputs", False, text, **defined)


def evaluation_protocol(values: flags.FlagValues, *, image_size: int) -> EvaluationProtocol:
    """What the flags of `define_measurement` say.

    Args:
      values: the flags.
      image_size: side of the pictures that the methods take.
    Returns:
      `EvaluationProtocol`.
    """
    return EvaluationProtocol(
        image_size=image_size,
        viewpoints=tuple(i * NUM_VIEWS // values.views for i in range(values.views)),
        max_objects=values.objects,
        normalize=values.protocol == "binvox",
        swap_inputs=values.swap_inputs,
    )
