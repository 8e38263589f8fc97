"""Trains a network on textured objects, or goes on with a training that was cut off."""

import dataclasses

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.texture_light.training import train
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.models.texture_light import (
    TEXTURE_LIGHT_PRESETS,
    TextureLightPreset,
    texture_light_preset,
)
from tf_mesh_renderer.training import RunOptions, default_checkpoint_every

ILLUMINATIONS = ("lambert", "phong", "sh")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    training_flags.define_output(values)
    _define_settings(values)
    training_flags.define_seed(values)
    training_flags.define_precision(values)
    text = "Objects of the test set that are measured after each epoch; 0: none."
    flags.DEFINE_integer("validation_objects", 24, text, lower_bound=0, flag_values=values)
    training_flags.define_devices(values)
    training_flags.define_shown(values, "Draw predictions after each epoch.")


def run(values: flags.FlagValues) -> None:
    """Trains.

    Args:
      values: the flags.
    """
    strategy = training_flags.start(values)
    settings = _settings(values)
    experiment = TextureLightExperiment(
        settings,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
        validation_size=values.validation_objects,
    )
    train(experiment, RunOptions(**training_flags.run_options(values, strategy)))


def _define_settings(values):
    defined = {"flag_values": values}
    presets = tuple(TEXTURE_LIGHT_PRESETS)
    text = "Settings: the paper's, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", presets, text, **defined)
    text = "Light and material: a direction, a direction and gloss, or spherical harmonics."
    flags.DEFINE_enum("illumination", "lambert", ILLUMINATIONS, text, **defined)
    text = "Learn shapes too, from pictures, masks and cameras alone."
    flags.DEFINE_bool("predict_vertices", False, text, **defined)
    training_flags.define_epochs(values)
    training_flags.define_integers(
        values,
        batch_size="Objects per step instead of the preset's.",
        views="Pictures of each object instead of the preset's.",
        image_size="Side of the pictures in pixels instead of the preset's.",
        texture_size="Side of the textures in texels instead of the preset's.",
    )
    training_flags.define_floats(values, learning_rate="Learning rate instead of the preset's.")
    text = "Let the learning rate fall to 0 over all steps, as a cosine."
    flags.DEFINE_bool("cosine_decay", False, text, **defined)


def _settings(values) -> TextureLightPreset:
    """The preset with what the flags change."""
    numbers = training_flags.given(values, ("steps", "batch_size", "views", "learning_rate"))
    sides = training_flags.given(values, ("image_size", "texture_size"))
    return dataclasses.replace(
        texture_light_preset(values.preset),
        illumination=values.illumination,
        predicts_vertices=values.predict_vertices,
        cosine_decay=values.cosine_decay,
        **numbers,
        **{name: (side, side) for name, side in sides.items()},
    )


PROGRAM = Program(__doc__, define_flags, run, required=("output",))
