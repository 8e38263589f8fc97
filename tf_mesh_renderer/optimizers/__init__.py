"""Optimizers that Keras lacks.

A variable may carry a factor of its own for the learning rate, as in Chainer: `variable.lr = 0.1`
makes its steps a tenth as long, `variable.lr = 0` keeps it as it is. `Adam` of this part heeds it;
Keras' optimizers do not. It has to be set before the first step, since a traced function keeps the
value that it saw. It is no part of checkpoints: models set it where they make the variable.
"""

from tf_mesh_renderer.optimizers.adam import Adam

__all__ = ["Adam"]
