"""Trains a network on pairs of views, or goes on with a training that was cut off."""

import dataclasses
from collections.abc import Callable
from typing import Any

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands import shared_flags
from tf_mesh_renderer.applications.reconstruction.commands.shared_flags import expanded_path
from tf_mesh_renderer.applications.reconstruction.experiment import (
    PRECISIONS,
    Experiment,
    default_checkpoint_every,
)
from tf_mesh_renderer.applications.reconstruction.training import TrainingOptions, train
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings
from tf_mesh_renderer.models.reconstruction import ReconstructionPreset, preset
from tf_mesh_renderer.training import STRATEGIES, make_strategy


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    shared_flags.define_dataset(values)
    shared_flags.define_output(
        values, "Folder of checkpoints, log and pictures; resumed if not empty."
    )
    _define_experiment(values)
    _define_losses(values)
    _define_options(values)


def run(values: flags.FlagValues) -> None:
    """Trains.

    Args:
      values: the flags.
    """
    if values.deterministic:
        tf.config.experimental.enable_op_determinism()
    strategy = make_strategy(values.strategy)  # before anything else of TensorFlow
    experiment = _experiment(values)
    options = TrainingOptions(
        data=expanded_path(values.data),
        output=expanded_path(values.output),
        validation_objects=values.validation_objects,
        patience=values.patience,
        jit_compile="auto" if values.jit_compile is None else values.jit_compile,
        tensorboard=values.tensorboard,
        pictures=values.pictures,
        strategy=strategy,
        data_service=values.data_service,
    )
    train(experiment, options)


def _define_experiment(values):
    defined = {"flag_values": values}
    preset_text = "Settings: those of a paper, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", shared_flags.PRESETS, preset_text, **defined)
    gradient_text = "Gradient model of the renderer. " + _defaults(lambda p: p.gradient)
    flags.DEFINE_enum("gradient", None, shared_flags.GRADIENTS, gradient_text, **defined)
    epoch_text = "Steps between checkpoints and lines of the log; about a 20th of all."
    for name, text in (
        (
            "steps",
            "Steps; the preset's schedule is stretched. " + _defaults(lambda p: p.steps),
        ),
        (
            "batch_size",
            "Objects per step, with two views each. " + _defaults(lambda p: p.batch_size),
        ),
        (
            "image_size",
            "Side of the pictures in pixels, at most 64. " + _defaults(lambda p: p.image_size[0]),
        ),
        ("checkpoint_every", epoch_text),
    ):
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    rate_text = "Learning rate at the start. " + _defaults(lambda p: p.learning_rate)
    flags.DEFINE_float("learning_rate", None, rate_text, lower_bound=0.0, **defined)
    flags.DEFINE_integer("seed", 0, "Seed of weights and batches.", lower_bound=0, **defined)
    flags.DEFINE_enum(
        "precision",
        "float32",
        PRECISIONS,
        "Keras dtype policy; mixed_float16 scales the loss.",
        **defined,
    )
    shared_flags.define_inverted_colors(values)


def _define_losses(values):
    for name, text in (
        ("color", "Weight of the colour loss; more than 0 adds a decoder of colours. "),
        ("laplacian", "Weight of the Laplacian loss. "),
        ("flatten", "Weight of the loss on angles between faces. "),
    ):
        text += _defaults(lambda p, name=name: getattr(p.weights, name))
        flags.DEFINE_float(f"{name}_weight", None, text, lower_bound=0.0, flag_values=values)


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
    strategy_text = (
        "One device, all of this process, or those of the processes that the environment variable "
        "TF_CONFIG lists."
    )
    flags.DEFINE_enum("strategy", "none", STRATEGIES, strategy_text, **defined)
    service_text = (
        "HOST:PORT of a tf.data service whose workers draw the batches from the meshes of the data "
        "set, instead of reading pictures."
    )
    flags.DEFINE_string("data_service", None, service_text, **defined)
    flags.DEFINE_bool(
        "jit_compile", None, "Compile steps with XLA; left out, Keras decides.", **defined
    )
    flags.DEFINE_bool("tensorboard", True, "Write files for TensorBoard.", **defined)
    flags.DEFINE_bool("pictures", True, "Draw reconstructions after each epoch.", **defined)
    exact_text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_bool("deterministic", True, exact_text, **defined)


def _experiment(values) -> Experiment:
    settings = _settings(values)
    found = ShapeNetRenderings(expanded_path(values.data), "train", values.categories)
    return Experiment(
        settings,
        categories=tuple(category.name for category in found.categories),
        data=found.checksums,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
        inverted_colors=values.inverted_colors,
        renders_batches=values.data_service is not None,
    )


def _settings(values) -> ReconstructionPreset:
    """The preset with what the flags change."""
    settings = preset(values.preset)
    if values.steps is not None:
        settings = _stretched(settings, values.steps)
    if values.image_size is not None:
        settings = dataclasses.replace(settings, image_size=(values.image_size,) * 2)
    changed = {
        "gradient": values.gradient,
        "batch_size": values.batch_size,
        "learning_rate": values.learning_rate,
    }
    weights = dataclasses.replace(
        settings.weights,
        **_given(
            color=values.color_weight,
            laplacian=values.laplacian_weight,
            flatten=values.flatten_weight,
        ),
    )
    if values.color_weight is not None:
        changed["predicts_colors"] = values.color_weight > 0
    return dataclasses.replace(settings, weights=weights, **_given(**changed))


def _stretched(settings: ReconstructionPreset, steps: int) -> ReconstructionPreset:
    """The same schedule over another number of steps."""
    scale = steps / settings.steps
    drops = tuple((round(step * scale), rate) for step, rate in settings.learning_rate_drops)
    sigma = settings.sigma_drop_at
    return dataclasses.replace(
        settings,
        steps=steps,
        learning_rate_drops=drops,
        sigma_drop_at=None if sigma is None else round(sigma * scale),
    )


def _given(**values):
    return {name: value for name, value in values.items() if value is not None}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
