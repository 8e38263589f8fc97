"""The two commands that train, or go on with a training that was cut off."""

import dataclasses

from absl import flags

from tf_mesh_renderer.applications import training_flags
from tf_mesh_renderer.applications.shape_gan.commands.shared_flags import define_data
from tf_mesh_renderer.applications.shape_gan.experiment import GanExperiment
from tf_mesh_renderer.applications.shape_gan.predicted_textures import TexturePredictor
from tf_mesh_renderer.applications.shape_gan.trained_network import checksum_of_weights, load_shapes
from tf_mesh_renderer.applications.shape_gan.training import TrainingOptions, train
from tf_mesh_renderer.applications.training_flags import expanded_path
from tf_mesh_renderer.command_line import Program
from tf_mesh_renderer.datasets import ShapeNetRenderings
from tf_mesh_renderer.models.shape_gan import SHAPE_GAN_PRESETS, ShapeGanPreset, shape_gan_preset
from tf_mesh_renderer.training import default_checkpoint_every

_SHAPE = "First stage: learns shapes from silhouettes from four sides."
_TEXTURE = "Second stage: learns textures on the shapes of the first, which stay as they are."
_CHANGEABLE = ("steps", "batch_size", "critic_steps", "learning_rate", "penalty_weight")


def _define_flags(values: flags.FlagValues) -> None:
    define_data(values)
    training_flags.define_output(values)
    defined = {"flag_values": values}
    flags.DEFINE_string("category", None, "Name or synset of what is learnt.", **defined)
    _define_settings(values)
    text = "Real objects, from the first of the training split on; all if left out."
    flags.DEFINE_integer("objects", None, text, lower_bound=2, **defined)
    training_flags.define_seed(values)
    training_flags.define_precision(values)
    text = "Samples that are compared with real objects after each epoch; 0: none."
    flags.DEFINE_integer("scored_samples", 100, text, lower_bound=0, **defined)
    training_flags.define_devices(values)
    training_flags.define_shown(values, "Draw samples after each epoch.")


def _define_texture_flags(values: flags.FlagValues) -> None:
    _define_flags(values)
    text = "Folder that `train-shape` wrote, with the same --preset."
    flags.DEFINE_string("shapes", None, text, flag_values=values)
    text = (
        "Folder of a training of applications.texture_light, whose predictions for the real "
        "pictures count as real textures; left out: those of the data set."
    )
    flags.DEFINE_string("textures", None, text, flag_values=values)


def _define_settings(values):
    text = "Settings: small ones for a processor, or full size."
    flags.DEFINE_enum("preset", "tiny", tuple(SHAPE_GAN_PRESETS), text, flag_values=values)
    training_flags.define_epochs(values)
    training_flags.define_integers(
        values,
        batch_size="Objects per step instead of the preset's.",
        critic_steps="Steps of the critics for each of the generator instead of the preset's.",
    )
    training_flags.define_floats(
        values,
        learning_rate="Learning rate of all networks instead of the preset's.",
        penalty_weight="Weight of the gradient penalty instead of the preset's.",
    )


def _run_shape(values: flags.FlagValues) -> None:
    _run(values, "shape")


def _run_texture(values: flags.FlagValues) -> None:
    _run(values, "texture")


def _run(values: flags.FlagValues, stage: str) -> None:
    strategy = training_flags.start(values)
    is_second = stage == "texture"
    options = TrainingOptions(
        data=expanded_path(values.data),
        shapes=expanded_path(values.shapes) if is_second else None,
        textures=expanded_path(values.textures) if is_second and values.textures else None,
        **training_flags.run_options(values, strategy),
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
        textures = TexturePredictor(options.textures).checksum
    return GanExperiment(
        settings,
        stage,
        category=category.name,
        data=found.checksums,
        objects=min(values.objects or size, size),
        shapes=shapes,
        textures=textures,
        seed=values.seed,
        precision=values.precision,
        checkpoint_every=values.checkpoint_every or default_checkpoint_every(settings.steps),
        validation_size=values.scored_samples,
    )


def _settings(values) -> ShapeGanPreset:
    """The preset with what the flags change."""
    changed = training_flags.given(values, _CHANGEABLE)
    return dataclasses.replace(shape_gan_preset(values.preset), **changed)


_REQUIRED = ("data", "category", "output")
SHAPE = Program(_SHAPE, _define_flags, _run_shape, required=_REQUIRED)
TEXTURE = Program(_TEXTURE, _define_texture_flags, _run_texture, required=(*_REQUIRED, "shapes"))
