"""Strategies: two processes, or two devices, train as one does that takes the whole batch."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.conftest import Training, read_losses
from tests.training.training_process import BATCH, EPOCHS, STEPS, make_trainer, train
from tf_mesh_renderer.training import distribution, fit
from tf_mesh_renderer.training.tf_config import write_tf_config

# SoftRas' network has batch normalization, whose moments must be those of the whole batch.
NETWORK = "softras"
# Of the values of a step. Gradients are summed in another order than in one process, and Adam
# enlarges what differs: the step of a weight whose gradient is nearly zero may have either sign.
# Over these 12 steps values differ by up to 2e-5 of themselves.
TOLERANCE = 2e-4


@pytest.fixture(scope="module")
def trainings(ellipse_data, tmp_path_factory):
    """The folders by strategy; two trainings run beside the one of this process."""
    folder = tmp_path_factory.mktemp("trainings")
    started = {
        name: Training(ellipse_data, folder / name, name, f"--network={NETWORK}")
        for name in ("mirrored", "multiworker")
    }
    alone = distribution.make_strategy("none")
    train(alone, ellipse_data, folder / "none", network=NETWORK)
    for training in started.values():
        training.wait()
    return {name: folder / name for name in ("none", *started)}


@pytest.mark.parametrize("strategy", ["mirrored", "multiworker"])
def test_the_losses_are_those_of_one_process(trainings, strategy):
    alone, together = (read_losses(trainings[name]) for name in ("none", strategy))
    assert [row["step"] for row in together] == list(range(EPOCHS * STEPS))
    for row, other in zip(alone, together, strict=True):
        assert row.keys() == other.keys()
        np.testing.assert_allclose(list(other.values()), list(row.values()), rtol=TOLERANCE)


@pytest.mark.parametrize("strategy", ["mirrored", "multiworker"])
def test_batch_normalization_has_seen_the_batches_of_one_process(trainings, strategy):
    """Its moving averages, which only measuring uses, are no part of any loss."""
    alone, together = (moving_averages(trainings[name]) for name in ("none", strategy))
    assert len(alone) == len(together) == 2
    for (mean, variance), (other_mean, other_variance) in zip(alone, together, strict=True):
        assert np.ptp(variance) > 0.01
        np.testing.assert_allclose(other_variance, variance, rtol=TOLERANCE)
        # The bias of the convolution before has no gradient but rounding errors. Adam makes steps
        # of them, which move the mean, and nothing else.
        np.testing.assert_allclose(other_mean / variance**0.5, mean / variance**0.5, atol=1e-3)


def moving_averages(folder):
    """Pairs of the moving means and variances of the last checkpoint: all that is not trained."""
    reader = tf.train.load_checkpoint(str(folder / "checkpoints"))
    names = sorted(name for name in reader.get_variable_to_shape_map() if "not_trained/" in name)
    found = [reader.get_tensor(name) for name in names]
    return list(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize(
    ("strategy", "share"), [("none", 1), ("mirrored", 1), ("multiworker", 0.5)]
)
def test_processes_get_the_same_mean(trainings, strategy, share):
    text = (trainings[strategy] / "share_of_chiefs.txt").read_text(encoding="utf-8")
    assert float(text) == share, "one process is the chief"


def test_the_steps_moved_the_vertices(trainings):
    first, *_, last = read_losses(trainings["none"])
    assert last["flatten"] > 1.5 * first["flatten"], "the sphere of the start is the flattest"


@pytest.mark.slow
def test_a_killed_process_goes_on_from_the_checkpoint(ellipse_data, tmp_path):
    kill_step = STEPS * 2 + 1  # in the middle of the third epoch
    network = f"--network={NETWORK}"
    whole = Training(ellipse_data, tmp_path / "whole", "multiworker", network).losses()
    options = (network, f"--kill_step={kill_step}")
    killed = Training(ellipse_data, tmp_path / "killed", "multiworker", *options)
    rows = killed.losses()
    assert (killed.output / "was_killed").exists()
    # The epoch that was cut off is done again.
    steps = [row["step"] for row in rows]
    assert steps == [*range(kill_step), *range(STEPS * 2, EPOCHS * STEPS)]
    assert {row["step"]: row for row in rows} == {row["step"]: row for row in whole}
    assert all(row == whole[row["step"]] for row in rows), "the same bits, those lost too"


@pytest.mark.slow
def test_processes_agree_to_leave_out_a_step_that_overflows_in_one(ellipse_data, tmp_path):
    step = STEPS + 1
    flags = ("--precision=mixed_float16", f"--poison_step={step}")
    started = [
        Training(ellipse_data, tmp_path / name, name, *flags)
        for name in ("none", "mirrored", "multiworker")
    ]
    alone, *others = [[row["loss"] for row in training.losses()] for training in started]
    # The log has means since the start of the epoch.
    is_lost = [step <= number < 2 * STEPS for number in range(EPOCHS * STEPS)]
    for losses in (alone, *others):
        np.testing.assert_array_equal(np.isnan(losses), is_lost)
    for losses in others:
        # Half precision rounds gradients of shares differently from those of the batch.
        np.testing.assert_allclose(losses, alone, rtol=0.01)


def test_names_are_checked():
    with pytest.raises(ValueError, match="one of 'none', 'mirrored', 'multiworker'"):
        distribution.make_strategy("horovod")


def test_a_cluster_must_be_described(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(ValueError, match="make_strategy: argument `TF_CONFIG`"):
        distribution.make_strategy("multiworker")


def test_a_cluster_comes_first(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", write_tf_config(("localhost:1", "localhost:2"), 0))
    tf.zeros([])
    with pytest.raises(RuntimeError, match="before anything else of TensorFlow"):
        distribution.make_strategy("multiworker")


@pytest.mark.parametrize("name", ["none", "mirrored"])
def test_one_process_is_its_own_chief(name):
    strategy = distribution.make_strategy(name)
    assert distribution.is_chief(strategy)
    assert not distribution.spans_processes(strategy)
    assert strategy.num_replicas_in_sync == 1


def test_one_device_takes_whole_batches():
    asked = []

    def make_dataset(num_shards, shard):
        asked.append((num_shards, shard))
        return tf.data.Dataset.range(8).batch(BATCH)

    strategy = distribution.make_strategy("none")
    batches = distribution.distribute_batches(strategy, make_dataset, batch_size=BATCH)
    assert asked == [(1, 0)]
    assert [batch.numpy().tolist() for batch in batches] == [[0, 1, 2, 3], [4, 5, 6, 7]]


class ThreeReplicas:
    """As much of a strategy as is asked before any work is done."""

    num_replicas_in_sync = 3


def test_batches_must_be_even():
    with pytest.raises(ValueError, match=r"`batch_size`: expected a multiple .* is 3, received 4"):
        distribution.distribute_batches(ThreeReplicas(), None, batch_size=4)


def test_epochs_must_have_steps():
    with pytest.raises(ValueError, match="fit: argument `steps_per_epoch`: expected a number >= 1"):
        fit(make_trainer(), [], epochs=1, steps_per_epoch=0)


def test_fit_goes_on_at_the_epoch_that_is_next():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    batches = tf.data.Dataset.from_tensors((tf.ones([2, 3]), tf.ones([2, 1]))).repeat()
    seen = []
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    history = fit(
        model, batches, epochs=5, steps_per_epoch=2, initial_epoch=3, callbacks=[callback]
    )
    assert seen == history.epoch == [3, 4]
    assert int(model.optimizer.iterations) == 4
