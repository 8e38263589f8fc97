"""Fine-tunes a trained network with a critic of its drawings, or goes on where it was cut off."""

import dataclasses
import sys

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.texture_light.finetuning import (
    FINE_TUNINGS,
    FineTuning,
    FineTuningOptions,
    fine_tune,
)
from tf_mesh_renderer.applications.texture_light.measuring import TEST_OBJECTS
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.losses.objective import PENALTY_POINTS
from tf_mesh_renderer.models.features.architectures import ARCHITECTURES

_NO_NETWORK = "none"
_WEIGHTS = ("adversarial", "gradient_penalty", "perceptual")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    training_flags.define_run(values)
    text = "Folder of checkpoints, log, figures and pictures; resumed if not empty."
    training_flags.define_output(values, text)
    _define_settings(values)
    training_flags.define_seed(values, "Seed of the critic.")
    text = "Objects of the test set that are measured; rounded up to whole batches of 8."
    defined = {"flag_values": values, "lower_bound": 1}
    flags.DEFINE_integer("validation_objects", TEST_OBJECTS, text, **defined)
    training_flags.define_devices(values)
    training_flags.define_shown(values, pictures=None)


def run(values: flags.FlagValues) -> None:
    """Fine-tunes and shows the figures before and after.

    Args:
      values: the flags.
    """
    strategy = training_flags.start(values)
    options = FineTuningOptions(
        run=training_flags.expanded_path(values.run),
        seed=values.seed,
        validation_objects=values.validation_objects,
        **training_flags.run_options(values, strategy),
    )
    sys.stdout.write(fine_tune(_settings(values), options))


def _define_settings(values):
    defined = {"flag_values": values}
    text = "Settings: the paper's, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", tuple(FINE_TUNINGS), text, **defined)
    training_flags.define_integers(
        values,
        steps="Steps instead of the preset's.",
        checkpoint_every="Steps between checkpoints and lines of the log.",
    )
    training_flags.define_floats(
        values,
        learning_rate="Of the network, instead of the preset's.",
        critic_learning_rate="Of the critic, instead of the preset's.",
        adversarial_weight="Of the critic's score, instead of the preset's.",
        gradient_penalty_weight="Of the critic's slope, instead of the preset's.",
        perceptual_weight="Of differences in features, instead of the preset's.",
    )
    text = "Where the critic's slope is held at 1: at renderings, or as WGAN-GP has it."
    flags.DEFINE_enum("penalty_at", None, PENALTY_POINTS, text, **defined)
    text = "Network of the perceptual loss instead of the preset's."
    flags.DEFINE_enum("feature_network", None, (*ARCHITECTURES, _NO_NETWORK), text, **defined)
    text = "Its weights: a file, or imagenet to fetch those of Keras."
    flags.DEFINE_string("feature_weights", None, text, **defined)


def _settings(values) -> FineTuning:
    """The preset with what the flags change."""
    tuning = FINE_TUNINGS[values.preset]
    weights = training_flags.given(values, [f"{name}_weight" for name in _WEIGHTS])
    objective = dataclasses.replace(
        tuning.objective,
        **{name.removesuffix("_weight"): weight for name, weight in weights.items()},
        **training_flags.given(values, ["penalty_at"]),
    )
    names = ("steps", "learning_rate", "critic_learning_rate", "checkpoint_every")
    changed = training_flags.given(values, (*names, "feature_network", "feature_weights"))
    if changed.get("feature_network") == _NO_NETWORK:
        changed["feature_network"] = None
    return dataclasses.replace(tuning, objective=objective, **changed)


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
