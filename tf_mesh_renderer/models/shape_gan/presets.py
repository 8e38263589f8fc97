"""Settings of whole trainings of the 3D GAN: small ones for a processor, and a full size."""

import dataclasses

import keras

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.datasets.canonical_views import CANONICAL_VIEWS
from tf_mesh_renderer.models.discriminator import Discriminator
from tf_mesh_renderer.models.generator import GeneratorSize, MeshGenerator, default_template
from tf_mesh_renderer.models.shape_gan.shape_stage import ShapeGanTrainer
from tf_mesh_renderer.models.shape_gan.texture_stage import TextureGanTrainer
from tf_mesh_renderer.models.shape_gan.trainer import GanTrainer

STAGES = ("shape", "texture")
_COLORS = 3


@dataclasses.dataclass(frozen=True)
class ShapeGanPreset:
    """All numbers of a training, of either stage.

    Attributes:
      size: name of the `GeneratorSize`, or the size itself.
      subdivisions: of the icosphere that is deformed; 3: 642 vertices.
      image_size: side of what is drawn in pixels.
      image_filters: channels of the critic of silhouettes, and of that of pictures.
      texture_filters: channels of the critic of textures.
      steps: of the generator in each stage.
      batch_size: objects per step.
      critic_steps: steps of the critics for each of the generator.
      learning_rate: of all networks.
      laplacian: weight of the Laplacian loss of the displacements.
      penalty_weight: of the gradient penalty.
    """

    size: str | GeneratorSize
    subdivisions: int
    image_size: int
    image_filters: tuple[int, ...]
    texture_filters: tuple[int, ...]
    steps: int
    batch_size: int = 16
    critic_steps: int = 3
    learning_rate: float = 2e-4
    laplacian: float = 1.0
    penalty_weight: float = 10.0

    @property
    def noise_units(self) -> int:
        """Numbers that an object is made of."""
        return GeneratorSize.from_config(self.size).noise_units

    @property
    def texture_size(self) -> int:
        """Side of the textures in texels."""
        return GeneratorSize.from_config(self.size).texture_size

    def make_generator(self) -> MeshGenerator:
        """A new generator with its variables.

        Returns:
          `MeshGenerator`.
        """
        generator = MeshGenerator(default_template(self.subdivisions), size=self.size)
        generator.build()
        return generator

    def make_trainer(
        self, stage: str, generator: MeshGenerator | None = None, *, jit_compile="auto"
    ) -> GanTrainer:
        """New critics, and optimizers, in a trainer that is compiled.

        Args:
          stage: "shape" or "texture".
          generator: what to train; None: a new one.
          jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
        Returns:
          The trainer, with all its variables.
        Raises:
          ValueError: an unknown stage.
        """
        check_choice("ShapeGanPreset.make_trainer", "stage", value=stage, choices=STAGES)
        generator = self.make_generator() if generator is None else generator
        options = {"image_size": self.image_size, "penalty_weight": self.penalty_weight}
        if stage == "shape":
            trainer = ShapeGanTrainer(
                generator, self._image_critic(1), laplacian=self.laplacian, **options
            )
        else:
            critics = self._image_critic(_COLORS), self._texture_critic()
            trainer = TextureGanTrainer(generator, *critics, **options)
        trainer.compile(self._optimizer(), self._optimizer(), jit_compile=jit_compile)
        return trainer

    def _image_critic(self, channels: int) -> Discriminator:
        critic = Discriminator(self.image_filters, name="image_critic")
        critic.build([None, self.image_size, self.image_size, CANONICAL_VIEWS * channels])
        return critic

    def _texture_critic(self) -> Discriminator:
        critic = Discriminator(self.texture_filters, wraps=True, name="texture_critic")
        critic.build([None, self.texture_size, self.texture_size, _COLORS])
        return critic

    def _optimizer(self) -> keras.optimizers.Optimizer:
        # WGAN-GP's: without momentum, the two sides would pull each other in circles.
        return keras.optimizers.Adam(self.learning_rate, beta_1=0.0, beta_2=0.9)


SHAPE_GAN_PRESETS = {
    "tiny": ShapeGanPreset(
        size="tiny",
        subdivisions=2,
        image_size=32,
        image_filters=(32, 64, 128),
        texture_filters=(32, 64, 128),
        steps=1500,
    ),
    # The paper says neither widths nor steps.
    "full": ShapeGanPreset(
        size="full",
        subdivisions=3,
        image_size=64,
        image_filters=(64, 128, 256, 512),
        texture_filters=(64, 128, 256, 512, 512),
        steps=100_000,
        critic_steps=5,
        learning_rate=1e-4,
    ),
}


def shape_gan_preset(name: str) -> ShapeGanPreset:
    """The preset of a name.

    Args:
      name: "tiny" or "full".
    Returns:
      `ShapeGanPreset`.
    Raises:
      ValueError: an unknown name.
    """
    check_choice("shape_gan_preset", "name", value=name, choices=tuple(SHAPE_GAN_PRESETS))
    return SHAPE_GAN_PRESETS[name]
