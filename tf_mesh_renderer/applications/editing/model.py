"""The model that all programs train that edit a mesh through its pictures."""

from typing import Any, Protocol

import keras
import tensorflow as tf

from tf_mesh_renderer import gradients
from tf_mesh_renderer.applications.editing.settings import EditingSettings
from tf_mesh_renderer.applications.editing.views import Views, ViewSampler
from tf_mesh_renderer.models.editable_mesh import EditableMesh
from tf_mesh_renderer.optimizers import Adam
from tf_mesh_renderer.rendering import render

# Streams of random numbers of one step.
_VIEWS_STREAM, _BACKGROUND_STREAM = 0, 1


class Objective(Protocol):
    """What an edit is for."""

    def background(self, seed: tf.Tensor) -> Any:
        """Colour behind the mesh.

        Args:
          seed: [2] int32, the source of randomness.
        Returns:
          [] or [3] float.
        """
        ...

    def terms(self, images: tf.Tensor, vertices: tf.Tensor) -> dict[str, tf.Tensor]:
        """What is lowered.

        Args:
          images: [B, H, W, 4] float, colour and coverage.
          vertices: [V, 3] float, world space.
        Returns:
          {name: [] float}, already weighted; their sum is the loss.
        """
        ...


class EditingModel(keras.Model):
    """A mesh, where it is seen from, and what is wanted of its pictures.

    `fit` draws new views in every step. They depend on the seed and the number of the step alone,
    so a run that goes on from saved weights (which include the optimizer's) does what it would have
    done without the break; the data that `fit` is given only says how many steps to take.

    Args:
      subject: the `EditableMesh`, whose weights are trained.
      objective: an `Objective`.
      sampler: a `ViewSampler`.
      settings: sizes, gradient model, seed and learning rates. It is compiled with N3MR's Adam,
        which leaves alone what no camera of a step sees.
    """

    def __init__(
        self,
        subject: EditableMesh,
        objective: Objective,
        sampler: ViewSampler,
        settings: EditingSettings,
    ):
        super().__init__()
        self.subject = subject
        self.objective = objective
        self.sampler = sampler
        self.settings = settings
        self._gradient = gradients.get(settings.gradient)
        self.built = True
        subject.set_step_scales(
            vertices=settings.vertex_step_scale, colors=settings.color_step_scale
        )
        self.compile(optimizer=Adam(settings.learning_rate), jit_compile=False)
        self.optimizer.build(self.trainable_variables)

    def draw(self, views: Views, background: Any = 0.0, image_size: Any = None) -> tf.Tensor:
        """Pictures of the mesh as it is now.

        Args:
          views: `Views` of B cameras.
          background: [] or [3] float.
          image_size: (height, width) in pixels; None: as in training.
        Returns:
          [B, H, W, 4] float, colour and coverage.
        """
        return render(
            self.subject.mesh(),
            views.camera,
            image_size=image_size or (self.settings.image_size,) * 2,
            lights=views.lights,
            gradient=self._gradient,
            background=background,
        )

    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """One step; see `keras.Model`. `data` is not looked at."""
        del data
        step = tf.cast(tf.convert_to_tensor(self.optimizer.iterations), tf.int32)
        seed = tf.stack([tf.constant(self.settings.seed, tf.int32), step])
        seeds = tf.random.split(seed, 2)
        views = self.sampler.draw(self.settings.batch_size, seeds[_VIEWS_STREAM])
        background = self.objective.background(seeds[_BACKGROUND_STREAM])
        with tf.GradientTape() as tape:
            vertices = tf.convert_to_tensor(self.subject.vertices)
            terms = self.objective.terms(self.draw(views, background), vertices)
            loss = tf.add_n([*terms.values()])
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return {"loss": loss, **terms}
