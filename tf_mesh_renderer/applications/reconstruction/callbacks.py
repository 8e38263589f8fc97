"""What a training shows of itself after each epoch: voxel IoU and pictures."""

import pathlib

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.applications.reconstruction.drawing import comparison
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol, evaluate
from tf_mesh_renderer.applications.reconstruction.trained_network import NetworkMethod
from tf_mesh_renderer.datasets import ShapeNetRenderings, view_pairs
from tf_mesh_renderer.io import write_image
from tf_mesh_renderer.models.reconstruction import MultiViewTrainer
from tf_mesh_renderer.optional_packages import missing_package
from tf_mesh_renderer.training import mean_over_processes

VOXEL_IOU = "val_voxel_iou"


class Validation(keras.callbacks.Callback):
    """Adds the mean voxel IoU on some objects that are not trained on to the log of each epoch.

    Args:
      dataset: the split "val".
      protocol: which objects and views.
    """

    def __init__(self, dataset: ShapeNetRenderings, protocol: EvaluationProtocol):
        super().__init__()
        self._dataset = dataset
        self._protocol = protocol
        self._method: NetworkMethod | None = None

    def on_epoch_end(self, epoch, logs=None):
        """Callbacks after this one see the figure."""
        if self._method is None:
            self._method = NetworkMethod(self.model.network)
        scores = evaluate(self._method, self._dataset, self._protocol, label="val", progress=False)
        value = scores.value("voxel_iou")
        # Of the same bits in all processes, which stop by it.
        logs[VOXEL_IOU] = mean_over_processes(self.model.distribute_strategy, value)


class Pictures(keras.callbacks.Callback):
    """Draws reconstructions of the same few objects after each epoch.

    Args:
      dataset: the split to draw objects of.
      directory: folder of the PNG files.
      trainer: their network.
      side: of the pictures in pixels.
      number: of objects.
      summaries: folder of TensorBoard's files, or None.
    """

    def __init__(
        self,
        dataset: ShapeNetRenderings,
        directory: pathlib.Path,
        *,
        trainer: MultiViewTrainer,
        side: int,
        number: int = 6,
        summaries: pathlib.Path | None = None,
    ):
        super().__init__()
        self._directory = directory
        pairs = view_pairs(dataset, batch_size=number, seed=0, image_size=side)
        batch = next(iter(pairs))
        self._images, self._viewpoints = batch["images"].numpy(), batch["viewpoints"].numpy()
        self._method = NetworkMethod(trainer.network)
        self._writer = None
        if summaries is not None:
            self._writer = tf.summary.create_file_writer(str(summaries))

    def on_epoch_end(self, epoch, logs=None):
        """Writes one picture with a row for each object."""
        meshes = self._method(self._images[:, 0], "")
        prediction = {"vertices": meshes.vertices}
        if meshes.colors is not None:
            prediction["colors"] = meshes.colors
        grid = comparison(self._images, self._viewpoints, prediction, meshes.faces)
        write_image(self._directory / f"epoch_{epoch + 1:05d}.png", grid)
        if self._writer is not None:
            with self._writer.as_default():
                tf.summary.image("reconstructions", grid[np.newaxis], step=epoch)
            self._writer.flush()


def tensorboard(directory: pathlib.Path) -> keras.callbacks.TensorBoard:
    """Keras' log of losses and speed for TensorBoard.

    Args:
      directory: of its files.
    Returns:
      The callback.
    Raises:
      ImportError: TensorBoard is not installed.
    """
    try:
        import tensorboard as installed
    except ImportError as error:
        raise missing_package("--tensorboard", "tensorboard") from error
    del installed  # TensorFlow imports it where it writes.
    return keras.callbacks.TensorBoard(str(directory), write_graph=False, profile_batch=0)
