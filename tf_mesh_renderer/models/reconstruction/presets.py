"""Settings of whole trainings: those of the papers, and small ones for a processor."""

import dataclasses

import keras

from tf_mesh_renderer import optimizers
from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction.losses import LossWeights
from tf_mesh_renderer.models.reconstruction.multi_view import MultiViewTrainer
from tf_mesh_renderer.models.reconstruction.networks import (
    DibrReconstruction,
    MeshReconstruction,
    N3mrReconstruction,
    SoftRasReconstruction,
)
from tf_mesh_renderer.models.reconstruction.rendering import paper_rendering

NETWORKS = {
    "n3mr": N3mrReconstruction,
    "softras": SoftRasReconstruction,
    "dibr": DibrReconstruction,
}
_CHANNELS = 4


@dataclasses.dataclass(frozen=True)
class ReconstructionPreset:
    """All numbers of a training.

    Attributes:
      network: "n3mr", "softras" or "dibr": which paper's network.
      size: name of its `ReconstructionSize`.
      gradient: the gradient model it is meant for; `make_trainer` takes any other.
      image_size: (height, width) of the pictures and of what is drawn.
      subdivisions: of the icosphere that is deformed; 3: 642 vertices.
      weights: of the parts of the loss.
      batch_size: objects per step, each with two views.
      steps: steps of the optimizer.
      learning_rate: at the start.
      learning_rate_drops: pairs of a step and the factor that the rate has from then on.
      sigma_drop_at: step at which SoftRas' reach shrinks, or None.
      skips_zero_gradients: whether the optimizer is N3MR's Adam, which leaves elements without
        gradient alone and heeds rates of single variables, instead of Keras'.
      predicts_colors: whether the network has a decoder of colours.
      picture_colors: as of `MeshReconstruction`.
    """

    network: str
    size: str
    gradient: str
    image_size: tuple[int, int]
    subdivisions: int
    weights: LossWeights
    batch_size: int
    steps: int
    learning_rate: float
    learning_rate_drops: tuple[tuple[int, float], ...] = ()
    sigma_drop_at: int | None = None
    skips_zero_gradients: bool = False
    predicts_colors: bool = False
    picture_colors: int = 0

    def make_network(self) -> MeshReconstruction:
        """A new network with its variables.

        Returns:
          `MeshReconstruction`, from images [B, height, width, 4].
        """
        network = NETWORKS[self.network](
            icosphere(self.subdivisions),
            size=self.size,
            predicts_colors=self.predicts_colors,
            picture_colors=self.picture_colors,
        )
        network.build([None, *self.image_size, _CHANNELS])
        return network

    def make_optimizer(self) -> keras.optimizers.Optimizer:
        """A new optimizer with the schedule of the learning rate.

        Returns:
          Adam with epsilon 1e-8, of Keras or of `optimizers`.
        """
        if self.skips_zero_gradients:
            return optimizers.Adam(self.learning_rate_schedule())
        return keras.optimizers.Adam(self.learning_rate_schedule(), epsilon=1e-8)

    def learning_rate_schedule(self):
        """The learning rate as a function of the step.

        Returns:
          A float, or a `keras.optimizers.schedules.LearningRateSchedule`.
        """
        if not self.learning_rate_drops:
            return self.learning_rate
        steps, factors = zip(*self.learning_rate_drops)
        rates = [self.learning_rate * factor for factor in (1.0, *factors)]
        # Keras' boundary is the last step with the rate before it.
        last_steps = [step - 1 for step in steps]
        return keras.optimizers.schedules.PiecewiseConstantDecay(last_steps, rates)

    def with_steps(self, steps: int) -> "ReconstructionPreset":
        """The same schedule over another number of steps.

        Args:
          steps: of the optimizer, at least 1.
        Returns:
          `ReconstructionPreset` whose drops of learning rate and sigma come at the same shares.
        """
        scale = steps / self.steps
        drops = tuple((round(step * scale), factor) for step, factor in self.learning_rate_drops)
        sigma = self.sigma_drop_at
        return dataclasses.replace(
            self,
            steps=steps,
            learning_rate_drops=drops,
            sigma_drop_at=None if sigma is None else round(sigma * scale),
        )

    def make_trainer(
        self, gradient: str | None = None, *, optimizer=None, jit_compile="auto"
    ) -> MultiViewTrainer:
        """A new network in a trainer that is compiled.

        Args:
          gradient: "n3mr", "dibr" or "softras" with their papers' settings, scaled to the size of
            the images; None: the preset's.
          optimizer: `keras.optimizers.Optimizer`; None: that of `make_optimizer`.
          jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
        Returns:
          `MultiViewTrainer`.
        Raises:
          ValueError: an unknown gradient model.
        """
        rendering = paper_rendering(
            self.gradient if gradient is None else gradient,
            image_size=self.image_size,
            sigma_drop_at=self.sigma_drop_at,
        )
        trainer = MultiViewTrainer(self.make_network(), rendering=rendering, weights=self.weights)
        trainer.compile(
            self.make_optimizer() if optimizer is None else optimizer, jit_compile=jit_compile
        )
        return trainer


_SMALL = ReconstructionPreset(
    network="n3mr",
    size="small",
    gradient="n3mr",
    image_size=(64, 64),
    subdivisions=3,
    weights=LossWeights(laplacian=0.01, flatten=0.001),
    batch_size=16,
    steps=1500,
    learning_rate=1e-3,
)
# The rate falls: at a constant one, longer trainings gain little after some thousand steps.
_LONG = dataclasses.replace(_SMALL, steps=5000, learning_rate_drops=((3000, 0.3), (4250, 0.1)))
_PAPER = dataclasses.replace(
    _SMALL, size="full", batch_size=64, learning_rate=1e-4, weights=LossWeights()
)

RECONSTRUCTION_PRESETS = {
    "tiny": dataclasses.replace(_SMALL, image_size=(32, 32), subdivisions=2, steps=1000),
    "small": _SMALL,
    "long": _LONG,
    # For all 13 categories. For a single one the original has LossWeights(flatten=1e-3).
    "n3mr": dataclasses.replace(
        _PAPER,
        steps=1_000_000,
        learning_rate_drops=((950_000, 0.1),),
        skips_zero_gradients=True,
    ),
    "softras": dataclasses.replace(
        _PAPER,
        network="softras",
        gradient="softras",
        steps=250_000,
        learning_rate_drops=((150_000, 0.3),),
        sigma_drop_at=150_000,
        weights=LossWeights(laplacian=5e-3, flatten=5e-4),
    ),
    # The paper does not say how many steps; these are SoftRas'. Its loss of normals is the flatten
    # loss but for what keeps divisions finite.
    "dibr": dataclasses.replace(
        _PAPER,
        network="dibr",
        size="dibr",
        gradient="dibr",
        steps=250_000,
        weights=LossWeights(color=1.0, laplacian=0.01, flatten=0.001, laplacian_of="displacements"),
        predicts_colors=True,
    ),
    # Ours, for a processor: shapes as "small" learns them, and colours.
    "color": dataclasses.replace(
        _LONG.with_steps(3000),
        gradient="dibr",
        weights=dataclasses.replace(_SMALL.weights, color=5.0, color_over="object"),
        predicts_colors=True,
        picture_colors=8,
    ),
}


def preset(name: str) -> ReconstructionPreset:
    """The preset of a name.

    Args:
      name: "tiny", "small", "long", "n3mr", "softras", "dibr" or "color".
    Returns:
      `ReconstructionPreset`.
    Raises:
      ValueError: an unknown name.
    """
    check_choice("preset", "name", value=name, choices=tuple(RECONSTRUCTION_PRESETS))
    return RECONSTRUCTION_PRESETS[name]
