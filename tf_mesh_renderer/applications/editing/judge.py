"""An independent network that says which pattern a picture shows."""

import pathlib

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.datasets.patterns import PATTERN_CLASSES
from tf_mesh_renderer.models.features import JUDGE_WEIGHTS, pattern_classifier
from tf_mesh_renderer.models.features.architectures import ARCHITECTURES

# Pictures are seen as large as those that the network was trained on...
_SIDE = 64
# ...and in their middle half, which the object fills.
_CROP = 0.5


class PatternJudge:
    """Names the pattern in the middle of pictures.

    Args:
      weights: of a `pattern_classifier`, trained from another seed than the features that a result
        was made with.
    """

    def __init__(self, weights: pathlib.Path = JUDGE_WEIGHTS):
        self._network = pattern_classifier()
        self._network.load_weights(weights)

    def names(self, images: np.ndarray) -> list[str]:
        """The pattern in the middle of each picture.

        Args:
          images: [B, H, W, 3 or 4] float in [0, 1].
        Returns:
          B names of `PATTERN_CLASSES`.
        """
        seen = tf.image.resize(images[..., :3], [_SIDE, _SIDE], antialias=True)
        middle = tf.image.central_crop(seen, _CROP)
        logits = self._network(ARCHITECTURES["small"].preprocess(middle), training=False)
        return [PATTERN_CLASSES[label] for label in np.argmax(logits, axis=-1)]
