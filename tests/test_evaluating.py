"""What is found before an evaluation: the input and the checkpoint."""

from __future__ import annotations

import pytest

from tfod_weights.errors import ConfigError, EvaluationError, UsageError
from tfod_weights.evaluating import checkpoint_prefix, plan_evaluation

pytestmark = pytest.mark.usefixtures("demo_folder")


@pytest.fixture
def config(demo_folder):
    """Write the demonstration config with something replaced."""

    def write(old: str = "", new: str = "") -> str:
        path = demo_folder / "pipeline.config"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def model(tmp_path) -> str:
    """A folder with two checkpoints, the second being the latest."""
    folder = tmp_path / "model"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"ckpt-{number}.index").touch()
    state = 'model_checkpoint_path: "ckpt-2"\nall_model_checkpoint_paths: "ckpt-1"\n'
    (folder / "checkpoint").write_text(state, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    "path, prefix",
    [
        ("", "/ckpt-2"),
        ("/ckpt-1", "/ckpt-1"),
        ("/ckpt-1.index", "/ckpt-1"),
    ],
)
def test_a_checkpoint_by_folder_prefix_or_file(path, prefix, model) -> None:
    assert checkpoint_prefix(model + path) == model + prefix


def test_a_checkpoint_elsewhere_is_left_to_tensorflow() -> None:
    assert checkpoint_prefix("gs://bucket/model") == "gs://bucket/model"


@pytest.mark.parametrize("path", ["/ckpt-3", "/none"])
def test_no_checkpoint(path, model) -> None:
    with pytest.raises(EvaluationError, match="no checkpoint in"):
        checkpoint_prefix(model + path)


def test_a_checkpoint_that_was_deleted(model, tmp_path) -> None:
    (tmp_path / "model" / "ckpt-2.index").unlink()
    with pytest.raises(EvaluationError, match="no checkpoint in"):
        checkpoint_prefix(model)


@pytest.mark.parametrize("split, index, images", [("val", 0, 12), ("train", None, 60)])
def test_the_input_of_a_split(split, index, images, config, model) -> None:
    plan = plan_evaluation(config(), model, split)
    assert (plan.eval_input, plan.images) == (index, images)
    assert plan.training_objects == {1: 285, 2: 20, 3: 13}


def test_an_input_by_its_name(config, model) -> None:
    first = 'eval_input_reader { name: "night" label_map_path: "x" }\neval_input_reader {'
    path = config("eval_input_reader {", f'{first}\n  name: "day"')
    assert plan_evaluation(path, model, "day").eval_input == 1
    with pytest.raises(UsageError, match="no input is called 'dy'") as caught:
        plan_evaluation(path, model, "dy")
    assert caught.value.help == "did you mean day?"
    with pytest.raises(ConfigError, match="the input of the split night has no input_path"):
        plan_evaluation(path, model, "night")


def test_groups_are_no_reason_to_stop(config, model, demo_folder) -> None:
    for shard in (demo_folder / "data").glob("train*"):
        shard.unlink()
    assert plan_evaluation(config(), model).training_objects is None
