"""Weights that change: at every step the loss is the NumPy oracle's for the weights in force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.losses import configs, oracle
from tests.losses.configs import Member
from tests.losses.models import (
    BOXES,
    CLASS_INDICES,
    KEYS,
    SHAPES,
    build,
    center_net_predictions,
    faster_rcnn_predictions,
    losses_and_gradients,
    losses_of,
    one_hot,
    ssd_predictions,
    tf,
)
from tests.losses.test_oracle import assigned, heatmap, proposal_targets
from tfod_weights.errors import UsageError
from tfod_weights.weighting import BatchClassWeights, WeightSchedule, class_weights

WEIGHTS, BACKGROUND, BOX_WEIGHTS = (0.25, 3.0, 1.7), 0.6, (2.0, 0.3, 5.0)
SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
SOFTMAX, L1 = Member("weighted_softmax"), Member("l1_localization_loss")
PENALTY = Member("penalty_reduced_logistic_focal_loss", "alpha: 2.0 beta: 4.0")
ARCHITECTURES = ["ssd", "faster_rcnn", "center_net"]
STEPS = {"before": 9, "at the start": 10, "mid-ramp": 13, "at its end": 14, "after": 1000}
RAMP, AT_ONCE = WeightSchedule(10, 4), WeightSchedule(10)
COUNTS = np.bincount(np.concatenate(CLASS_INDICES), minlength=3)


def close(value):
    return pytest.approx(value, rel=1e-5)


# -- the configs, and what their losses must be -----------------------------------------------


def config(architecture, classification, boxes=""):
    """A config with these fields in its classification and its localization loss."""
    if architecture == "ssd":
        return configs.ssd(replace(SIGMOID, ours=classification), replace(SMOOTH_L1, ours=boxes))
    if architecture == "center_net":
        return configs.center_net(replace(PENALTY, ours=classification), replace(L1, ours=boxes))
    names = ("class_weights:", "class_weights_start", "class_weights_ramp", "batch_class")
    for name in names:
        boxes = boxes.replace(f" {name}", f" second_stage_localization_{name}")
    return configs.faster_rcnn(replace(SOFTMAX, ours=classification), extra=boxes)


def predictions(architecture):
    return {
        "ssd": ssd_predictions,
        "faster_rcnn": faster_rcnn_predictions,
        "center_net": center_net_predictions,
    }[architecture]()


def expected(architecture, weights, background, box_weights):
    """The losses under KEYS, from NumPy, with these weights in force."""
    return EXPECTED[architecture](weights, background, box_weights)


def expected_ssd(weights, background, box_weights):
    y, cls_weights, box_targets, targets_weights, _ = assigned(config("ssd", ""))
    trained = ssd_predictions().trained
    stock = oracle.classification(
        SIGMOID, trained["class_predictions_with_background"], y, cls_weights
    )
    rows = stock.sum(-1) * oracle.anchor_weights(y[..., 1:], weights, background)
    boxes = oracle.localization(SMOOTH_L1, trained["box_encodings"], box_targets, targets_weights)
    boxes = boxes * oracle.anchor_weights(y[..., 1:], box_weights)
    return [rows.sum(), boxes.sum() / 4]


def expected_faster_rcnn(weights, background, box_weights):
    y, cls_weights, box_targets, targets_weights = proposal_targets(config("faster_rcnn", ""), None)
    trained, counts = faster_rcnn_predictions().trained, np.array([5, 6])
    shares = np.array([[i < n for i in range(6)] for n in counts]) / (counts[:, None] * 2.0)
    logits = trained["class_predictions_with_background"].reshape(2, 6, 4)
    rows = oracle.classification(SOFTMAX, logits, y, cls_weights)
    rows = rows * oracle.anchor_weights(y[..., 1:], weights, background)
    chosen = np.maximum(y.argmax(-1) - 1, 0)[..., None, None]
    encodings = trained["refined_box_encodings"].reshape(2, 6, 3, 4)
    encodings = np.take_along_axis(encodings, chosen, axis=2)[:, :, 0]
    targets_weights = targets_weights * (y[..., 0] == 0)
    boxes = oracle.localization(SMOOTH_L1, encodings, box_targets, targets_weights)
    boxes = boxes * oracle.anchor_weights(y[..., 1:], box_weights)
    return [3.0 * (rows * shares).sum(), 2.0 * (boxes * shares).sum()]


def expected_center_net(weights, background, box_weights):
    y = heatmap(config("center_net", ""), None)
    factors = np.where(y == 1, np.array(weights), background)
    trained = center_net_predictions().trained
    heads = [oracle.penalty_reduced(h.reshape(2, -1, 3), y) for h in trained["object_center"]]
    corners = np.concatenate([np.array(image) for image in BOXES]) * 16
    centers = (corners[:, :2] + corners[:, 2:]) / 2
    rows, columns = centers.astype(int).T
    of_objects = np.array(box_weights)[np.concatenate(CLASS_INDICES)][:, None]
    truth = {"box/scale": corners[:, 2:] - corners[:, :2], "box/offset": centers % 1}
    boxes = [
        sum((np.abs(h[[0, 0, 1, 1, 1], rows, columns] - t) * of_objects).sum() for h in trained[n])
        for n, t in truth.items()
    ]
    losses = [sum((head * factors).sum() for head in heads), 0.1 * boxes[0], boxes[1]]
    return [loss / (2 * 5) for loss in losses]  # heads, objects


EXPECTED = {
    "ssd": expected_ssd,
    "faster_rcnn": expected_faster_rcnn,
    "center_net": expected_center_net,
}


def at(schedule, step, *weights):
    """w_t = 1 + (w − 1)·p of each."""
    p = schedule.progress(step)
    return [1 + (np.array(w) - 1) * p for w in weights]


def trained_at(model, step):
    """Tell a model the step, as TFOD's train loop does."""
    model._training_step = step
    return model


def actual(model, architecture):
    return list(losses_of(model, predictions(architecture), KEYS[architecture]).values())


# -- from a step on ---------------------------------------------------------------------------


def scheduled(schedule, weights, more=""):
    fields = f" class_weights: {list(weights)} class_weights_start_step: {schedule.start_step}"
    ramp = f" class_weights_ramp_steps: {schedule.ramp_steps}" if schedule.ramp_steps else ""
    return f"{fields}{ramp} {more}"


def scheduled_config(architecture, schedule):
    classification = scheduled(schedule, WEIGHTS, f"background_weight: {BACKGROUND}")
    return config(architecture, classification, scheduled(schedule, BOX_WEIGHTS))


@pytest.mark.parametrize("schedule", [RAMP, AT_ONCE], ids=["ramp", "at once"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_from_a_step_on(architecture, schedule):
    model = build(scheduled_config(architecture, schedule))
    for step in STEPS.values():
        in_force = at(schedule, step, WEIGHTS, BACKGROUND, BOX_WEIGHTS)
        found = actual(trained_at(model, tf.constant(step, tf.int64)), architecture)
        assert found == close(expected(architecture, *in_force)), step


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_one_trace_serves_every_step(architecture):
    model = build(scheduled_config(architecture, RAMP))
    step, traces = tf.Variable(0, dtype=tf.int64), []
    tensors = predictions(architecture)
    tensors = tf.nest.map_structure(tf.constant, tensors.fixed | tensors.trained)

    @tf.function
    def losses():
        traces.append(1)
        found = trained_at(model, step).loss(tensors, tf.constant(SHAPES))
        return [found[key] for key in KEYS[architecture]]

    for number in STEPS.values():
        step.assign(number)
        in_force = at(RAMP, number, WEIGHTS, BACKGROUND, BOX_WEIGHTS)
        assert [loss.numpy() for loss in losses()] == close(expected(architecture, *in_force))
    assert len(traces) == 1
    nodes = losses.get_concrete_function().graph.as_graph_def().node
    assert not [node.name for node in nodes if "PyFunc" in node.op]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_before_the_start_all_is_stock_bit_for_bit(architecture):
    results = [
        losses_and_gradients(
            trained_at(build(text), tf.Variable(9, dtype=tf.int64)),
            predictions(architecture),
            KEYS[architecture],
        )
        for text in (config(architecture, ""), scheduled_config(architecture, RAMP))
    ]
    (stock, stock_gradients), (losses, gradients) = results
    assert {k: v.tobytes() for k, v in losses.items()} == {k: v.tobytes() for k, v in stock.items()}
    assert [g.tobytes() for g in gradients] == [g.tobytes() for g in stock_gradients]


@pytest.mark.parametrize("step", [14, 10**12])
def test_after_the_ramp_all_is_as_without_one_bit_for_bit(step):
    static = f" class_weights: {list(WEIGHTS)} background_weight: {BACKGROUND}"
    constant = actual(build(config("ssd", static, f" class_weights: {list(BOX_WEIGHTS)}")), "ssd")
    model = trained_at(build(scheduled_config("ssd", RAMP)), tf.constant(step, tf.int64))
    assert actual(model, "ssd") == constant


def test_a_background_weight_alone_begins_too():
    model = build(config("ssd", "background_weight: 4 class_weights_start_step: 10"))
    for step, background in ((9, 1.0), (10, 4.0)):
        found = actual(trained_at(model, tf.constant(step, tf.int64)), "ssd")
        assert found == close(expected("ssd", (1, 1, 1), background, (1, 1, 1)))


# -- where the step comes from ----------------------------------------------------------------


@pytest.mark.parametrize("step", [None, 0, 20, np.int64(20)], ids=repr)
def test_without_a_step_that_changes_training_stops(step):
    model = trained_at(build(scheduled_config("ssd", RAMP)), step)
    with pytest.raises(UsageError, match=r"begin at class_weights_start_step, but the model") as e:
        actual(model, "ssd")
    assert "model.provide_groundtruth(..., training_step=step)" in e.value.help


def test_without_a_step_tracing_stops_with_the_same_words():
    """AutoGraph puts the places in front, and the error into one of its own."""
    model, tensors = build(scheduled_config("ssd", RAMP)), ssd_predictions()
    tensors = tf.nest.map_structure(tf.constant, tensors.fixed | tensors.trained)
    with pytest.raises(Exception, match=r"was not told the training step\n *help:"):
        tf.function(lambda: model.loss(tensors, tf.constant(SHAPES)))()


def test_the_step_is_given_with_the_groundtruth():
    model = build(scheduled_config("ssd", RAMP), training_step=tf.Variable(13, dtype=tf.int32))
    in_force = at(RAMP, 13, WEIGHTS, BACKGROUND, BOX_WEIGHTS)
    assert actual(model, "ssd") == close(expected("ssd", *in_force))


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_an_evaluation_that_knows_no_step_has_the_final_weights(architecture):
    model = build(scheduled_config(architecture, RAMP))
    model._is_training = False
    assert actual(model, architecture)[0] == close(
        expected(architecture, WEIGHTS, BACKGROUND, BOX_WEIGHTS)[0]
    )


def test_weights_that_are_always_the_same_need_no_step():
    model = trained_at(build(config("ssd", f" class_weights: {list(WEIGHTS)}")), None)
    assert actual(model, "ssd") == close(expected("ssd", WEIGHTS, 1.0, (1, 1, 1)))


# -- of each batch ----------------------------------------------------------------------------


def of_batch(recipe, counts=COUNTS):
    """The weights by the Python functions."""
    return class_weights(counts, scheme=recipe.scheme, normalize=recipe.normalize).values


BOTH = {
    BatchClassWeights(): "batch_class_weights { }",
    BatchClassWeights("inverse", "min"): "batch_class_weights { scheme: INVERSE normalize: MIN }",
}


@pytest.mark.parametrize("recipe", BOTH, ids=lambda recipe: recipe.scheme)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_of_each_batch(architecture, recipe):
    fields = f" {BOTH[recipe]} "
    model = build(config(architecture, f"{fields} background_weight: {BACKGROUND}", fields))
    weights = of_batch(recipe)
    assert len(set(weights)) == 2
    assert actual(model, architecture) == close(
        expected(architecture, weights, BACKGROUND, weights)
    )


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_of_each_batch_in_a_graph(architecture):
    text = config(architecture, " batch_class_weights { }", " batch_class_weights { }")
    results = [
        losses_and_gradients(
            build(text), predictions(architecture), KEYS[architecture], in_graph=in_graph
        )[0]
        for in_graph in (False, True)
    ]
    assert results[0] == pytest.approx(results[1], rel=1e-5)


def test_of_each_batch_from_a_step_on():
    fields = " batch_class_weights { } class_weights_start_step: 10 class_weights_ramp_steps: 4"
    model = build(config("ssd", f"{fields} background_weight: {BACKGROUND}", fields))
    weights = of_batch(BatchClassWeights())
    for step in STEPS.values():
        found = actual(trained_at(model, tf.constant(step, tf.int64)), "ssd")
        assert found == close(expected("ssd", *at(RAMP, step, weights, BACKGROUND, weights))), step


def test_padding_is_no_object():
    """Without unpad_groundtruth_tensors, TFOD gives images rows of zeros."""
    rows = [np.concatenate([np.eye(3)[list(i)], np.zeros([4, 3])]) for i in CLASS_INDICES]
    text = config("center_net", " batch_class_weights { }")
    model = build(text)
    boxes = [np.concatenate([np.array(b), np.zeros([4, 4])]).astype(np.float32) for b in BOXES]
    model.provide_groundtruth(
        groundtruth_boxes_list=[tf.constant(b) for b in boxes],
        groundtruth_classes_list=[tf.constant(r, tf.float32) for r in rows],
        groundtruth_weights_list=[tf.constant([1.0] * len(i) + [0.0] * 4) for i in CLASS_INDICES],
    )
    weights = of_batch(BatchClassWeights())
    found = model._center_params.classification_loss.weighting.in_force.class_weights()
    assert found.numpy() == pytest.approx(weights, rel=1e-6)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_batch_without_objects_of_any_class(architecture):
    """Every row is of no class: nothing may become NaN, and the background keeps its weight."""
    nothing = [np.zeros([len(i), 3], np.float32) for i in CLASS_INDICES]
    fields = " batch_class_weights { scheme: INVERSE }"
    texts = [config(architecture, ""), config(architecture, fields, fields)]
    stock, weighed = (
        losses_and_gradients(
            build(text, targets=nothing), predictions(architecture), KEYS[architecture]
        )
        for text in texts
    )
    assert all(np.isfinite(g).all() for g in weighed[1])
    assert weighed[0] == pytest.approx(stock[0], rel=1e-6)


@pytest.mark.parametrize("mode", ["POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_modes(mode):
    """As the static weights that the batch amounts to; an absent class's column weighs 1."""
    targets = [np.eye(3, dtype=np.float32)[[0, 2]], np.eye(3, dtype=np.float32)[[2, 2, 0]]]
    weights = of_batch(BatchClassWeights(), [2, 0, 3])
    assert weights[1] == 1.0
    more = f" class_weight_mode: {mode} background_weight: {BACKGROUND}"
    static, batch = (
        losses_of(build(config("ssd", w + more), targets=targets), ssd_predictions(), KEYS["ssd"])
        for w in (f" class_weights: {list(weights)}", " batch_class_weights { }")
    )
    assert batch == close(static)


def test_groundtruth_of_unknown_shape():
    """What slicing off the padding leaves of a shape in a graph."""
    text = config("ssd", " batch_class_weights { } class_weight_mode: CLASS_COLUMN")
    model = build(text)
    rows = tf.TensorSpec([None, None], tf.float32)

    @tf.function(input_signature=[rows, rows])
    def loss(*targets):
        in_force = model._classification_loss.weighting.in_force
        with model._matched_objects.during_loss():
            model._matched_objects.record(targets, tf.zeros([2, 1], tf.int32))
            return in_force.class_weights()

    found = loss(*one_hot())
    assert found.shape == [3]
    assert found.numpy() == pytest.approx(of_batch(BatchClassWeights()), rel=1e-6)
    assert loss.get_concrete_function().structured_outputs.shape == [3]


def test_dice():
    dice = Member("weighted_dice_classification_loss")
    static, batch = (
        losses_of(
            build(configs.ssd(replace(dice, ours=ours), SMOOTH_L1)), ssd_predictions(), KEYS["ssd"]
        )
        for ours in (
            f"class_weights: {list(of_batch(BatchClassWeights()))}",
            BOTH[BatchClassWeights()],
        )
    )
    assert batch == close(static)


@pytest.fixture
def bfloat16():
    tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")
    yield
    tf.keras.mixed_precision.set_global_policy("float32")


def test_bfloat16(bfloat16):
    """TFOD casts the predictions up; the weights are float32 whatever the policy is."""
    fields = " batch_class_weights { } class_weights_start_step: 10 class_weights_ramp_steps: 4"
    model = trained_at(build(config("ssd", fields, fields)), tf.constant(13, tf.int64))
    (weights,) = at(RAMP, 13, of_batch(BatchClassWeights()))
    assert actual(model, "ssd") == close(expected("ssd", weights, 1.0, weights))
