"""Trains the voxel network on the pictures that the mesh networks see, and on their true voxels."""

import dataclasses

import keras

from tf_mesh_renderer.datasets import ShapeNetRenderings, views_with_voxels
from tf_mesh_renderer.models import VoxelReconstruction
from tf_mesh_renderer.models.reconstruction import ReconstructionSize
from tf_mesh_renderer.training import ProgressBar


@dataclasses.dataclass(frozen=True)
class VoxelTraining:
    """A training of `VoxelReconstruction`.

    Attributes:
      image_size: side of the pictures.
      steps: batches.
      batch_size: objects of a batch; each has two views, as in the training of mesh networks.
      size: widths of the encoder.
      decoder_filters: of the network. The default is small enough for a processor.
      learning_rate: of Adam, or its schedule.
      seed: of the initial weights and of the batches.
    """

    image_size: int
    steps: int
    batch_size: int = 16
    size: ReconstructionSize | str = "small"
    decoder_filters: tuple[int, ...] = (64, 32, 16)
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 1e-3
    seed: int = 0


def train_voxels(
    training: VoxelTraining, dataset: ShapeNetRenderings, *, progress: bool = True
) -> VoxelReconstruction:
    """Trains with binary cross-entropy.

    Sets the global seed of Keras, which the initial weights depend on.

    Args:
      training: what to train, and how long.
      dataset: the training split.
      progress: show a bar.
    Returns:
      The trained network.
    Raises:
      ImportError: tqdm is not installed and `progress` is set.
    """
    keras.utils.set_random_seed(training.seed)
    network = VoxelReconstruction(training.size, decoder_filters=training.decoder_filters)
    network.compile(
        optimizer=keras.optimizers.Adam(training.learning_rate),
        loss=keras.losses.BinaryCrossentropy(),
    )
    batches = views_with_voxels(
        dataset,
        batch_size=training.batch_size,
        seed=training.seed,
        image_size=training.image_size,
    )
    steps = training.steps
    bars = [ProgressBar("voxel network")] if progress else []
    network.fit(batches, steps_per_epoch=steps, callbacks=bars, shuffle=False, verbose=0)
    return network
