"""The complete example of a well-known web answer: migrated, the real TFOD trains it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.migration.web_answer import our_example, their_example
from tests.runtime.processes import needs_tfod, run
from tfod_weights.demo import write_demo
from tfod_weights.migration import migrate_text

pytestmark = needs_tfod

WEIGHTS = [1.0, 5.0]

# What the example leaves out: data and how to train.
REST = """
train_config {
  batch_size: 1
  optimizer {
    momentum_optimizer { learning_rate { constant_learning_rate { learning_rate: 0.001 } } }
    use_moving_average: false
  }
  unpad_groundtruth_tensors: false
}
train_input_reader {
  label_map_path: demo/data/two_classes.pbtxt  // triangles are left out
  tf_record_input_reader { input_path: demo/data/train.record-?????-of-00002 }
}
"""

# One step of TFOD's own training loop, on TFOD's own input pipeline.
PROGRAM = """
import json
import tfod_weights
tfod_weights.enable()
import tensorflow as tf
from object_detection import inputs, model_lib_v2
from object_detection.builders import model_builder, optimizer_builder
from object_detection.utils import config_util

configs = config_util.get_configs_from_pipeline_file("pipeline.config")
model = model_builder.build(configs["model"], is_training=True)
data = inputs.train_input(
    configs["train_config"], configs["train_input_config"], configs["model"], model=model
)
features, labels = next(iter(data))
optimizer, _ = optimizer_builder.build(configs["train_config"].optimizer)
step = tf.function(lambda: model_lib_v2.eager_train_step(
    model, features, labels, False, optimizer, training_step=tf.constant(0, tf.int64)))
losses = {name: float(loss) for name, loss in step().items()}
loss = configs["model"].ssd.loss
built = (model._classification_loss, model._localization_loss)
print(json.dumps({
    "losses": losses,
    "config": [list(loss.classification_loss.weighted_sigmoid.class_weights),
               list(loss.localization_loss.weighted_smooth_l1.class_weights)],
    "model": [list(one.weighting.weights.class_weights) for one in built],
    "variables": len(model.trainable_variables),
}))
"""


EXAMPLES = {"ours": our_example, "theirs": lambda: their_example(3)}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_answer_trains_when_it_is_migrated(example: str, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo")
    items = "item { id: 1 name: 'circle' } item { id: 2 name: 'square' }"
    (tmp_path / "demo" / "data" / "two_classes.pbtxt").write_text(items)
    migrated = migrate_text(EXAMPLES[example]() + REST)
    assert migrated.leftovers == () and migrated.notes == ()
    (tmp_path / "pipeline.config").write_text(migrated.text, encoding="utf-8")
    ended = run("-c", PROGRAM, folder=tmp_path, python_path=REPOSITORY)
    assert ended.code == 0, ended.err[-3000:]
    found = json.loads(ended.out.splitlines()[-1])
    assert found["config"] == [WEIGHTS, WEIGHTS]
    assert found["model"] == [WEIGHTS, WEIGHTS]
    assert found["variables"] > 50
    assert set(found["losses"]) >= {"Loss/classification_loss", "Loss/localization_loss"}
    assert all(math.isfinite(loss) for loss in found["losses"].values())
    assert found["losses"]["Loss/classification_loss"] > 0
    assert found["losses"]["Loss/localization_loss"] > 0
