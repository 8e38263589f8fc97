"""Trains a network on single photographs, or goes on with a training that was cut off."""

import dataclasses

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands.shared_flags import (
    define_output,
    expanded_path,
)
from tf_mesh_renderer.applications.reconstruction.experiment import (
    PRECISIONS,
    default_checkpoint_every,
)
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
from tf_mesh_renderer.training import STRATEGIES, make_strategy

_ILLUMINATIONS = ("lambert", "phong", "sh")
_WEIGHTS = ("silhouette", "color", "laplacian", "flatten", "keypoint")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_photographs(values)
    define_output(values, "Folder of checkpoints, log and pictures; resumed if not empty.")
    _define_experiment(values)
    _define_options(values)


def run(values: flags.FlagValues) -> None:
    """Trains.

    Args:
      values: the flags.
    """
    if values.deterministic:
        tf.config.experimental.enable_op_determinism()
    strategy = make_strategy(values.strategy)  # before anything else of TensorFlow
    settings, found = _settings(values), photographs(values)
    dataset = found.read(values.split)
    experiment = SingleViewExperiment.of(
        settings,
        dataset,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
    )
    options = TrainingOptions(
        output=expanded_path(values.output),
        validation=found.read(values.validation) if values.validation else None,
        jit_compile="auto" if values.jit_compile is None else values.jit_compile,
        tensorboard=values.tensorboard,
        pictures=values.pictures,
        strategy=strategy,
    )
    train(experiment, dataset, options)


def _define_experiment(values):
    defined = {"flag_values": values}
    presets = tuple(SINGLE_VIEW_PRESETS)
    preset_text = "Settings: full size, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", presets, preset_text, **defined)
    flags.DEFINE_enum("split", "train", SPLITS, "Photographs to train on.", **defined)
    light_text = "Light and material instead of the preset's."
    flags.DEFINE_enum("illumination", None, _ILLUMINATIONS, light_text, **defined)
    symmetric_text = "Shapes and textures are their own mirror images."
    flags.DEFINE_bool("symmetric", True, symmetric_text, **defined)
    for name, text in (
        ("steps", "Steps instead of the preset's."),
        ("batch_size", "Photographs per step instead of the preset's."),
        ("image_size", "Side of the crops in pixels instead of the preset's."),
        ("texture_size", "Side of the textures in texels instead of the preset's."),
        (
            "checkpoint_every",
            "Steps between checkpoints and lines of the log; about a 20th of all.",
        ),
    ):
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    for name in ("learning_rate", *(f"{part}_weight" for part in _WEIGHTS)):
        text = f"The {name.replace('_', ' ')} instead of the preset's."
        flags.DEFINE_float(name, None, text, lower_bound=0.0, **defined)
    flags.DEFINE_integer("seed", 0, "Seed of weights and batches.", lower_bound=0, **defined)
    precision_text = "Keras dtype policy; mixed_float16 scales the loss."
    flags.DEFINE_enum("precision", "float32", PRECISIONS, precision_text, **defined)


def _define_options(values):
    defined = {"flag_values": values}
    validation_text = "Split that is measured after each epoch; none if left out."
    flags.DEFINE_enum("validation", None, SPLITS, validation_text, **defined)
    strategy_text = (
        "One device, all of this process, or those of the processes that the environment variable "
        "TF_CONFIG lists."
    )
    flags.DEFINE_enum("strategy", "none", STRATEGIES, strategy_text, **defined)
    flags.DEFINE_bool(
        "jit_compile", None, "Compile steps with XLA; left out, Keras decides.", **defined
    )
    flags.DEFINE_bool("tensorboard", True, "Write files for TensorBoard.", **defined)
    flags.DEFINE_bool("pictures", True, "Draw predictions after each epoch.", **defined)
    exact_text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_bool("deterministic", True, exact_text, **defined)


def _settings(values) -> SingleViewPreset:
    """The preset with what the flags change."""
    base = single_view_preset(values.preset)
    names = ("illumination", "steps", "batch_size", "image_size", "texture_size", "learning_rate")
    changed = _given({name: values[name].value for name in names})
    weights = _given({part: values[f"{part}_weight"].value for part in _WEIGHTS})
    return dataclasses.replace(
        base,
        symmetric=values.symmetric,
        weights=dataclasses.replace(base.weights, **weights),
        **changed,
    )


def _given(values):
    return {name: value for name, value in values.items() if value is not None}


PROGRAM = Program(__doc__, define_flags, run, required=("data", "output"))
