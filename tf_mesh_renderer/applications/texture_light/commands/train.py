"""Trains a network on textured objects, or goes on with a training that was cut off."""

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
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.texture_light.training import TrainingOptions, train
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.models.texture_light import (
    TEXTURE_LIGHT_PRESETS,
    TextureLightPreset,
    texture_light_preset,
)
from tf_mesh_renderer.training import STRATEGIES, make_strategy

ILLUMINATIONS = ("lambert", "phong", "sh")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
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
    settings = _settings(values)
    experiment = TextureLightExperiment(
        settings,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
    )
    options = TrainingOptions(
        output=expanded_path(values.output),
        validation_objects=values.validation_objects,
        jit_compile="auto" if values.jit_compile is None else values.jit_compile,
        tensorboard=values.tensorboard,
        pictures=values.pictures,
        strategy=strategy,
    )
    train(experiment, options)


def _define_experiment(values):
    defined = {"flag_values": values}
    presets = tuple(TEXTURE_LIGHT_PRESETS)
    preset_text = "Settings: the paper's, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", presets, preset_text, **defined)
    light_text = "Light and material: a direction, a direction and gloss, or spherical harmonics."
    flags.DEFINE_enum("illumination", "lambert", ILLUMINATIONS, light_text, **defined)
    shape_text = "Learn shapes too, from pictures, masks and cameras alone."
    flags.DEFINE_bool("predict_vertices", False, shape_text, **defined)
    for name, text in (
        ("steps", "Steps instead of the preset's."),
        ("batch_size", "Objects per step instead of the preset's."),
        ("views", "Pictures of each object instead of the preset's."),
        ("image_size", "Side of the pictures in pixels instead of the preset's."),
        ("texture_size", "Side of the textures in texels instead of the preset's."),
        (
            "checkpoint_every",
            "Steps between checkpoints and lines of the log; about a 20th of all.",
        ),
    ):
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    rate_text = "Learning rate instead of the preset's."
    flags.DEFINE_float("learning_rate", None, rate_text, lower_bound=0.0, **defined)
    decay_text = "Let the learning rate fall to 0 over all steps, as a cosine."
    flags.DEFINE_bool("cosine_decay", False, decay_text, **defined)
    flags.DEFINE_integer("seed", 0, "Seed of weights and batches.", lower_bound=0, **defined)
    precision_text = "Keras dtype policy; mixed_float16 scales the loss."
    flags.DEFINE_enum("precision", "float32", PRECISIONS, precision_text, **defined)


def _define_options(values):
    defined = {"flag_values": values}
    objects_text = "Objects of the test set that are measured after each epoch; 0: none."
    flags.DEFINE_integer("validation_objects", 24, objects_text, lower_bound=0, **defined)
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


def _settings(values) -> TextureLightPreset:
    """The preset with what the flags change."""
    given = {
        "steps": values.steps,
        "batch_size": values.batch_size,
        "views": values.views,
        "learning_rate": values.learning_rate,
    }
    for name in ("image_size", "texture_size"):
        given[name] = None if values[name].value is None else (values[name].value,) * 2
    return dataclasses.replace(
        texture_light_preset(values.preset),
        illumination=values.illumination,
        predicts_vertices=values.predict_vertices,
        cosine_decay=values.cosine_decay,
        **{name: value for name, value in given.items() if value is not None},
    )


PROGRAM = Program(__doc__, define_flags, run, required=("output",))
