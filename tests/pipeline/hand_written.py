"""Class weights put into made-up configs as people write them: anywhere, in any layout."""

from __future__ import annotations

import random
import re
from typing import Iterator

from tests.configs import CLASSIFICATION
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import Block, Edit, apply_edits

_WORD = re.compile(r"[0-9A-Za-z_.+-]")
_GAPS = ("", "", " ", " ", "  ", "\t", "\n", "\r\n  ", " # mine\n", "\xa0")
_CLASSIFICATION = (*CLASSIFICATION, "penalty_reduced_logistic_focal_loss")
_LOCALIZATION = ("weighted_smooth_l1", "weighted_l2", "weighted_iou", "l1_localization_loss")
_WRAPPERS = ("classification_loss", "second_stage_classification_loss")


def with_hand_written(rng: random.Random, text: str, num_classes: int) -> str:
    """A config with weights, and dead losses with weights, at random places."""
    for _ in range(2):  # the second time also into the dead losses, and beside the first
        config = PipelineConfig(text, "made-up.config")
        text = apply_edits(text, _edits(rng, config, num_classes))
    return text


def _edits(rng: random.Random, config: PipelineConfig, num_classes: int) -> Iterator[Edit]:
    used = set[int]()
    for field in config.document.walk():
        options = list(_fields_for(field.name, rng, num_classes))
        for block in field.values():
            if options and isinstance(block, Block) and rng.random() < 0.4:
                place = rng.choice([block.start + 1, block.end - 1, *_starts(block)])
                if place not in used:
                    used.add(place)
                    new = _joined(rng, rng.sample(options, rng.randint(1, len(options))))
                    yield Edit(place, place, _parted(config.text, place, new))


def _starts(block: Block) -> Iterator[int]:
    return (field.start for field in block.fields)


def _fields_for(name: str, rng: random.Random, num_classes: int) -> Iterator[str]:
    """Fields of ours that a block of that name may have, as often as they may stand there."""
    if name in (*_CLASSIFICATION, *_LOCALIZATION):
        yield from _weights(rng, "class_weights", num_classes)
    if name in _CLASSIFICATION:
        yield "background_weight: 2" + rng.choice(["", ",", ";"])
        yield "class_weight_mode:MATCHED_CLASS"
    if name in _WRAPPERS:
        member = rng.choice(CLASSIFICATION)
        yield f"{member} {{{_joined(rng, [*_weights(rng, 'class_weights', num_classes)])}}}"
    if name == "faster_rcnn":
        yield from _weights(rng, "second_stage_localization_class_weights", num_classes)
    if name == "train_input_reader":
        yield "class_sampling{repeat_factor_threshold:.5}"


def _weights(rng: random.Random, name: str, num_classes: int) -> Iterator[str]:
    values = [rng.choice(["1", "5.0", ".5", "2e0", "0.5f"]) for _ in range(num_classes)]
    if rng.random() < 0.5:
        gap = rng.choice(["", " ", "\n", " # one\n", "\n# tfod-weights: scheme=given\n"])
        yield f"{name}{rng.choice([':', ': '])}[" + f",{gap}".join(values) + "]"
    else:
        yield from (f"{name}: {value}{rng.choice(['', '', ',', ' ;'])}" for value in values)
    yield f"{name}_start_step: 7"


def _joined(rng: random.Random, fields: list[str]) -> str:
    text = rng.choice(_GAPS)
    for field in fields:
        text += _parted(text, len(text), field) + rng.choice(_GAPS)
    return text


def _parted(text: str, place: int, new: str) -> str:
    """A text to be put into another one, with blanks where two words would become one."""
    before, after = text[max(place - 1, 0) : place], text[place : place + 1]
    if _WORD.match(before) and _WORD.match(new):
        new = f" {new}"
    return f"{new} " if _WORD.match(after) and _WORD.match(new[-1:]) else new
