"""Every way to balance, on real data: the launcher runs TFOD's train loop over blood cells.

One process for all of them: TensorFlow takes its time to import.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from tests.runtime.processes import needs_tfod, tfod_weights
from tfod_weights import generate_config
from tfod_weights.pipeline import LossSwitch, patch_config, strip_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.weighting import BatchClassWeights, WeightSchedule

pytestmark = needs_tfod

STEPS = 20
WEIGHTS = (0.74, 2.46, 2.49)

# name -> keywords of patch_config; some ways together, for each config is traced anew, and twice
# where there are several steps per iteration
TECHNIQUES: dict[str, dict[str, Any]] = {
    "sampling, deferred weights, focal loss": {
        "weights": WEIGHTS,
        "sampling": ClassSampling(WEIGHTS, "SUM"),
        "schedule": WeightSchedule(10, 5),
        "switch": LossSwitch("weighted_sigmoid_focal", gamma=1.5),
    },
    "repeat factors, weights of each batch, augmentation": {
        "weights": BatchClassWeights("sqrt"),
        "sampling": ClassSampling(repeat_factor_threshold=1),
        "augment": "medium",
    },
}

PROGRAM = f"""
import json, sys
from object_detection import model_lib_v2

def train(config):
    losses = []
    model_lib_v2.train_loop(
        config, config + ".model", train_steps={STEPS}, num_steps_per_iteration=1,
        checkpoint_every_n=1000, performance_summary_exporter=lambda metrics, precision:
        losses.append(float(metrics["last_batch_loss"])))
    return losses

print(json.dumps({{config: train(config) for config in sys.argv[1:]}}))
"""


def test_each_trains_on_blood_cells(shared_data: Path, tmp_path: Path) -> None:
    cells = shared_data / "bccd"
    generated = generate_config(
        "ssd-tiny",
        label_map=cells / "label_map.pbtxt",
        train=[str(cells / "train.record-?????-of-00004")],
        val=[str(cells / "val.record-00000-of-00001")],
        image_size=96,
        batch_size=2,
        weighted=False,
    )
    text = generated.text.replace("ssd_mobilenet_v2_keras", "ssd_mobilenet_v1_keras")
    for name, keywords in TECHNIQUES.items():
        path = tmp_path / f"{name}.config"
        path.write_text(text, encoding="utf-8")
        patch_config(path, **keywords).write()
        assert path.read_text(encoding="utf-8") != text
        assert strip_config(path) == text
    (tmp_path / "train.py").write_text(PROGRAM, encoding="utf-8")
    configs = [f"{name}.config" for name in TECHNIQUES]
    ended = tfod_weights("run", "train.py", *configs, folder=tmp_path)
    assert ended.code == 0, ended.err[-3000:]
    losses = json.loads(ended.out.splitlines()[-1])
    assert list(losses) == configs
    for values in losses.values():
        assert values
        assert all(math.isfinite(value) and value > 0 for value in values)
    assert len({values[-1] for values in losses.values()}) == len(TECHNIQUES)
