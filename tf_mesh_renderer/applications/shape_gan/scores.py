"""How like the real ones samples are, and whether they differ as much."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.shape_gan.trained_network import standard_noise
from tf_mesh_renderer.datasets import CanonicalViews
from tf_mesh_renderer.models.shape_gan import IMAGES, SILHOUETTES, TEXTURES, GanTrainer
from tf_mesh_renderer.optional_packages import missing_package

_CHUNK = 50
_COVERED = 0.5
_BYTE_MAX = 255.0

Pairwise = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclasses.dataclass(frozen=True)
class SetScores:
    """Two sets of arrays compared by a distance in [0, 1].

    Attributes:
      sample_to_real: mean distance from a sample to the nearest real one: whether samples are like
        real ones.
      real_to_sample: mean distance from a real one to the nearest sample: whether all kinds are
        sampled.
      diversity: mean distance between two samples.
      real_to_real: mean distance from a real one to the nearest other: what `sample_to_real` of
        perfect samples would be about.
      real_diversity: mean distance between two real ones.
    """

    sample_to_real: float
    real_to_sample: float
    diversity: float
    real_to_real: float
    real_diversity: float

    @property
    def relative_diversity(self) -> float:
        """Diversity of the samples over that of the real ones; near 0 for a generator that always
        makes the same."""
        return self.diversity / self.real_diversity if self.real_diversity else 0.0

    def figures(self, *, overlap: bool) -> dict[str, float]:
        """All of it by name, with nearest ones as it is usual to say how near they are.

        Args:
          overlap: whether the distance is 1 - IoU; then nearest ones are given as IoU, which should
            be high, instead of distances, which should be low.
        Returns:
          The attributes and `relative_diversity`.
        """
        values = dataclasses.asdict(self) | {"relative_diversity": self.relative_diversity}
        if overlap:
            values |= {name: 1.0 - values[name] for name in values if "_to_" in name}
        return values


def compare_sets(samples: np.ndarray, real: np.ndarray, distance: Pairwise) -> SetScores:
    """Compares samples with real arrays.

    Args:
      samples: [N, ...], N > 1.
      real: [M, ...], M > 1.
      distance: from two sets to the distances [N, M] of all pairs, each in [0, 1].
    Returns:
      `SetScores`.
    """
    across, among, among_real = (
        distance(*pair) for pair in ((samples, real), (samples, samples), (real, real))
    )
    others = ~np.eye(len(real), dtype=bool)
    return SetScores(
        float(across.min(axis=1).mean()),
        float(across.min(axis=0).mean()),
        float(among[~np.eye(len(samples), dtype=bool)].mean()),
        float(np.where(others, among_real, np.inf).min(axis=1).mean()),
        float(among_real[others].mean()),
    )


def silhouette_distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """1 - intersection over union, of all pairs; all views of an object count as one picture.

    Args:
      first: [N, S, S, V] coverage in [0, 1]; a pixel counts from 1/2 on.
      second: [M, S, S, V].
    Returns:
      [N, M] in [0, 1].
    """
    a, b = ((s >= _COVERED).reshape(len(s), -1).astype(np.float32) for s in (first, second))
    common = a @ b.T
    whole = a.sum(axis=1)[:, np.newaxis] + b.sum(axis=1) - common
    return 1.0 - common / np.maximum(whole, 1.0)


def color_distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Mean absolute difference of all numbers, of all pairs.

    Args:
      first: [N, ...] in [0, 1].
      second: [M, ...].
    Returns:
      [N, M] in [0, 1].
    Raises:
      ImportError: SciPy is not installed.
    """
    try:
        from scipy.spatial.distance import cdist
    except ImportError as error:
        raise missing_package("color_distance", "scipy") from error
    a, b = (values.reshape(len(values), -1) for values in (first, second))
    return cdist(a, b, "cityblock") / a.shape[1]


_DISTANCES: dict[str, Pairwise] = {
    SILHOUETTES: silhouette_distance,
    IMAGES: color_distance,
    TEXTURES: color_distance,
}


def real_arrays(views: CanonicalViews, stage: str) -> dict[str, np.ndarray]:
    """What the critics of a stage see of real objects, under their names.

    Args:
      views: real objects.
      stage: "shape" or "texture".
    Returns:
      Arrays [N, ...] uint8.
    """
    if stage == "shape":
        return {SILHOUETTES: views.silhouettes}
    return {IMAGES: views.colors, TEXTURES: views.textures}


class Sampler:
    """Draws what the critics see of samples, in a graph that is made once.

    Args:
      trainer: of either stage; its weights are those at the time of a call.
    """

    def __init__(self, trainer: GanTrainer):
        self.generator = trainer.generator
        self._draw = tf.function(
            lambda noise: trainer.samples(trainer.generate(noise)),
            reduce_retracing=True,
            autograph=False,
        )

    def __call__(self, noise: np.ndarray) -> dict[str, np.ndarray]:
        """Draws samples.

        Args:
          noise: [N, Z] float32.
        Returns:
          Arrays [N, ...] float32 in [0, 1] under the names of the critics.
        """
        starts = range(0, len(noise), _CHUNK)
        parts = [self._draw(tf.constant(noise[start : start + _CHUNK])) for start in starts]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def evaluate(
    sampler: Sampler, real: Mapping[str, np.ndarray], *, number: int, seed: int
) -> dict[str, dict[str, float]]:
    """Compares samples with real objects, in all that the critics of a stage see.

    Silhouettes by their IoU, colours by mean absolute differences.

    Args:
      sampler: of the generator.
      real: of `real_arrays`.
      number: of samples.
      seed: of their noise.
    Returns:
      `SetScores.figures` under the names of `real`.
    """
    samples = sampler(standard_noise(sampler.generator, number, seed=seed))
    found = {}
    for name, values in real.items():
        pair = samples[name], values.astype(np.float32) / _BYTE_MAX
        scores = compare_sets(*pair, _DISTANCES[name])
        found[name] = scores.figures(overlap=name == SILHOUETTES)
    return found
