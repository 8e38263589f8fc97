"""Fine-tunes a trained texture and light network with a critic of its drawings."""

import dataclasses
import functools
import pathlib
from typing import Any

import keras

from tf_mesh_renderer.applications.texture_light.drawing import relighting_sheet
from tf_mesh_renderer.applications.texture_light.experiment import TextureLightExperiment
from tf_mesh_renderer.applications.texture_light.measuring import (
    TestObjects,
    Validation,
    write_figures,
)
from tf_mesh_renderer.applications.texture_light.training import batches
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io import write_image
from tf_mesh_renderer.io.folder_record import FolderRecord
from tf_mesh_renderer.losses import AdversarialObjective
from tf_mesh_renderer.models import AdversarialTrainer, Discriminator, FeatureNetwork
from tf_mesh_renderer.training import (
    CHECKPOINTS,
    LOG,
    Checkpoints,
    ProgressBar,
    RunOptions,
    SaveCheckpoints,
    check_whole_epochs,
    cut_log,
    distribute_batches,
    explained_divergence,
    fit,
    new_networks,
    tensorboard,
)

SHEET_BEFORE, SHEET_AFTER = "before.png", "after.png"
_STATE, _TENSORBOARD = "adversarial", "tensorboard"
_RECORD = FolderRecord("finetuning.json", "finetune", "output", may_change=("run",))
_COLORS = 3
_BETA_1 = 0.5  # of both Adams, the paper's


@dataclasses.dataclass(frozen=True)
class FineTuning:
    """All that decides what a fine-tuning ends with, but for the network that it begins with.

    Attributes:
      objective: weights of the losses, and where the critic's slope is looked at; or their
        configuration.
      steps: of both optimizers.
      learning_rate: of the network's Adam.
      critic_learning_rate: of the critic's.
      filters: of the critic.
      feature_network: architecture of `models.FeatureNetwork` for the perceptual loss; None: the
        critic's layers alone.
      feature_weights: as of `models.FeatureNetwork`.
      checkpoint_every: steps between two lines of the log and checkpoints.
    Raises:
      ValueError: steps that are no whole number of epochs.
    """

    objective: Any = AdversarialObjective()  # noqa: RUF009  (a frozen value)
    steps: int = 400
    learning_rate: float = 1e-4
    critic_learning_rate: float = 1e-4
    filters: tuple[int, ...] = (32, 64, 128, 128)
    feature_network: str | None = "small"
    feature_weights: str | None = None
    checkpoint_every: int = 100

    def __post_init__(self):
        objective = AdversarialObjective.from_config(self.objective)
        object.__setattr__(self, "objective", objective)
        check_whole_epochs(
            "FineTuning",
            steps=self.steps,
            checkpoint_every=self.checkpoint_every,
            hint="a fourth of the steps would do",
        )

    @property
    def epochs(self) -> int:
        """How many epochs there are: parts of `checkpoint_every` steps."""
        return self.steps // self.checkpoint_every

    def make_trainer(
        self, run: pathlib.Path, *, seed: int = 0, jit_compile: bool | str = "auto"
    ) -> tuple[TextureLightExperiment, AdversarialTrainer]:
        """A trained network with a new critic, and both optimizers with all their variables.

        Args:
          run: folder of the training.
          seed: of the critic's weights, and of the points between images.
          jit_compile: whether XLA compiles the step.
        Returns:
          What was trained, and `AdversarialTrainer`, compiled.
        """
        experiment, trainer = TextureLightExperiment.load(run)
        with new_networks(seed=seed, precision=experiment.precision):
            critic = Discriminator(self.filters)
            critic.build([None, *experiment.settings.image_size, _COLORS])
            adversarial = AdversarialTrainer(
                trainer,
                critic,
                objective=self.objective,
                feature_network=self._features(),
                seed=seed,
            )
            adam = functools.partial(keras.optimizers.Adam, beta_1=_BETA_1)
            adversarial.compile(
                adam(self.learning_rate),
                critic_optimizer=adam(self.critic_learning_rate),
                jit_compile=jit_compile,
            )
        adversarial.build_optimizers()
        return experiment, adversarial

    def _features(self) -> FeatureNetwork | None:
        if self.feature_network is None or not self.objective.perceptual:
            return None
        return FeatureNetwork(self.feature_network, weights=self.feature_weights)


# The paper's weights, steps and learning rates, and ours for a processor: a critic that takes 400
# steps instead of 15000 has to learn faster, and holds a slope of 1 only if that weighs more. Its
# gradient is as long as that of the features (0.25) then; twice as long, images suffered.
FINE_TUNINGS = {
    "tiny": FineTuning(AdversarialObjective(adversarial=0.25, gradient_penalty=10.0)),
    "paper": FineTuning(
        steps=15_000,
        critic_learning_rate=1e-5,
        filters=(64, 128, 256, 512, 512),
        feature_network="vgg16",
        checkpoint_every=500,
    ),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FineTuningOptions(RunOptions):
    """As `RunOptions`, and what a fine-tuning goes on from.

    `evaluate`, `predict` and `export` take its output as a training.

    Attributes:
      run: folder that `train` wrote.
      seed: of the critic's weights.
      validation_objects: of the test set, which are measured before, after, and after each epoch.
    """

    run: pathlib.Path
    seed: int = 0
    validation_objects: int = 24


def fine_tune(tuning: FineTuning, options: FineTuningOptions) -> str:
    """Trains network and critic to the end, from the latest checkpoint if there is one.

    Batches are those that the training would have seen next.

    Args:
      tuning: how.
      options: from what, where, and what to show.
    Returns:
      The table of figures on the test objects before and after.
    Raises:
      ValueError: the output folder holds a training, or another fine-tuning.
      FileNotFoundError: there is no training, or it has no checkpoint yet.
      ArithmeticError: it has diverged.
    """
    chosen = {name: getattr(options, name) for name in ("seed", "validation_objects")}
    facts = {**dataclasses.asdict(tuning), **chosen, "run": str(options.run)}
    _check_is_elsewhere(options)
    _RECORD.check(options.output, facts)
    with options.strategy.scope():
        experiment, model = tuning.make_trainer(
            options.run, seed=options.seed, jit_compile=options.jit_compile
        )
        checkpoints = Checkpoints(model, options.output / _STATE)
    objects = TestObjects(experiment, options.validation_objects)
    rows = [("before", objects.measure(model))]
    sheets = {SHEET_BEFORE: relighting_sheet(model.trainer, objects.first)}
    done = checkpoints.restore()
    callbacks: list[keras.callbacks.Callback] = [Validation(objects)]
    if options.writes:
        _RECORD.claim(options.output, facts)
        experiment.write(options.output)
        cut_log(options.output / LOG, done)
        callbacks = [*callbacks, *_writing(options), SaveCheckpoints(checkpoints)]
    if done < tuning.epochs:
        _fit(options.strategy, model, experiment, tuning, done=done, callbacks=callbacks)
    rows.append(("after", objects.measure(model)))
    sheets[SHEET_AFTER] = relighting_sheet(model.trainer, objects.first)
    if not options.writes:
        return ""
    for name, sheet in sheets.items():
        write_image(options.output / name, sheet)
    # As a training that has come to its end.
    Checkpoints(model.trainer, options.output / CHECKPOINTS).save(experiment.epochs)
    return write_figures(options.output, rows)


def _check_is_elsewhere(options: FineTuningOptions) -> None:
    """Refuses to write over the log and the weights of a training."""
    holds_training = (options.output / LOG).is_file() and not is_fine_tuning(options.output)
    if holds_training or options.output.resolve() == options.run.resolve():
        raise argument_error(
            "finetune",
            "output",
            expected="a new folder, or that of a fine-tuning",
            received=f"'{options.output}', which holds a training",
            hint="the training stays as it is: choose another folder",
        )


def is_fine_tuning(directory: pathlib.Path) -> bool:
    """Whether a folder is that of a fine-tuning, and not of the training before.

    Args:
      directory: of either.
    Returns:
      True if `fine_tune` wrote it.
    """
    return (directory / _RECORD.file_name).is_file()


def _fit(strategy, model, experiment, tuning, *, done, callbacks) -> None:
    start_step = experiment.settings.steps + done * tuning.checkpoint_every

    make_batches = functools.partial(batches, experiment, start_step)
    data = distribute_batches(strategy, make_batches, batch_size=experiment.settings.batch_size)
    length = {"epochs": tuning.epochs, "steps_per_epoch": tuning.checkpoint_every}
    with explained_divergence():
        fit(model, data, **length, initial_epoch=done, callbacks=callbacks)


def _writing(options: FineTuningOptions) -> list[keras.callbacks.Callback]:
    """What shows how it goes; in one process."""
    shown = [tensorboard(options.output / _TENSORBOARD)] if options.tensorboard else []
    logger = keras.callbacks.CSVLogger(options.output / LOG, append=True)
    return [ProgressBar("finetune"), *shown, logger]
