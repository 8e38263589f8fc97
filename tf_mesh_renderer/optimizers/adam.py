"""Adam as Chainer's neural_renderer has it: elements without gradient are left alone."""

import keras
import tensorflow as tf

# Attribute of a variable that multiplies the step of that variable (Chainer: `param.lr`).
_MULTIPLIER = "lr"


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class Adam(keras.optimizers.Optimizer):
    """Adam that skips elements whose gradient is exactly zero.

    With g the gradient and t the number of steps, where g != 0:
        m <- m + (1 - beta1) (g - m)
        v <- v + (1 - beta2) (g^2 - v)
        p <- p - lr alpha sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + eps)
    Elsewhere m, v and p keep their values, while t advances. Texels of faces that no camera sees in
    this step therefore do not drift on old momentum. The factor lr is 1, or the attribute `lr` of
    the variable: see `tf_mesh_renderer.optimizers`.

    Args:
      alpha: step size, or a `keras.optimizers.schedules.LearningRateSchedule`.
      beta1: decay of the first moment.
      beta2: decay of the second moment.
      eps: added to the root of the second moment, outside the bias correction.
      name: name of the optimizer.
      **kwargs: passed to `keras.optimizers.Optimizer` (gradient clipping, weight decay, ...).
    Source:
      Kingma and Ba, "Adam", ICLR 2015, in the form of Chainer and of Kato's neural_renderer.
    """

    def __init__(self, alpha=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, *, name="adam", **kwargs):
        super().__init__(learning_rate=alpha, name=name, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._first, self._second = self.add_optimizer_variables(variables, ["first", "second"])

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        multiplier = getattr(self._trainable_variables[index], _MULTIPLIER, 1.0)
        if multiplier == 0:
            return
        gradient = tf.cast(tf.convert_to_tensor(gradient), variable.dtype)
        moved = tf.not_equal(gradient, 0)
        first, second = self._first[index], self._second[index]
        old_first, old_second = tf.convert_to_tensor(first), tf.convert_to_tensor(second)
        new_first = old_first + (1 - self.beta1) * (gradient - old_first)
        new_second = old_second + (1 - self.beta2) * (tf.square(gradient) - old_second)
        step = self._step_size(learning_rate, variable.dtype) * multiplier
        move = step * new_first / (tf.sqrt(new_second) + self.eps)
        self.assign(first, tf.where(moved, new_first, old_first))
        self.assign(second, tf.where(moved, new_second, old_second))
        self.assign_sub(variable, tf.where(moved, move, tf.zeros_like(move)))

    def _step_size(self, learning_rate, dtype):
        """The bias-corrected step alpha sqrt(1 - beta2^t) / (1 - beta1^t)."""
        steps = tf.cast(self.iterations + 1, dtype)
        correction = tf.sqrt(1 - tf.pow(tf.cast(self.beta2, dtype), steps))
        correction /= 1 - tf.pow(tf.cast(self.beta1, dtype), steps)
        return tf.cast(learning_rate, dtype) * correction

    def get_config(self):
        config = super().get_config()
        config["alpha"] = config.pop("learning_rate")
        return {**config, "beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes the optimizer that a configuration describes.

        Args:
          config: a dict as `get_config` returns; `alpha` may be a serialized schedule.
          custom_objects: classes by name that the schedule may need, or None.
        Returns:
          The optimizer, without its moments.
        Raises:
          TypeError: an unknown key.
        """
        config = dict(config)
        if isinstance(config["alpha"], dict):
            config["alpha"] = keras.saving.deserialize_keras_object(
                config["alpha"], custom_objects=custom_objects
            )
        return cls(**config)
