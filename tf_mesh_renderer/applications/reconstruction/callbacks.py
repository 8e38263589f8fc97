"""What a training shows of itself after each epoch: voxel IoU and pictures."""

from collections.abc import Callable

import keras
import numpy as np

from tf_mesh_renderer.applications.reconstruction.drawing import comparison
from tf_mesh_renderer.applications.reconstruction.evaluation import EvaluationProtocol, evaluate
from tf_mesh_renderer.applications.reconstruction.trained_network import NetworkMethod
from tf_mesh_renderer.datasets import ShapeNetRenderings, view_pairs
from tf_mesh_renderer.models.reconstruction import MultiViewTrainer
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


def comparisons(
    dataset: ShapeNetRenderings, *, trainer: MultiViewTrainer, side: int, number: int = 6
) -> Callable[[keras.Model], np.ndarray]:
    """What draws reconstructions of the same few objects at any time of a training.

    Args:
      dataset: the split to draw objects of.
      trainer: their network.
      side: of the pictures in pixels.
      number: of objects.
    Returns:
      A function for `training.Pictures`.
    """
    batch = next(iter(view_pairs(dataset, batch_size=number, seed=0, image_size=side)))
    images, viewpoints = batch["images"].numpy(), batch["viewpoints"].numpy()
    method = NetworkMethod(trainer.network)

    def draw(model: keras.Model) -> np.ndarray:
        del model  # it is the trainer
        meshes = method(images[:, 0], "")
        prediction = {"vertices": meshes.vertices}
        if meshes.colors is not None:
            prediction["colors"] = meshes.colors
        return comparison(images, viewpoints, prediction, meshes.faces)

    return draw
