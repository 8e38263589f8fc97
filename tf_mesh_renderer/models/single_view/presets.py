"""Settings of whole trainings from single views: full-size ones, and small ones for a processor."""

import dataclasses

import keras
import numpy as np

from tf_mesh_renderer.arguments import check_choice
from tf_mesh_renderer.geometry.primitives import icosphere
from tf_mesh_renderer.models.reconstruction.rendering import paper_rendering
from tf_mesh_renderer.models.single_view.losses import SingleViewLossWeights
from tf_mesh_renderer.models.single_view.network import SingleViewNetwork
from tf_mesh_renderer.models.single_view.trainer import SingleViewTrainer
from tf_mesh_renderer.models.texture_light import TexturedRendering

_CHANNELS = 4


@dataclasses.dataclass(frozen=True)
class SingleViewPreset:
    """All numbers of a training.

    Attributes:
      size: name of the network's `TextureLightSize`.
      illumination: "lambert", "phong" or "sh".
      image_size: S, side of the crops and of what is drawn.
      texture_size: side of the textures.
      subdivisions: of the icosphere that is deformed; 3: 642 vertices.
      symmetric: whether shapes and textures are their own mirror images.
      weights: of the losses.
      batch_size: pictures per step.
      steps: steps of the optimizer.
      learning_rate: of Adam.
    """

    size: str = "tiny"
    illumination: str = "sh"
    image_size: int = 64
    texture_size: int = 64
    subdivisions: int = 3
    symmetric: bool = True
    weights: SingleViewLossWeights = dataclasses.field(default_factory=SingleViewLossWeights)
    batch_size: int = 8
    steps: int = 1000
    learning_rate: float = 1e-3

    def make_trainer(
        self, mean_keypoints: np.ndarray, *, object_side: float, jit_compile: bool | str = "auto"
    ) -> SingleViewTrainer:
        """A new network in a trainer that is compiled.

        Args:
          mean_keypoints: [K, 3] float, around which the mean shape starts.
          object_side: as of `SingleViewTrainer`.
          jit_compile: whether XLA compiles the step; "auto" as in `keras.Model.compile`.
        Returns:
          `SingleViewTrainer`, drawing as DIB-R does.
        """
        network = SingleViewNetwork(
            icosphere(self.subdivisions),
            num_keypoints=len(mean_keypoints),
            symmetric=self.symmetric,
            size=self.size,
            illumination=self.illumination,
            texture_size=(self.texture_size,) * 2,
        )
        sides = (self.image_size,) * 2
        network.build([None, *sides, _CHANNELS])
        network.start_from(mean_keypoints)
        gradient = paper_rendering("dibr", image_size=sides).gradients[0]
        trainer = SingleViewTrainer(
            network,
            rendering=TexturedRendering(gradient, depth_from="z"),
            weights=self.weights,
            object_side=object_side,
        )
        optimizer = keras.optimizers.Adam(self.learning_rate, epsilon=1e-8)
        trainer.compile(optimizer, jit_compile=jit_compile)
        return trainer


# The paper says neither for its experiment on birds; "full" has the numbers of its experiment with
# texture and light, and the image size of CMR.
SINGLE_VIEW_PRESETS = {
    "tiny": SingleViewPreset(),
    "full": SingleViewPreset(
        size="paper",
        image_size=256,
        texture_size=256,
        batch_size=16,
        steps=50_000,
        learning_rate=1e-4,
    ),
}


def single_view_preset(name: str) -> SingleViewPreset:
    """The preset of a name.

    Args:
      name: "tiny" or "full".
    Returns:
      `SingleViewPreset`.
    Raises:
      ValueError: an unknown name.
    """
    check_choice("single_view_preset", "name", value=name, choices=tuple(SINGLE_VIEW_PRESETS))
    return SINGLE_VIEW_PRESETS[name]
