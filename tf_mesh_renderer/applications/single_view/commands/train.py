"""Trains a network on single photographs, or goes on with a training that was cut off."""

import dataclasses

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.single_view.commands.shared_flags import (
    define_photographs,
    photographs,
)
from tf_mesh_renderer.applications.single_view.experiment import SingleViewExperiment
from tf_mesh_renderer.applications.single_view.training import TrainingOptions, train
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets.annotated.pictures import SPLITS
from tf_mesh_renderer.models.single_view import (
    SINGLE_VIEW_PRESETS,
    SingleViewPreset,
    single_view_preset,
)
from tf_mesh_renderer.training import default_checkpoint_every

_ILLUMINATIONS = ("lambert", "phong", "sh")
_WEIGHTS = ("silhouette", "color", "laplacian", "flatten", "keypoint")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_photographs(values)
    training_flags.define_output(values)
    _define_settings(values)
    training_flags.define_seed(values)
    training_flags.define_precision(values)
    text = "Split that is measured after each epoch; none if left out."
    flags.DEFINE_enum("validation", None, SPLITS, text, flag_values=values)
    training_flags.define_devices(values)
    training_flags.define_shown(values, "Draw predictions after each epoch.")


def run(values: flags.FlagValues) -> None:
    """Trains.

    Args:
      values: the flags.
    """
    strategy = training_flags.start(values)
    settings, found = _settings(values), photographs(values)
    dataset = found.read(values.split)
    validation = found.read(values.validation) if values.validation else None
    experiment = SingleViewExperiment.of(
        settings,
        dataset,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
        validation_size=0 if validation is None else len(validation),
    )
    options = TrainingOptions(validation=validation, **training_flags.run_options(values, strategy))
    train(experiment, dataset, options)


def _define_settings(values):
    defined = {"flag_values": values}
    presets = tuple(SINGLE_VIEW_PRESETS)
    text = "Settings: full size, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", presets, text, **defined)
    flags.DEFINE_enum("split", "train", SPLITS, "Photographs to train on.", **defined)
    text = "Light and material instead of the preset's."
    flags.DEFINE_enum("illumination", None, _ILLUMINATIONS, text, **defined)
    text = "Shapes and textures are their own mirror images."
    flags.DEFINE_bool("symmetric", True, text, **defined)
    training_flags.define_epochs(values)
    training_flags.define_integers(
        values,
        batch_size="Photographs per step instead of the preset's.",
        image_size="Side of the crops in pixels instead of the preset's.",
        texture_size="Side of the textures in texels instead of the preset's.",
    )
    names = ("learning_rate", *(f"{part}_weight" for part in _WEIGHTS))
    texts = {name: f"The {name.replace('_', ' ')} instead of the preset's." for name in names}
    training_flags.define_floats(values, **texts)


def _settings(values) -> SingleViewPreset:
    """The preset with what the flags change."""
    base = single_view_preset(values.preset)
    names = ("illumination", "steps", "batch_size", "image_size", "texture_size", "learning_rate")
    weights = training_flags.given(values, [f"{part}_weight" for part in _WEIGHTS])
    weights = {name.removesuffix("_weight"): weight for name, weight in weights.items()}
    return dataclasses.replace(
        base,
        symmetric=values.symmetric,
        weights=dataclasses.replace(base.weights, **weights),
        **training_flags.given(values, names),
    )


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
