"""What the metrics of the package share: they average values of items and survive a file."""

import keras


class MeanOverItems(keras.metrics.MeanMetricWrapper):
    """Mean over all items seen of a function that gives one value per item of a batch.

    Sample weights [B] weigh the items, as in all metrics of Keras.

    Args:
      function: of (target, predicted, **arguments), returns [B].
      name: of the metric.
      dtype: of the mean, float32 by default.
      **arguments: of the function; they are the configuration of the metric too.
    """

    def __init__(self, function, *, name, dtype=None, **arguments):
        super().__init__(function, name=name, dtype=dtype, **arguments)
        self._arguments = arguments

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype, **self._arguments}
