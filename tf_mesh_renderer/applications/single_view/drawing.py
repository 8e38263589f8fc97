"""Pictures of what was made of photographs."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.models.single_view import SingleViewTrainer
from tf_mesh_renderer.models.single_view.trainer import over_black, project
from tf_mesh_renderer.visualization import sheet

_RGB = 3
_TRUE, _FOUND = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
# The camera turned by half a circle about the vertical of the image: quaternion (w, x, y, z).
_FROM_BEHIND = (0.0, 0.0, 1.0, 0.0)


def prediction_sheet(trainer: SingleViewTrainer, batch: Mapping[str, tf.Tensor]) -> np.ndarray:
    """A row for each photograph.

    Columns: the photograph with its keypoints in green and the predicted ones in red; the object;
    its prediction; texture alone; from behind.

    Args:
      trainer: of the network.
      batch: as of `datasets.every_picture`.
    Returns:
      [H', W', 3] float32 in [0, 1].
    """
    images = over_black(batch["images"])
    predicted = trainer(images, training=False)
    behind = {**batch, "poses": _turned(batch["poses"])}
    found = project(predicted["keypoints"], batch["poses"])
    columns = [
        _with_keypoints(batch["images"], batch["keypoints"], found),
        images[..., :_RGB],
        trainer.draw(batch, predicted)[..., :_RGB],
        trainer.draw(batch, predicted, lit=False)[..., :_RGB],
        trainer.draw(behind, predicted)[..., :_RGB],
    ]
    pictures = [np.clip(column, 0.0, 1.0) for column in columns]
    return sheet([[picture[row] for picture in pictures] for row in range(len(pictures[0]))])


def _turned(poses):
    """The same cameras from the other side: j q turns about the vertical of the image."""
    w, x, y, z = tf.unstack(poses[:, 3:], axis=-1)
    a, b, c, d = _FROM_BEHIND
    turned = [
        a * w - b * x - c * y - d * z,
        a * x + b * w + c * z - d * y,
        a * y - b * z + c * w + d * x,
        a * z + b * y - c * x + d * w,
    ]
    return tf.concat([poses[:, :3], tf.stack(turned, axis=-1)], axis=-1)


def _with_keypoints(images, keypoints, found):
    """[B, H, W, 3]: photographs with dots."""
    pictures = np.array(images[..., :_RGB])
    for picture, true, points in zip(pictures, np.asarray(keypoints), np.asarray(found)):
        for (x, y, visible), point in zip(true, points):
            if visible:
                _dot(picture, point, _FOUND)
                _dot(picture, (x, y), _TRUE)
    return pictures


def _dot(picture, place, color):
    """Paints the pixel at image coordinates."""
    sides = np.array(picture.shape[1::-1])
    column, row = np.clip((np.asarray(place) + 1) / 2 * sides, 0, sides - 1).astype(int)
    picture[row, column] = color
