"""`tfod-weights train`: which flags TFOD's own program gets; and when its evaluation ends."""

from __future__ import annotations

import types

import pytest

from tests.runtime import fake_tfod
from tests.runtime.processes import Ended, tfod_weights
from tfod_weights.runtime import evaluation
from tfod_weights.runtime.checkpoints import checkpoint_interval

_MODEL_MAIN = "import sys\nprint(sys.argv[1:])\n"


@pytest.fixture
def folder(tmp_path):
    """A TFOD whose main program shows its flags, and configs."""
    fake_tfod.write_tfod(tmp_path)
    (tmp_path / "object_detection" / "model_main_tf2.py").write_text(_MODEL_MAIN)
    (tmp_path / "pipeline.config").touch()
    (tmp_path / "700_steps.config").write_text("train_config { num_steps: 700 }")
    (tmp_path / "weights.config").write_text(
        "model { ssd { num_classes: 2\n"
        "loss { classification_loss { weighted_sigmoid_focal { class_weights: 3 } } } } }\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    "arguments, further",
    [
        ("pipeline.config --model-dir new", []),
        ("--model-dir new pipeline.config", []),
        ("pipeline.config --model_dir=new", []),
        (
            "pipeline.config --num_train_steps=3 --model-dir new --alsologtostderr",
            ["--checkpoint_every_n=100", "--num_train_steps=3", "--alsologtostderr"],
        ),
        (
            "pipeline.config --model-dir new --num_train_steps 1500",
            ["--checkpoint_every_n=500", "--num_train_steps", "1500"],
        ),
        (
            "pipeline.config --model-dir new --num_train_steps 1500 --checkpoint_every_n 1000",
            ["--num_train_steps", "1500", "--checkpoint_every_n", "1000"],
        ),
        ("700_steps.config --model-dir new", ["--checkpoint_every_n=700"]),
    ],
)
def test_train(arguments, further, folder) -> None:
    ended = tfod_weights("train", *arguments.split(), folder=folder, python_path=folder)
    config = next(word for word in arguments.split() if word.endswith(".config"))
    flags = [f"--pipeline_config_path={config}", "--model_dir=new", *further]
    assert ended == Ended(0, f"{flags}\n", "")


@pytest.mark.parametrize("timeout, interval", [(0, 0), (60, 300)])
def test_evaluation_ends_without_the_five_minutes(timeout, interval) -> None:
    def eval_continuously(*arguments, **keywords):
        return arguments, keywords

    model_lib_v2 = types.SimpleNamespace(eval_continuously=eval_continuously)
    evaluation.patch_model_lib(model_lib_v2)
    given = {"timeout": timeout, "wait_interval": 300, "other": 1}
    called_with = model_lib_v2.eval_continuously("config", **given)
    assert called_with == (("config",), {**given, "wait_interval": interval})


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            "train pipeline.config",
            "error: --model-dir is missing\nhelp: name the folder for checkpoints\n",
        ),
        (
            "train pipline.config --model-dir new",
            "pipline.config: no such file\nhelp: did you mean pipeline.config?\n",
        ),
        (
            "train weights.config --model-dir new",
            "weights.config:2:55: 1 weight for num_classes: 2\n"
            "  loss { classification_loss { weighted_sigmoid_focal { class_weights: 3 } } } } }\n"
            "                                                        ^\n"
            "help: `tfod-weights patch weights.config` computes and writes them again\n",
        ),
    ],
)
def test_what_cannot_start(arguments, message, folder) -> None:
    ended = tfod_weights(*arguments.split(), folder=folder, python_path=folder)
    assert ended == Ended(2, "", message)


def test_a_config_in_the_cloud_is_left_to_tensorflow(folder) -> None:
    arguments = ("train", "gs://bucket/pipeline.config", "--model-dir", "gs://bucket/model")
    ended = tfod_weights(*arguments, folder=folder, python_path=folder)
    assert ended.out == (
        "['--pipeline_config_path=gs://bucket/pipeline.config', '--model_dir=gs://bucket/model']\n"
    )


@pytest.mark.parametrize(
    "num_steps, interval",
    [
        (1, 100),
        (100, 100),
        (101, 200),
        (950, 1000),
        (1_000, 1_000),
        (1_100, 100),
        (2_500, 500),
        (2_600, 200),
        (50_100, 1_000),  # 501 rounds: every 300 steps would be 167 checkpoints
    ],
)
def test_the_last_step_is_saved(num_steps, interval) -> None:
    assert checkpoint_interval(num_steps) == interval
