"""Training from views: one step by hand, precision, XLA, saving, and what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.model_cases import (
    SIDE,
    images,
    make_dibr,
    make_n3mr,
    make_trainer,
    view_pairs,
)
from tf_mesh_renderer.models.reconstruction import (
    LossWeights,
    MultiViewTrainer,
    N3mrReconstruction,
    paper_rendering,
)


@pytest.fixture
def mixed_float16():
    before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    yield
    keras.mixed_precision.set_dtype_policy(before)


def batches(count=3, size=4):
    """The same few batches in the same order."""
    drawn = [view_pairs(size, seed) for seed in range(count)]
    stacked = {name: np.stack([batch[name] for batch in drawn]) for name in drawn[0]}
    return tf.data.Dataset.from_tensor_slices(stacked)


def compiled(trainer, optimizer=None, **options):
    trainer.compile(keras.optimizers.Adam(1e-3) if optimizer is None else optimizer, **options)
    return trainer


def fit(trainer, steps=3):
    return trainer.fit(batches(steps), verbose=0, shuffle=False).history


def test_one_step_by_hand():
    keras.utils.set_random_seed(0)
    trainer = compiled(make_trainer(), keras.optimizers.SGD(0.1))
    network, data = trainer.network, view_pairs(4)
    with tf.GradientTape() as tape:
        predicted = network(data["images"].reshape(8, SIDE, SIDE, 4), training=True)
        pairs = {name: tf.reshape(v, [4, 2, *v.shape[1:]]) for name, v in predicted.items()}
        drawn = trainer.draw(pairs, data["viewpoints"], image_size=(SIDE, SIDE))
        masks = data["images"][:, np.newaxis, ..., 3]
        common = masks * drawn[..., 3]
        whole = masks + drawn[..., 3] - common
        iou = tf.reduce_sum(common, [-2, -1]) / tf.reduce_sum(whole, [-2, -1])
        difference = tf.abs(data["images"][:, np.newaxis] - drawn)[..., :3]
        color = tf.reduce_mean(tf.reduce_sum(difference, -1))
        loss = 1 - tf.reduce_mean(iou) + 0.5 * color
    trainer.weights_of_losses = LossWeights(color=0.5)
    gradient = tape.gradient(loss, network.displacement_head.kernel)
    before = network.displacement_head.kernel.numpy()
    parts = {name: value.numpy() for name, value in trainer.losses_of(data, training=True).items()}
    np.testing.assert_allclose(parts["silhouette"], 1 - np.mean(iou), rtol=1e-5)
    np.testing.assert_allclose(parts["color"], color, rtol=1e-5)
    trainer._trackers = {name: trainer._trackers[name] for name in ("loss", *parts)}
    metrics = trainer.train_step(data)
    np.testing.assert_allclose(metrics["loss"], loss, rtol=1e-5)
    moved = network.displacement_head.kernel.numpy() - before
    np.testing.assert_allclose(moved, -0.1 * gradient, rtol=1e-3, atol=1e-7)


def test_metrics_are_the_weighted_parts():
    history = fit(compiled(make_trainer()))
    assert set(history) == {"loss", "silhouette", "color", "laplacian", "flatten", "iou"}
    last = {name: values[-1] for name, values in history.items()}
    total = last["silhouette"] + 0.5 * last["color"] + 0.01 * last["laplacian"]
    np.testing.assert_allclose(last["loss"], total + 0.001 * last["flatten"], rtol=1e-5)
    assert 0 < last["iou"] < 1


def test_evaluation_changes_nothing():
    trainer = compiled(make_trainer())
    before = [variable.numpy() for variable in trainer.network.variables]
    first, second = (trainer.evaluate(batches(), verbose=0, return_dict=True) for _ in range(2))
    assert first == second
    for variable, value in zip(trainer.network.variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)


def test_the_reach_of_softras_shrinks_at_its_step():
    """`make_trainer` has boundaries = (2,)."""
    trainer = compiled(make_trainer(), keras.optimizers.SGD(0.0))
    data = view_pairs(4)
    losses = []
    for _ in range(4):
        losses.append(float(trainer.train_step(data)["silhouette"]))
        trainer.reset_metrics()
    assert losses[0] == losses[1] != losses[2] == losses[3]


@pytest.mark.parametrize(
    "gradient",
    ["dibr", *(pytest.param(name, marks=pytest.mark.slow) for name in ("n3mr", "softras"))],
)
def test_xla_computes_the_same(gradient):
    histories = []
    for jit_compile in (False, True):
        keras.utils.set_random_seed(0)
        rendering = paper_rendering(gradient, image_size=(SIDE, SIDE))
        trainer = compiled(make_trainer(rendering=rendering), jit_compile=jit_compile)
        histories.append(fit(trainer, 2))
    for name, values in histories[0].items():
        np.testing.assert_allclose(histories[1][name], values, rtol=2e-3)


@pytest.mark.usefixtures("mixed_float16")
def test_mixed_precision_scales_the_loss_and_trains():
    trainer = compiled(make_trainer(), keras.optimizers.Adam(1e-3))
    assert isinstance(trainer.optimizer, keras.optimizers.LossScaleOptimizer)
    assert trainer.network.encoder.compute_dtype == "float16"
    data = view_pairs(4)
    repeated = tf.data.Dataset.from_tensors(data).repeat(12)
    losses = [trainer.fit(repeated, verbose=0, shuffle=False).history["loss"][0] for _ in range(2)]
    assert np.all(np.isfinite(losses))
    assert losses[1] < losses[0]
    assert int(trainer.optimizer.iterations) > 12


def test_a_keras_file_goes_on_where_it_was(tmp_path):
    rendering = paper_rendering("dibr", image_size=(SIDE, SIDE))
    trainer = compiled(make_trainer(rendering=rendering))
    fit(trainer)
    trainer.save(tmp_path / "trainer.keras")
    restored = keras.saving.load_model(tmp_path / "trainer.keras")
    assert int(restored.optimizer.iterations) == 3
    assert fit(restored) == fit(trainer)


def test_predict_returns_what_the_network_does():
    trainer = compiled(make_trainer())
    predicted = trainer.predict(images(5), batch_size=2, verbose=0)
    for name, value in trainer.network(images(5)).items():
        np.testing.assert_allclose(predicted[name], value, rtol=1e-5, atol=1e-6)


def test_size_of_batch_and_number_of_views_are_free():
    trainer = compiled(make_trainer())
    many, few = view_pairs(3), view_pairs(1)
    few = {"images": few["images"][:, :1], "viewpoints": few["viewpoints"][:, :1]}
    signature = {
        "images": tf.TensorSpec([None, None, SIDE, SIDE, 4]),
        "viewpoints": tf.TensorSpec([None, None], tf.int32),
    }
    step = tf.function(trainer.test_step, input_signature=[signature], autograph=False)
    for data in (many, few):
        trainer.reset_metrics()
        traced = step(tf.nest.map_structure(tf.constant, data))
        trainer.reset_metrics()
        for name, value in trainer.test_step(data).items():
            np.testing.assert_allclose(traced[name], value, rtol=1e-4)


def test_networks_without_variables_or_colours_are_refused():
    with pytest.raises(
        ValueError, match=r"argument `network`: expected .*Hint: call network.build"
    ):
        MultiViewTrainer(N3mrReconstruction(size="small"))
    with pytest.raises(ValueError, match=r"argument `weights`: expected color=0.*Hint"):
        MultiViewTrainer(make_dibr(predicts_colors=False), weights=LossWeights(color=1.0))


def test_a_network_with_colours_may_learn_its_shape_alone():
    trainer = compiled(MultiViewTrainer(make_n3mr()))
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        history = fit(trainer)
    assert set(history) == {"loss", "silhouette", "iou"}
