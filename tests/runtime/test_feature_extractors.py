"""Feature extractors that the installed TFOD cannot build."""

from __future__ import annotations

import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import model_builder, parse
from tfod_weights.errors import ConfigError

SSD = configs.ssd(Member("weighted_sigmoid"), Member("weighted_smooth_l1"))
STOCK_TYPE = "ssd_mobilenet_v2_keras"

# a type → what is wrong, and the next step
REFUSED = {
    "ssd_mobilenet_v2": (
        "feature_extractor ssd_mobilenet_v2 is built by TensorFlow 1 only",
        "write ssd_mobilenet_v2_keras, the same network in TensorFlow 2",
    ),
    "ssd_inception_v2": (
        "feature_extractor ssd_inception_v2 is built by TensorFlow 1 only",
        "choose one that TensorFlow 2 has; stock TFOD, without class weights, trains it on "
        "Python 3.7 with pip install 'tensorflow==1.15.*'",
    ),
    "ssd_mobilenet_v22_keras": (
        "TFOD has no feature_extractor ssd_mobilenet_v22_keras",
        "did you mean ssd_mobilenet_v2_keras?",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("kind", [ConfigError, ValueError])
def test_the_builder_says_what_to_write_instead(name, kind) -> None:
    assert STOCK_TYPE in SSD
    with pytest.raises(kind) as raised:
        model_builder.build(parse(SSD.replace(STOCK_TYPE, name)), is_training=True)
    assert (raised.value.problem, raised.value.help) == REFUSED[name]
