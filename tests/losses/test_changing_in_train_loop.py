"""Deferred weights in model_lib_v2's own loops: by its step, across a restart, in evaluation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import tf
from tfod_weights.demo.dataset import CLASSES, write_demo
from tfod_weights.weighting import WeightSchedule

WEIGHTS = (0.5, 2.0, 6.0)
SCHEDULE = WeightSchedule(start_step=3, ramp_steps=4)


def deferred_demo(folder):
    """The demonstration data for a CenterNet of one convolution, which is traced in no time."""
    path = write_demo(folder)
    fields = f"class_weights: {list(WEIGHTS)} class_weights_start_step: 3"
    fields += " class_weights_ramp_steps: 4"
    losses = Member("penalty_reduced_logistic_focal_loss"), Member("l1_localization_loss")
    model = configs.center_net(*(replace(loss, ours=fields) for loss in losses))
    training = path.read_text().partition("train_config")[2]
    text = f"{model}train_config{training}".replace("batch_size: 8", "batch_size: 2")
    text = text.replace("eval_config {", "eval_config { num_visualizations: 0")
    path.write_text(text)
    return str(path)


def scalars(folder):
    """(tag, step) -> value, of everything that was written."""
    return {
        (value.tag, event.step): tf.make_ndarray(value.tensor).item()
        for path in sorted(folder.glob("**/events.out*"))
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
        if value.metadata.plugin_data.plugin_name == "scalars"
    }


def weights_in_force(found, kind, step):
    """class_index -> weighted by unweighted loss, of the classes that the batch has."""
    ratios = {}
    for index, name in enumerate(CLASSES):
        unweighted = found[f"ClassLoss/{kind}_unweighted/{name}", step]
        if unweighted:
            ratios[index] = found[f"ClassLoss/{kind}/{name}", step] / unweighted
    return ratios


def train(config, model_dir, steps):
    from object_detection import model_lib_v2

    model_lib_v2.train_loop(
        config,
        str(model_dir),
        train_steps=steps,
        num_steps_per_iteration=1,
        checkpoint_every_n=5,
        record_summaries=False,
    )


def expected(step, index):
    return 1 + (WEIGHTS[index] - 1) * SCHEDULE.progress(step)


def test_by_step_across_a_restart_and_in_evaluation(tmp_path):
    from object_detection import model_lib_v2

    config, model_dir = deferred_demo(tmp_path / "demo"), tmp_path / "model"
    train(config, model_dir, steps=5)
    model_lib_v2.eval_continuously(
        config, model_dir=str(model_dir), checkpoint_dir=str(model_dir), wait_interval=0, timeout=1
    )
    train(config, model_dir, steps=11)
    found = scalars(model_dir / "train")
    for step in range(11):
        for kind in ("classification", "localization"):
            ratios = weights_in_force(found, kind, step + 1)  # written after step 0 as 1
            assert ratios
            for index, ratio in ratios.items():
                assert ratio == pytest.approx(expected(step, index), rel=1e-4), (step, kind)
    evaluated = weights_in_force(scalars(model_dir / "eval"), "localization", 5)
    assert len(evaluated) == len(CLASSES)
    for index, ratio in evaluated.items():
        assert ratio == pytest.approx(expected(5, index), rel=1e-4)
