"""Two replicas on two halves of a batch, for a process of its own: they are set at its start."""

import sys

import numpy as np
import tensorflow as tf

from tests.models.test_adversarial_trainer import batch, make_trainer
from tf_mesh_renderer import losses, models
from tf_mesh_renderer.training import distribute_batches, fit


def weights_after_training(strategy, images, penalty_at):
    """Of network and critic, after three steps."""
    objective = losses.AdversarialObjective(penalty_at=penalty_at)
    with strategy.scope():
        features = models.FeatureNetwork("small")
        trainer = make_trainer(feature_network=features, objective=objective)
    share = tf.data.Dataset.from_tensors({"images": images}).repeat()
    data = distribute_batches(strategy, lambda shards, shard: share, batch_size=len(images))
    fit(trainer, data, epochs=1, steps_per_epoch=3)
    return [*trainer.network.get_weights(), *trainer.critic.get_weights()]


def main():
    """Exits with 0 if two replicas learn what one does, with the slope of the critic at argv[1]."""
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    images = batch(4)["images"]
    one = weights_after_training(tf.distribute.get_strategy(), images, sys.argv[1])
    mirrored = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    two = weights_after_training(mirrored, images, sys.argv[1])
    start = [variable.numpy() for variable in make_trainer().critic.trainable_variables]
    moved = max(np.abs(a - b).max() for a, b in zip(start, one[2:], strict=True))
    different = max(np.abs(a - b).max() for a, b in zip(one, two, strict=True))
    sys.stdout.write(f"moved {moved}, different {different}\n")
    return int(not different < 1e-3 * moved)


if __name__ == "__main__":
    sys.exit(main())
