"""Flags that the commands of all trainings have, and what they mean."""

import pathlib
from collections.abc import Sequence
from typing import Any

import tensorflow as tf
from absl import flags

from tf_mesh_renderer.training import PRECISIONS, STRATEGIES, make_strategy


def define_run(values: flags.FlagValues) -> None:
    """The folder of a training.

    Args:
      values: where to define the flag.
    """
    flags.DEFINE_string("run", None, "Folder that `train` wrote.", flag_values=values)


def define_output(
    values: flags.FlagValues,
    text: str = "Folder of checkpoints, log and pictures; resumed if not empty.",
) -> None:
    """Where results go.

    Args:
      values: where to define the flag.
      text: its help.
    """
    flags.DEFINE_string("output", None, text, flag_values=values)


def define_epochs(values: flags.FlagValues) -> None:
    """The number of steps, and of those between checkpoints.

    Args:
      values: where to define the flags.
    """
    define_integers(
        values,
        steps="Steps instead of the preset's.",
        checkpoint_every="Steps between checkpoints and lines of the log; about a 20th of all.",
    )


def define_integers(values: flags.FlagValues, **texts: str) -> None:
    """Whole numbers above 0 that are left out, or replace those of a preset.

    Args:
      values: where to define the flags.
      **texts: their help.
    """
    for name, text in texts.items():
        flags.DEFINE_integer(name, None, text, lower_bound=1, flag_values=values)


def define_floats(values: flags.FlagValues, **texts: str) -> None:
    """Numbers from 0 on that are left out, or replace those of a preset.

    Args:
      values: where to define the flags.
      **texts: their help.
    """
    for name, text in texts.items():
        flags.DEFINE_float(name, None, text, lower_bound=0.0, flag_values=values)


def define_seed(values: flags.FlagValues, text: str = "Seed of weights and batches.") -> None:
    """The seed.

    Args:
      values: where to define the flag.
      text: its help.
    """
    flags.DEFINE_integer("seed", 0, text, lower_bound=0, flag_values=values)


def define_precision(values: flags.FlagValues) -> None:
    """The dtype policy.

    Args:
      values: where to define the flag.
    """
    text = "Keras dtype policy; mixed_float16 scales the loss."
    flags.DEFINE_enum("precision", "float32", PRECISIONS, text, flag_values=values)


def define_devices(values: flags.FlagValues) -> None:
    """What a training runs on, and how exactly.

    Args:
      values: where to define the flags.
    """
    defined = {"flag_values": values}
    text = (
        "One device, all of this process, or those of the processes that the environment variable "
        "TF_CONFIG lists."
    )
    flags.DEFINE_enum("strategy", "none", STRATEGIES, text, **defined)
    text = "Compile steps with XLA; left out, Keras decides."
    flags.DEFINE_bool("jit_compile", None, text, **defined)
    text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_bool("deterministic", True, text, **defined)


def define_shown(values: flags.FlagValues, pictures: str | None) -> None:
    """What a training shows of itself.

    Args:
      values: where to define the flags.
      pictures: help of the flag that switches pictures off; None: there are none.
    """
    defined = {"flag_values": values}
    flags.DEFINE_bool("tensorboard", True, "Write files for TensorBoard.", **defined)
    if pictures is not None:
        flags.DEFINE_bool("pictures", True, pictures, **defined)


def start(values: flags.FlagValues) -> tf.distribute.Strategy:
    """Sets what has to be set before TensorFlow does anything.

    Args:
      values: with the flags of `define_devices`.
    Returns:
      The strategy.
    """
    if values.deterministic:
        tf.config.experimental.enable_op_determinism()
    return make_strategy(values.strategy)


def run_options(values: flags.FlagValues, strategy: tf.distribute.Strategy) -> dict[str, Any]:
    """Arguments of `training.RunOptions`.

    Args:
      values: with the flags of this file.
      strategy: as `start` returns it.
    Returns:
      {name: value}.
    """
    shown = {name: values[name].value for name in ("tensorboard", "pictures") if name in values}
    return {
        "output": expanded_path(values.output),
        "jit_compile": "auto" if values.jit_compile is None else values.jit_compile,
        "strategy": strategy,
        **shown,
    }


def given(values: flags.FlagValues, names: Sequence[str]) -> dict[str, Any]:
    """What was said, to replace what a preset has.

    Args:
      values: the flags.
      names: of some of them.
    Returns:
      {name: value} of those that are not None.
    """
    said = {name: values[name].value for name in names}
    return {name: value for name, value in said.items() if value is not None}


def expanded_path(text: str) -> pathlib.Path:
    """The path that a flag means.

    Args:
      text: may begin with a tilde.
    Returns:
      `pathlib.Path`.
    """
    return pathlib.Path(text).expanduser()
