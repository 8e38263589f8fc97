"""Settings of whole trainings: the paper's, and small ones for a processor."""

import dataclasses

import keras

from tf_mesh_renderer import gradients
from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction.rendering import paper_rendering
from tf_mesh_renderer.models.texture_light.network import TextureLightNetwork
from tf_mesh_renderer.models.texture_light.rendering import TexturedRendering
from tf_mesh_renderer.models.texture_light.trainer import TextureLightTrainer

_CHANNELS = 4


@dataclasses.dataclass(frozen=True)
class TextureLightPreset:
    """All numbers of a training.

    Attributes:
      size: name of its `TextureLightSize`.
      illumination: "lambert", "phong" or "sh".
      image_size: (height, width) of the pictures and of what is drawn.
      texture_size: (h, w) of the textures.
      subdivisions: of the icosphere that carries them; 3: 642 vertices.
      predicts_vertices: whether shapes are learnt, too.
      batch_size: objects per step, each with `views` pictures.
      views: pictures of each object.
      steps: steps of the optimizer.
      learning_rate: of Adam.
      cosine_decay: whether the rate falls to 0 over the steps, as a cosine.
    """

    size: str = "tiny"
    illumination: str = "lambert"
    image_size: tuple[int, int] = (64, 64)
    texture_size: tuple[int, int] = (64, 64)
    subdivisions: int = 3
    predicts_vertices: bool = False
    batch_size: int = 8
    views: int = 2
    steps: int = 1000
    learning_rate: float = 1e-3
    cosine_decay: bool = False

    def make_network(self) -> TextureLightNetwork:
        """A new network with its variables.

        Returns:
          `TextureLightNetwork`, from images [B, height, width, 4].
        """
        network = TextureLightNetwork(
            icosphere(self.subdivisions),
            size=self.size,
            illumination=self.illumination,
            texture_size=self.texture_size,
            predicts_vertices=self.predicts_vertices,
        )
        network.build([None, *self.image_size, _CHANNELS])
        return network

    def make_optimizer(self) -> keras.optimizers.Optimizer:
        """A new optimizer.

        Returns:
          Adam with epsilon 1e-8.
        """
        rate = self.learning_rate
        if self.cosine_decay:
            rate = keras.optimizers.schedules.CosineDecay(rate, self.steps)
        return keras.optimizers.Adam(rate, epsilon=1e-8)

    def make_trainer(self, *, optimizer=None, jit_compile="auto") -> TextureLightTrainer:
        """A new network in a trainer that is compiled.

        Args:
          optimizer: `keras.optimizers.Optimizer`; None: that of `make_optimizer`.
          jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
        Returns:
          `TextureLightTrainer`, drawing as DIB-R does.
        """
        rendering = TexturedRendering(self.gradient)
        trainer = TextureLightTrainer(self.make_network(), rendering=rendering)
        trainer.compile(
            self.make_optimizer() if optimizer is None else optimizer, jit_compile=jit_compile
        )
        return trainer

    @property
    def gradient(self) -> gradients.GradientModel:
        """DIB-R's, with the paper's reach in pixels."""
        return paper_rendering("dibr", image_size=self.image_size).gradients[0]


# The paper's image size, batch, steps and rate (its section 5.3 has them); the rest is open.
TEXTURE_LIGHT_PRESETS = {
    "tiny": TextureLightPreset(),
    "paper": TextureLightPreset(
        size="paper",
        image_size=(256, 256),
        texture_size=(256, 256),
        steps=50_000,
        learning_rate=1e-4,
    ),
}


def texture_light_preset(name: str) -> TextureLightPreset:
    """The preset of a name.

    Args:
      name: "tiny" or "paper".
    Returns:
      `TextureLightPreset`.
    Raises:
      ValueError: an unknown name.
    """
    choices = tuple(TEXTURE_LIGHT_PRESETS)
    check_choice("texture_light_preset", "name", value=name, choices=choices)
    return TEXTURE_LIGHT_PRESETS[name]
