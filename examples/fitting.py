"""Gradient descent on anything a picture depends on."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tqdm


@dataclasses.dataclass
class Fit:
    """What an optimisation did.

    Attributes:
      losses: one per step.
      pictures: (steps taken, picture) at each step that was asked for.
      seconds: spent on steps, the first with its tracing too; pictures do not count.
    """

    losses: list[float] = dataclasses.field(default_factory=list)
    pictures: list[tuple[int, Any]] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    def __add__(self, later: "Fit") -> "Fit":
        taken = len(self.losses)
        pictures = [(taken + step, picture) for step, picture in later.pictures]
        return Fit(
            self.losses + later.losses, self.pictures + pictures, self.seconds + later.seconds
        )


def fit(
    loss: Callable[[], tf.Tensor],
    variables: Sequence[tf.Variable],
    *,
    iterations: int,
    learning_rate: float,
    label: str,
    picture: Callable[[], Any] | None = None,
    picture_steps: Sequence[int] = (),
) -> Fit:
    """Lowers a loss by Adam; the steps get shorter towards the end.

    Args:
      loss: the loss as a function of the variables; runs inside a `tf.function`.
      variables: what moves.
      iterations: number of steps.
      learning_rate: length of the first steps, which is also the most a variable moves in one.
      label: shown at the progress bar.
      picture: called at `picture_steps`, numbers of steps taken before.
    Returns:
      `Fit`; the variables hold the result.
    """
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, iterations, alpha=0.01)
    optimizer = keras.optimizers.Adam(schedule, beta_1=0.5, beta_2=0.99, epsilon=1e-8)

    @tf.function(autograph=False)  # losses are lambdas, which it cannot read
    def step():
        with tf.GradientTape() as tape:
            value = loss()
        optimizer.apply(tape.gradient(value, variables), variables)
        return value

    done = Fit()
    with tqdm.trange(iterations + 1, desc=label) as progress:
        for taken in progress:
            if taken in picture_steps:
                done.pictures.append((taken, picture()))
            if taken == iterations:
                break
            start = time.perf_counter()
            done.losses.append(float(step()))
            done.seconds += time.perf_counter() - start
            progress.set_postfix(loss=f"{done.losses[-1]:.3g}", refresh=False)
    return done


def spread_steps(iterations: int, number: int) -> list[int]:
    """At most `number` of the steps 0 ... iterations, both ends among them, dense at the start."""
    fractions = np.linspace(0.0, 1.0, number) ** 2
    return np.unique(np.round(fractions * iterations).astype(int)).tolist()
