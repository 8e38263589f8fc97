"""DIB-R's full objective: image losses, a critic's opinion and what networks see, weighted."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, to_number
from tf_mesh_renderer.losses.adversarial import (
    critic_gradient_norm,
    interpolate_images,
    wasserstein_critic_loss,
    wasserstein_generator_loss,
)
from tf_mesh_renderer.losses.perceptual import feature_matching_loss, perceptual_loss

PENALTY_POINTS = ("generated", "interpolates")
_WEIGHTS = ("adversarial", "gradient_penalty", "perceptual", "reconstruction")
_TARGET_NORM = 1.0


@dataclasses.dataclass(frozen=True)
class AdversarialObjective:
    """Weights of min over the generator, max over the critic of the whole loss.

    adversarial (D(I) - D(G)) - gradient_penalty (|dD| - 1)² + perceptual L_percep + reconstruction
    L_1, where I are real images, G generated ones and D is the critic. Parts with weight 0 are not
    computed.

    A critic is a callable from images to a dict of "scores" [B, ...] and "features", a sequence of
    [B, ...] of its layers, as `models.Discriminator` is.

    Attributes:
      adversarial: of the critic's scores.
      gradient_penalty: of the critic's departure from slope 1.
      perceptual: of the differences in the layers of a feature network, and of the same in the
        layers of the critic.
      reconstruction: of the loss that does without a critic, which the caller computes.
      penalty_at: where the slope is looked at: "generated" images, as the paper has it, or
        "interpolates" between them and the real ones, as WGAN-GP.
    Raises:
      TypeError, ValueError: a weight is no number >= 0, or an unknown choice.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, eqs. 15-17 and section 5.3: the defaults.
    """

    adversarial: float = 0.5
    gradient_penalty: float = 0.5
    perceptual: float = 1.0
    reconstruction: float = 1.0
    penalty_at: str = "generated"

    def __post_init__(self):
        where = "AdversarialObjective"
        check_choice(where, "penalty_at", value=self.penalty_at, choices=PENALTY_POINTS)
        for name in _WEIGHTS:
            weight = to_number(where, name, getattr(self, name))
            object.__setattr__(self, name, weight)
            if not 0 <= weight < float("inf"):
                raise argument_error(
                    where,
                    name,
                    expected="a finite number >= 0",
                    received=weight,
                    hint="0 leaves the part out",
                )

    def critic_parts(
        self,
        critic: Callable[[tf.Tensor], Mapping],
        real: tf.Tensor,
        generated: tf.Tensor,
        *,
        seed: Any = (0, 0),
        first: Any = 0,
    ) -> dict[str, tf.Tensor]:
        """What the critic's loss is made of.

        Args:
          critic: the critic.
          real: [B, ...] float, real images.
          generated: [B, ...] float, generated ones; no gradient is passed on to them.
          seed: [2] int, draws the "interpolates".
          first: as of `interpolate_images`.
        Returns:
          [B] each: "wasserstein", `wasserstein_critic_loss`; "gradient_norm", the critic's slope;
          "penalty", its squared distance from 1.
        Gradients:
          To the variables of the critic.
        Raises:
          ValueError: a shape is wrong.
        """
        generated = tf.stop_gradient(generated)
        scores = critic(tf.concat([real, generated], axis=0))["scores"]
        points = generated
        if self.penalty_at == "interpolates":
            points = interpolate_images(real, generated, seed=seed, first=first)
        norm = critic_gradient_norm(points, lambda images: critic(images)["scores"])
        return {
            "wasserstein": wasserstein_critic_loss(*tf.split(scores, 2)),
            "gradient_norm": norm,
            "penalty": tf.square(norm - _TARGET_NORM),
        }

    def critic_loss(self, parts: Mapping[str, tf.Tensor]) -> tf.Tensor:
        """What the critic lowers.

        Args:
          parts: as `critic_parts` returns them, or their means.
        Returns:
          Their weighted sum, [B] or [].
        Gradients:
          Exact.
        """
        penalty = self.gradient_penalty * parts["penalty"]
        return self.adversarial * parts["wasserstein"] + penalty

    def generator_parts(
        self,
        critic: Callable[[tf.Tensor], Mapping],
        real: tf.Tensor,
        generated: tf.Tensor,
        *,
        network: Callable[[tf.Tensor], Sequence[tf.Tensor]] | None = None,
    ) -> dict[str, tf.Tensor]:
        """What a critic and a feature network add to the generator's loss.

        Args:
          critic: the critic.
          real: [B, H, W, C] float in [0, 1], what each generated image should look like.
          generated: [B, H, W, C] float.
          network: from images [B, H, W, 3] to feature maps, as `FeatureNetwork`; it sees the first
            three channels. None: L_percep has the layers of the critic alone.
        Returns:
          [B] each, those whose weight is not 0: "adversarial", `wasserstein_generator_loss`;
          "feature_matching", of the critic's layers; "perceptual", of the network's.
        Gradients:
          Exact to `generated`, and to the critic's variables, which are not meant to take them.
        Raises:
          ValueError: a shape is wrong.
        """
        parts = {}
        if self.adversarial or self.perceptual:
            judged = critic(generated)
        if self.adversarial:
            parts["adversarial"] = wasserstein_generator_loss(judged["scores"])
        if self.perceptual:
            features = [tf.stop_gradient(maps) for maps in critic(real)["features"]]
            parts["feature_matching"] = feature_matching_loss(features, judged["features"])
        if self.perceptual and network is not None:
            parts["perceptual"] = perceptual_loss(real[..., :3], generated[..., :3], network)
        return parts

    def generator_loss(self, parts: Mapping[str, tf.Tensor], reconstruction: Any) -> tf.Tensor:
        """What the generator lowers.

        Args:
          parts: as `generator_parts` returns them, or their means.
          reconstruction: the loss without a critic, of the same shape.
        Returns:
          The weighted sum, [B] or [].
        Gradients:
          Exact.
        """
        weights = {
            "adversarial": self.adversarial,
            "feature_matching": self.perceptual,
            "perceptual": self.perceptual,
        }
        total = self.reconstruction * reconstruction
        for name, value in parts.items():
            total += weights[name] * value
        return total

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into an equal objective.
        """
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config: Any) -> "AdversarialObjective":
        """An objective from its configuration.

        Args:
          config: a dict of attributes, or an `AdversarialObjective`, which is returned as it is.
        Returns:
          `AdversarialObjective`.
        Raises:
          TypeError: an unknown attribute.
        """
        return config if isinstance(config, cls) else cls(**config)
