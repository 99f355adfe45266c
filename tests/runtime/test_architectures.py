"""Every architecture on small images, from patch to strip: the real TFOD trains and evaluates it,
and reads the stripped config without us.
"""

from __future__ import annotations

import math
import re

import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.runtime.processes import needs_tfod, run, tfod_weights
from tfod_weights.demo import write_demo
from tfod_weights.pipeline import patch_config, strip_config

pytestmark = needs_tfod

# One step per iteration, for TFOD traces the step twice where there are several.
_PROGRAM = """\
from absl import logging
from object_detection import model_lib_v2
logging.use_absl_handler()
logging.set_verbosity(logging.INFO)
model_lib_v2.train_loop(
    'pipeline.config', 'model', train_steps=10, num_steps_per_iteration=1, checkpoint_every_n=10,
    performance_summary_exporter=lambda metrics, precision: print(metrics['last_batch_loss']))
model_lib_v2.eval_continuously(
    'pipeline.config', model_dir='model', checkpoint_dir='model', wait_interval=0, timeout=0)
"""

# protobuf in Python still takes TFOD's messages as they are
_STOCK = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}
_PARSE = """\
import pathlib
from google.protobuf import text_format
from object_detection.protos import pipeline_pb2
for name in ('stripped.config', 'pipeline.config'):
    text = pathlib.Path(name).read_text()
    try: text_format.Merge(text, pipeline_pb2.TrainEvalPipelineConfig())
    except text_format.ParseError as error: print(name, error)
"""

_CENTER_NET = configs.center_net(
    Member("penalty_reduced_logistic_focal_loss", "alpha: 2.0 beta: 4.0"),
    Member("l1_localization_loss"),
).replace('type: "tiny"', 'type: "mobilenet_v2_fpn" depth_multiplier: 0.35')

MODELS = {
    "faster_rcnn": configs.faster_rcnn(Member(""))
    .replace("truncated_normal_initializer { }", "truncated_normal_initializer { stddev: 0.01 }")
    .replace("batch_norm_trainable: false", "batch_norm_trainable: true"),
    "center_net": _CENTER_NET,
}


@pytest.mark.parametrize("architecture", MODELS)
def test_from_patch_to_strip(architecture, tmp_path) -> None:
    demo = write_demo(tmp_path / "demo").read_text(encoding="utf-8")
    rest = demo[demo.index("train_config {") :].replace("base: 0.05", "base: 0.001")
    rest = rest.replace("warmup_learning_rate: 0.01", "warmup_learning_rate: 0.001")
    rest = rest.replace("batch_size: 8", "batch_size: 1").replace(str(tmp_path) + "/", "")
    config = tmp_path / "pipeline.config"
    config.write_text(MODELS[architecture] + rest, encoding="utf-8")
    patch_config(config, [0.5, 1.5, 3.0]).write()
    (tmp_path / "training.py").write_text(_PROGRAM, encoding="utf-8")

    ended = tfod_weights("run", "training.py", folder=tmp_path)
    assert ended.code == 0, ended.err
    assert math.isfinite(float(ended.out.split()[-1])), ended.out
    evaluated = set(re.findall(r"(\w*Loss/\S+): ", ended.err))
    assert {"ClassLoss/classification/triangle", "ClassLoss/localization/triangle"} < evaluated

    (tmp_path / "stripped.config").write_text(strip_config(config), encoding="utf-8")
    stock = run("-c", _PARSE, folder=tmp_path, **_STOCK)
    assert stock.code == 0, stock.err
    assert re.fullmatch(r'pipeline.config .* has no field named ".*class_weights".\n', stock.out)
