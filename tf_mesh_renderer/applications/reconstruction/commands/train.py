"""Trains a network on pairs of views, or goes on with a training that was cut off."""

import dataclasses
from collections.abc import Callable
from typing import Any

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.experiment import ReconstructionExperiment
from tf_mesh_renderer.applications.reconstruction.training import TrainingOptions, train
from tf_mesh_renderer.applications.training_flags import expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings
from tf_mesh_renderer.models.reconstruction import ReconstructionPreset, preset
from tf_mesh_renderer.training import default_checkpoint_every

_WEIGHTS = ("color", "laplacian", "flatten")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_dataset(values)
    training_flags.define_output(values)
    _define_settings(values)
    _define_losses(values)
    training_flags.define_seed(values)
    training_flags.define_precision(values)
    shared_flags.define_inverted_colors(values)
    _define_options(values)
    training_flags.define_devices(values)
    training_flags.define_shown(values, "Draw reconstructions after each epoch.")


def run(values: flags.FlagValues) -> None:
    """Trains.

    Args:
      values: the flags.
    """
    strategy = training_flags.start(values)
    options = TrainingOptions(
        data=expanded_path(values.data),
        patience=values.patience,
        data_service=values.data_service,
        **training_flags.run_options(values, strategy),
    )
    train(_experiment(values), options)


def _define_settings(values):
    defined = {"flag_values": values}
    text = "Settings: those of a paper, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", shared_flags.PRESETS, text, **defined)
    text = "Gradient model of the renderer. " + _defaults(lambda p: p.gradient)
    flags.DEFINE_enum("gradient", None, shared_flags.GRADIENTS, text, **defined)
    training_flags.define_integers(
        values,
        steps="Steps; the preset's schedule is stretched. " + _defaults(lambda p: p.steps),
        checkpoint_every="Steps between checkpoints and lines of the log; about a 20th of all.",
        batch_size="Objects per step, with two views each. " + _defaults(lambda p: p.batch_size),
    )
    text = "Side of the pictures in pixels. " + _defaults(lambda p: p.image_size[0])
    flags.DEFINE_integer("image_size", None, text, lower_bound=1, upper_bound=64, **defined)
    rate_text = "Learning rate at the start. " + _defaults(lambda p: p.learning_rate)
    training_flags.define_floats(values, learning_rate=rate_text)


def _define_losses(values):
    for name, text in zip(
        _WEIGHTS,
        (
            "Weight of the colour loss; more than 0 adds a decoder of colours. ",
            "Weight of the Laplacian loss. ",
            "Weight of the loss on angles between faces. ",
        ),
    ):
        text += _defaults(lambda p, name=name: getattr(p.weights, name))
        training_flags.define_floats(values, **{f"{name}_weight": text})


def _defaults(value_of: Callable[[ReconstructionPreset], Any]) -> str:
    """What a flag is if it is left out, for each preset."""
    values = [f"{name} {value_of(preset(name))}" for name in shared_flags.PRESETS]
    return f"Default by preset: {', '.join(values)}."


def _define_options(values):
    defined = {"flag_values": values}
    objects_text = "Objects of each category whose voxel IoU is measured each epoch; 0: none."
    flags.DEFINE_integer("validation_objects", 4, objects_text, lower_bound=0, **defined)
    patience_text = (
        "Epochs without a better voxel IoU after which training stops; 0: never. The best weights "
        "are kept: `evaluate --checkpoint=best`."
    )
    flags.DEFINE_integer("patience", 0, patience_text, lower_bound=0, **defined)
    service_text = (
        "HOST:PORT of a tf.data service whose workers draw the batches from the meshes of the data "
        "set, instead of reading pictures."
    )
    flags.DEFINE_string("data_service", None, service_text, **defined)


def _experiment(values) -> ReconstructionExperiment:
    settings = _settings(values)
    found = ShapeNetRenderings(expanded_path(values.data), "train", values.categories)
    return ReconstructionExperiment(
        settings,
        categories=tuple(category.name for category in found.categories),
        data=found.checksums,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
        validation_size=values.validation_objects,
        inverted_colors=values.inverted_colors,
        renders_batches=values.data_service is not None,
    )


def _settings(values) -> ReconstructionPreset:
    """The preset with what the flags change."""
    settings = preset(values.preset)
    if values.steps is not None:
        settings = settings.with_steps(values.steps)
    if values.image_size is not None:
        settings = dataclasses.replace(settings, image_size=(values.image_size,) * 2)
    weights = training_flags.given(values, [f"{name}_weight" for name in _WEIGHTS])
    weights = {name.removesuffix("_weight"): weight for name, weight in weights.items()}
    changed = training_flags.given(values, ("gradient", "batch_size", "learning_rate"))
    if values.color_weight is not None:
        changed["predicts_colors"] = values.color_weight > 0
    return dataclasses.replace(
        settings, weights=dataclasses.replace(settings.weights, **weights), **changed
    )


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
