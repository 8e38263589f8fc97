"""Fine-tunes a trained network with a critic of its drawings, or goes on where it was cut off."""

import dataclasses
import sys

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.applications.reconstruction.commands.shared_flags import (
    define_output,
    define_run,
    expanded_path,
)
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
from tf_mesh_renderer.training import STRATEGIES, make_strategy

_NO_NETWORK = "none"
_WEIGHTS = ("adversarial", "gradient_penalty", "perceptual")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the command can be told.

    Args:
      values: where to.
    """
    define_run(values)
    define_output(values, "Folder of checkpoints, log, figures and pictures; resumed if not empty.")
    _define_settings(values)
    _define_options(values)


def run(values: flags.FlagValues) -> None:
    """Fine-tunes and shows the figures before and after.

    Args:
      values: the flags.
    """
    if values.deterministic:
        tf.config.experimental.enable_op_determinism()
    strategy = make_strategy(values.strategy)  # before anything else of TensorFlow
    options = FineTuningOptions(
        run=expanded_path(values.run),
        output=expanded_path(values.output),
        seed=values.seed,
        validation_objects=values.validation_objects,
        jit_compile="auto" if values.jit_compile is None else values.jit_compile,
        tensorboard=values.tensorboard,
        strategy=strategy,
    )
    sys.stdout.write(fine_tune(_settings(values), options))


def _define_settings(values):
    defined = {"flag_values": values}
    preset_text = "Settings: the paper's, or small ones for a processor."
    flags.DEFINE_enum("preset", "tiny", tuple(FINE_TUNINGS), preset_text, **defined)
    for name, text in (
        ("steps", "Steps instead of the preset's."),
        ("checkpoint_every", "Steps between checkpoints and lines of the log."),
    ):
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    for name, text in (
        ("learning_rate", "Of the network, instead of the preset's."),
        ("critic_learning_rate", "Of the critic, instead of the preset's."),
        ("adversarial_weight", "Of the critic's score, instead of the preset's."),
        ("gradient_penalty_weight", "Of the critic's slope, instead of the preset's."),
        ("perceptual_weight", "Of differences in features, instead of the preset's."),
    ):
        flags.DEFINE_float(name, None, text, lower_bound=0.0, **defined)
    points_text = "Where the critic's slope is held at 1: at renderings, or as WGAN-GP has it."
    flags.DEFINE_enum("penalty_at", None, PENALTY_POINTS, points_text, **defined)
    networks = (*ARCHITECTURES, _NO_NETWORK)
    network_text = "Network of the perceptual loss instead of the preset's."
    flags.DEFINE_enum("feature_network", None, networks, network_text, **defined)
    weights_text = "Its weights: a file, or imagenet to fetch those of Keras."
    flags.DEFINE_string("feature_weights", None, weights_text, **defined)
    flags.DEFINE_integer("seed", 0, "Seed of the critic.", lower_bound=0, **defined)


def _define_options(values):
    defined = {"flag_values": values}
    objects_text = "Objects of the test set that are measured; rounded up to whole batches of 8."
    flags.DEFINE_integer("validation_objects", TEST_OBJECTS, objects_text, lower_bound=1, **defined)
    strategy_text = (
        "One device, all of this process, or those of the processes that the environment variable "
        "TF_CONFIG lists."
    )
    flags.DEFINE_enum("strategy", "none", STRATEGIES, strategy_text, **defined)
    flags.DEFINE_bool(
        "jit_compile", None, "Compile steps with XLA; left out, Keras decides.", **defined
    )
    flags.DEFINE_bool("tensorboard", True, "Write files for TensorBoard.", **defined)
    exact_text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_bool("deterministic", True, exact_text, **defined)


def _settings(values) -> FineTuning:
    """The preset with what the flags change."""
    tuning = FINE_TUNINGS[values.preset]
    weights = {name: values[f"{name}_weight"].value for name in _WEIGHTS}
    objective = dataclasses.replace(
        tuning.objective, **_given(**weights, penalty_at=values.penalty_at)
    )
    names = ("steps", "learning_rate", "critic_learning_rate", "checkpoint_every")
    changed = _given(
        feature_network=values.feature_network,
        feature_weights=values.feature_weights,
        **{name: values[name].value for name in names},
    )
    if changed.get("feature_network") == _NO_NETWORK:
        changed["feature_network"] = None
    return dataclasses.replace(tuning, objective=objective, **changed)


def _given(**values):
    return {name: value for name, value in values.items() if value is not None}


PROGRAM = Program(__doc__, define_flags, run, required=("run", "output"))
