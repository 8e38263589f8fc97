"""The two commands that train, or go on with a training that was cut off."""

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
from tf_mesh_renderer.applications.shape_gan.commands.shared_flags import define_data
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.predicted_textures import TexturePredictor
from tf_mesh_renderer.applications.shape_gan.trained_network import checksum_of_weights, load_shapes
from tf_mesh_renderer.applications.shape_gan.training import TrainingOptions, train
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings
from tf_mesh_renderer.models.shape_gan import SHAPE_GAN_PRESETS, ShapeGanPreset, shape_gan_preset
from tf_mesh_renderer.training import STRATEGIES, make_strategy

_SHAPE = "First stage: learns shapes from silhouettes from four sides."
_TEXTURE = "Second stage: learns textures on the shapes of the first, which stay as they are."
_CHANGEABLE = ("steps", "batch_size", "critic_steps", "learning_rate", "penalty_weight")


def _define_flags(values: flags.FlagValues) -> None:
    define_data(values)
    define_output(values, "Folder of checkpoints, log and pictures; resumed if not empty.")
    defined = {"flag_values": values}
    flags.DEFINE_string("category", None, "Name or synset of what is learnt.", **defined)
    _define_experiment(values)
    _define_options(values)


def _define_texture_flags(values: flags.FlagValues) -> None:
    _define_flags(values)
    text = "Folder that `train-shape` wrote, with the same --preset."
    flags.DEFINE_string("shapes", None, text, flag_values=values)
    text = (
        "Folder of a training of applications.texture_light, whose predictions for the real "
        "pictures count as real textures; left out: those of the data set."
    )
    flags.DEFINE_string("textures", None, text, flag_values=values)


def _define_experiment(values):
    defined = {"flag_values": values}
    preset_text = "Settings: small ones for a processor, or full size."
    flags.DEFINE_enum("preset", "tiny", tuple(SHAPE_GAN_PRESETS), preset_text, **defined)
    for name, text in (
        ("steps", "Steps of the generator"),
        ("batch_size", "Objects per step"),
        ("critic_steps", "Steps of the critics for each of the generator"),
    ):
        text += " instead of the preset's."
        flags.DEFINE_integer(name, None, text, lower_bound=1, **defined)
    for name, text in (
        ("learning_rate", "Learning rate of all networks"),
        ("penalty_weight", "Weight of the gradient penalty"),
    ):
        text += " instead of the preset's."
        flags.DEFINE_float(name, None, text, lower_bound=0.0, **defined)
    every_text = "Steps between checkpoints and lines of the log; about a 20th of all."
    flags.DEFINE_integer("checkpoint_every", None, every_text, lower_bound=1, **defined)
    objects_text = "Real objects, from the first of the training split on; all if left out."
    flags.DEFINE_integer("objects", None, objects_text, lower_bound=2, **defined)
    flags.DEFINE_integer("seed", 0, "Seed of weights and batches.", lower_bound=0, **defined)
    precision_text = "Keras dtype policy; mixed_float16 scales the loss."
    flags.DEFINE_enum("precision", "float32", PRECISIONS, precision_text, **defined)


def _define_options(values):
    defined = {"flag_values": values}
    scored_text = "Samples that are compared with real objects after each epoch; 0: none."
    flags.DEFINE_integer("scored_samples", 100, scored_text, lower_bound=0, **defined)
    strategy_text = (
        "One device, all of this process, or those of the processes that the environment variable "
        "TF_CONFIG lists."
    )
    flags.DEFINE_enum("strategy", "none", STRATEGIES, strategy_text, **defined)
    flags.DEFINE_bool(
        "jit_compile", None, "Compile steps with XLA; left out, Keras decides.", **defined
    )
    flags.DEFINE_bool("tensorboard", True, "Write files for TensorBoard.", **defined)
    flags.DEFINE_bool("pictures", True, "Draw samples after each epoch.", **defined)
    exact_text = "The same bits in every run and after every interruption, a little slower."
    flags.DEFINE_bool("deterministic", True, exact_text, **defined)


def _run_shape(values: flags.FlagValues) -> None:
    _run(values, "shape")


def _run_texture(values: flags.FlagValues) -> None:
    _run(values, "texture")


def _run(values: flags.FlagValues, stage: str) -> None:
    if values.deterministic:
        tf.config.experimental.enable_op_determinism()
    strategy = make_strategy(values.strategy)  # before anything else of TensorFlow
    is_second = stage == "texture"
    shapes = expanded_path(values.shapes) if is_second else None
    textures = expanded_path(values.textures) if is_second and values.textures else None
    options = TrainingOptions(
        data=expanded_path(values.data),
        output=expanded_path(values.output),
        shapes=shapes,
        textures=textures,
        scored_samples=values.scored_samples,
        jit_compile="auto" if values.jit_compile is None else values.jit_compile,
        tensorboard=values.tensorboard,
        pictures=values.pictures,
        strategy=strategy,
    )
    train(_experiment(values, stage, options), options)


def _experiment(values, stage, options: TrainingOptions) -> GanExperiment:
    settings = _settings(values)
    found = ShapeNetRenderings(expanded_path(values.data), "train", [values.category])
    (size,), (category,) = found.sizes, found.categories
    shapes = textures = ""
    if options.shapes is not None:
        shapes = checksum_of_weights(load_shapes(options.shapes, settings))
    if options.textures is not None:
        textures = checksum_of_weights(TexturePredictor(options.textures).network.get_weights())
    return GanExperiment(
        stage,
        settings,
        category=category.name,
        data=found.checksums,
        objects=min(values.objects or size, size),
        shapes=shapes,
        textures=textures,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
    )


def _settings(values) -> ShapeGanPreset:
    """The preset with what the flags change."""
    given = {name: values[name].value for name in _CHANGEABLE}
    given = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(shape_gan_preset(values.preset), **given)


_REQUIRED = ("data", "category", "output")
SHAPE = Program(_SHAPE, _define_flags, _run_shape, required=_REQUIRED)
TEXTURE = Program(_TEXTURE, _define_texture_flags, _run_texture, required=(*_REQUIRED, "shapes"))
