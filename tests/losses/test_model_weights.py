"""What a config may ask of its losses, and what is refused before anything is built."""

from __future__ import annotations

from dataclasses import replace

import pytest
from google.protobuf import text_format

from tests.losses.configs import Member, center_net, faster_rcnn, ssd
from tfod_weights.errors import ConfigError, WeightsError
from tfod_weights.runtime.losses.model_weights import LossWeights, read_model_weights
from tfod_weights.schema import tfod_schema
from tfod_weights.weighting import NORMALIZATIONS, SCHEMES, BatchClassWeights, WeightSchedule
from tfod_weights.weighting.changing import NUMBERS, enum_name

SIGMOID = Member("weighted_sigmoid")
SOFTMAX = Member("weighted_softmax")
SMOOTH_L1 = Member("weighted_smooth_l1")
PENALTY = Member("penalty_reduced_logistic_focal_loss")
L1 = Member("l1_localization_loss")
ONE_TWO_THREE = (1.0, 2.0, 3.0)


def read(text):
    pipeline = tfod_schema().new_pipeline()
    text_format.Merge(text, pipeline)
    architecture = pipeline.model.WhichOneof("model")
    return read_model_weights(getattr(pipeline.model, architecture), architecture)


@pytest.mark.parametrize(
    "text",
    [ssd(SIGMOID, SMOOTH_L1), faster_rcnn(Member("")), center_net(PENALTY, L1)],
    ids=["ssd", "faster_rcnn", "center_net"],
)
def test_a_config_without_our_fields_asks_for_nothing(text):
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        ssd(SIGMOID.with_weights([1, 2, 3]), SMOOTH_L1.with_weights([3, 2, 1])),
        faster_rcnn(SOFTMAX.with_weights([1, 2, 3]), [3, 2, 1]),
        center_net(PENALTY.with_weights([1, 2, 3]), L1.with_weights([3, 2, 1])),
    ],
    ids=["ssd", "faster_rcnn", "center_net"],
)
def test_both_losses(text):
    weights = read(text)
    assert weights.num_classes == 3
    assert weights.classification == LossWeights(ONE_TWO_THREE)
    assert weights.localization == LossWeights((3.0, 2.0, 1.0))


def test_one_loss():
    weights = read(ssd(SIGMOID, SMOOTH_L1.with_weights([1, 2, 3])))
    assert weights.classification is None
    assert weights.localization == LossWeights(ONE_TWO_THREE)


def test_background_and_mode():
    member = SIGMOID.with_weights([1, 2, 3], background=0.5, mode="CLASS_COLUMN")
    weights = read(ssd(member, SMOOTH_L1))
    assert weights.classification == LossWeights(ONE_TWO_THREE, 0.5, "CLASS_COLUMN")


def test_a_background_weight_alone_leaves_the_classes_at_one():
    weights = read(ssd(Member("weighted_sigmoid", ours="background_weight: 2"), SMOOTH_L1))
    assert weights.classification == LossWeights((1.0, 1.0, 1.0), 2.0)


def test_when_weights_begin():
    steps = "class_weights_start_step: 10 class_weights_ramp_steps: 4"
    member = Member("weighted_sigmoid", ours=f"class_weights: [1, 2, 3] {steps}")
    weights = read(ssd(member, SMOOTH_L1))
    assert weights.classification == LossWeights(ONE_TWO_THREE, schedule=WeightSchedule(10, 4))


def test_when_the_weights_of_the_second_stage_begin():
    prefix = "second_stage_localization_class_weights"
    extra = f"{prefix}_start_step: 10 {prefix}_ramp_steps: 4"
    weights = read(faster_rcnn(Member(""), [1, 2, 3], extra))
    assert weights.classification is None
    assert weights.localization == LossWeights(ONE_TWO_THREE, schedule=WeightSchedule(10, 4))


def test_weights_of_each_batch():
    recipe = "scheme: EFFECTIVE_NUMBER normalize: MEAN beta: 0.9 max_ratio: 5"
    member = Member("weighted_sigmoid", ours=f"batch_class_weights {{ {recipe} }}")
    weights = read(ssd(member, replace(SMOOTH_L1, ours="batch_class_weights { }")))
    ones = (1.0, 1.0, 1.0)
    recipe = BatchClassWeights("effective-number", "mean", beta=0.9, max_ratio=5.0)
    assert weights.classification == LossWeights(ones, batch=recipe)
    assert weights.localization == LossWeights(ones, batch=BatchClassWeights())
    assert not weights.localization.change_nothing


def test_weights_of_each_batch_in_the_second_stage():
    extra = "second_stage_localization_batch_class_weights { scheme: MEDIAN_FREQUENCY }"
    weights = read(faster_rcnn(Member(""), extra=extra))
    assert weights.localization.batch == BatchClassWeights("median-frequency")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_the_field_names_every_scheme(scheme, normalize):
    enums = f"scheme: {enum_name(scheme)} normalize: {enum_name(normalize)}"
    member = Member("weighted_sigmoid", ours=f"batch_class_weights {{ {enums} }}")
    batch = read(ssd(member, SMOOTH_L1)).classification.batch
    assert batch == BatchClassWeights(scheme, normalize)


def test_the_field_has_the_defaults_of_the_program():
    message = tfod_schema().pipeline.file.message_types_by_name["BatchClassWeights"]
    defaults = {name: message.fields_by_name[name].default_value for name in NUMBERS[:-1]}
    assert defaults == {name: getattr(BatchClassWeights(), name) for name in defaults}
    assert len(defaults) == 3


def test_logit_targets_are_known_to_the_localization_loss_too():
    member = Member("weighted_logits_softmax")
    assert read(ssd(member, SMOOTH_L1.with_weights([1, 2, 3]))).logit_targets
    assert not read(ssd(SIGMOID, SMOOTH_L1.with_weights([1, 2, 3]))).logit_targets


REFUSED = {
    "two weights for three classes": (
        ssd(SIGMOID.with_weights([1, 2]), SMOOTH_L1),
        ConfigError,
        "ssd.loss.classification_loss.weighted_sigmoid.class_weights has 2 weights "
        "for num_classes: 3",
    ),
    "two localization weights": (
        ssd(SIGMOID, SMOOTH_L1.with_weights([1, 2])),
        ConfigError,
        "ssd.loss.localization_loss.weighted_smooth_l1.class_weights has 2 weights "
        "for num_classes: 3",
    ),
    "four weights in faster_rcnn": (
        faster_rcnn(SOFTMAX.with_weights([1, 2, 3, 4])),
        ConfigError,
        "has 4 weights for num_classes: 3",
    ),
    "one box weight in faster_rcnn": (
        faster_rcnn(Member(""), [1]),
        ConfigError,
        "faster_rcnn.second_stage_localization_class_weights has 1 weight for num_classes: 3",
    ),
    "two weights in center_net": (
        center_net(PENALTY.with_weights([1, 2]), L1),
        ConfigError,
        "has 2 weights for num_classes: 3",
    ),
    "two box weights in center_net": (
        center_net(PENALTY, L1.with_weights([1, 2])),
        ConfigError,
        "has 2 weights for num_classes: 3",
    ),
    "not a number": (
        ssd(SIGMOID.with_weights([1, float("nan"), 3]), SMOOTH_L1),
        WeightsError,
        "the weight of class_id 2 is nan\nhelp: weights are finite and greater than 0",
    ),
    "infinite": (
        ssd(SIGMOID.with_weights([1, 2, float("inf")]), SMOOTH_L1),
        WeightsError,
        "the weight of class_id 3 is inf",
    ),
    "zero": (ssd(SIGMOID.with_weights([0, 2, 3]), SMOOTH_L1), WeightsError, "class_id 1 is 0"),
    "negative": (
        ssd(SIGMOID, SMOOTH_L1.with_weights([1, 2, -3])),
        WeightsError,
        "class_id 3 is -3",
    ),
    "background of zero": (
        ssd(SIGMOID.with_weights([1, 2, 3], background=0), SMOOTH_L1),
        WeightsError,
        "background_weight: the weight is 0",
    ),
    "weights twice": (
        ssd(
            Member("weighted_sigmoid", ours="class_weights: [1, 2, 3] batch_class_weights { }"),
            SMOOTH_L1,
        ),
        ConfigError,
        "weighted_sigmoid.batch_class_weights are written beside class_weights",
    ),
    "weights twice in the second stage": (
        faster_rcnn(Member(""), [1, 2, 3], "second_stage_localization_batch_class_weights { }"),
        ConfigError,
        "are written beside second_stage_localization_class_weights",
    ),
    "a step before the first": (
        ssd(
            SIGMOID, replace(SMOOTH_L1.with_weights([1, 2, 3]), own="class_weights_start_step: -5")
        ),
        ConfigError,
        "weighted_smooth_l1.class_weights_start_step is -5",
    ),
    "a ramp without a start": (
        ssd(SIGMOID, replace(SMOOTH_L1.with_weights([1, 2, 3]), own="class_weights_ramp_steps: 5")),
        ConfigError,
        "class_weights_ramp_steps does not say where the ramp starts",
    ),
    "a start of nothing": (
        ssd(SIGMOID, replace(SMOOTH_L1, ours="class_weights_start_step: 5")),
        ConfigError,
        "says when weights begin, but there are none",
    ),
    "a power beyond": (
        ssd(SIGMOID, replace(SMOOTH_L1, ours="batch_class_weights { power: 11 }")),
        ConfigError,
        "weighted_smooth_l1.batch_class_weights.power is 11",
    ),
    "weights of each batch for masks": (
        center_net(
            PENALTY,
            L1,
            "mask_estimation_task { classification_loss { weighted_softmax { "
            "batch_class_weights { } } } }",
        ),
        ConfigError,
        "weighted_softmax.batch_class_weights: TFOD trains no loss of object classes",
    ),
    "a loss that faster_rcnn ignores": (
        faster_rcnn(Member("bootstrapped_sigmoid", "alpha: 0.9").with_weights([1, 2, 3])),
        ConfigError,
        "faster_rcnn does not build bootstrapped_sigmoid; TFOD ignores it and trains with "
        "weighted_softmax",
    ),
    "faster_rcnn without a second stage": (
        faster_rcnn(SOFTMAX.with_weights([1, 2, 3]), extra="number_of_stages: 1"),
        ConfigError,
        "number_of_stages: 1",
    ),
    "keypoints": (
        center_net(
            PENALTY,
            L1,
            f"keypoint_estimation_task {{ loss {{ classification_loss {{ "
            f"{PENALTY.with_weights([1, 2, 3])} }} }} }}",
        ),
        ConfigError,
        "center_net.keypoint_estimation_task.loss.classification_loss."
        "penalty_reduced_logistic_focal_loss.class_weights: TFOD trains no loss of object classes",
    ),
    "masks": (
        center_net(
            PENALTY.with_weights([1, 2, 3]),
            L1,
            f"mask_estimation_task {{ classification_loss {{ {SOFTMAX.with_weights([1, 1, 1])} }} "
            "}",
        ),
        ConfigError,
        "center_net.mask_estimation_task.classification_loss.weighted_softmax.class_weights",
    ),
    "DeepMAC": (
        center_net(
            PENALTY,
            L1,
            "deepmac_mask_estimation { classification_loss { weighted_sigmoid { "
            "class_weights: [1, 2, 3] } } }",
        ),
        ConfigError,
        "center_net.deepmac_mask_estimation.classification_loss.weighted_sigmoid.class_weights",
    ),
    "an SSD loss that cannot be trained": (
        ssd(SIGMOID, L1.with_weights([1, 2, 3])),
        ConfigError,
        "ssd cannot be trained with l1_localization_loss: its weights do not fit",
    ),
    "a CenterNet loss that cannot be trained": (
        center_net(PENALTY, Member("weighted_giou").with_weights([1, 2, 3])),
        ConfigError,
        "CenterNet regresses heights and widths",
    ),
    "softmax by column": (
        ssd(SOFTMAX.with_weights([1, 2, 3], mode="CLASS_COLUMN"), SMOOTH_L1),
        ConfigError,
        "class_weight_mode CLASS_COLUMN needs a loss per anchor and class, which weighted_softmax",
    ),
    "softmax by positive logit": (
        faster_rcnn(SOFTMAX.with_weights([1, 2, 3], mode="POSITIVE_LOGIT")),
        ConfigError,
        "class_weight_mode POSITIVE_LOGIT needs a loss per anchor and class",
    ),
    "dice by positive logit": (
        ssd(
            Member("weighted_dice_classification_loss").with_weights(
                [1, 2, 3], mode="POSITIVE_LOGIT"
            ),
            SMOOTH_L1,
        ),
        ConfigError,
        "weighted_dice_classification_loss does not have",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    text, error, message = REFUSED[case]
    with pytest.raises(error) as caught:
        read(text)
    assert message in str(caught.value)
