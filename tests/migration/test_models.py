"""What TensorFlow 2's model builder asks: feature extractors that it has, blocks that are there."""

from __future__ import annotations

import pytest

from tfod_weights.migration import DEFAULT, LIKELY, migrate_text
from tfod_weights.pipeline.feature_extractors import TF1_TYPES


def in_extractor(name: str) -> str:
    model = "ssd" if "ssd" in name else "faster_rcnn"
    return f"model {{ {model} {{ feature_extractor {{ type: '{name}' }} }} }}"


@pytest.mark.parametrize("name, twin", [row for row in TF1_TYPES.items() if row[1]])
def test_keras_twins(name: str, twin: str) -> None:
    migrated = migrate_text(in_extractor(name))
    first = next(edit for edit in migrated.edits if edit.before)
    assert (first.before, first.after, first.certainty) == (name, twin, LIKELY)


@pytest.mark.parametrize("name", [name for name, twin in TF1_TYPES.items() if not twin])
def test_what_only_tensorflow_1_builds_is_noted(name: str) -> None:
    migrated = migrate_text(in_extractor(name))
    assert f"type: '{name}'" in migrated.text
    assert f"line 1: only TensorFlow 1 builds {name}; choose another feature extractor" in (
        migrated.notes
    )


# -- blocks that are missing ------------------------------------------------------------------

BARE_MODELS = {
    "ssd_mobilenet_v1_keras": ("ssd", "height: 300", "num_layers: 6"),
    "ssd_mobilenet_v2_keras": ("ssd", "height: 300", "num_layers: 6"),
    "ssd_mobilenet_v2_fpn_keras": ("ssd", "height: 320", "max_level: 7"),
    "ssd_resnet50_v1_fpn_keras": ("ssd", "height: 640", "max_level: 7"),
    "faster_rcnn_resnet101_keras": ("faster_rcnn", "max_dimension: 1024", "height_stride: 16"),
    "resnet_v2_50": ("center_net", "max_dimension: 512", "pad_to_max_dimension: true"),
}


@pytest.mark.parametrize("extractor", BARE_MODELS)
def test_missing_blocks(extractor: str) -> None:
    model, *expected = BARE_MODELS[extractor]
    text = f"model {{\n  {model} {{\n    feature_extractor {{ type: '{extractor}' }}\n  }}\n}}\n"
    migrated = migrate_text(text)
    assert all(what in migrated.text for what in expected)
    assert {edit.certainty for edit in migrated.edits} == {DEFAULT}
    assert migrated.text.count("# added by tfod-weights migrate: ") == len(migrated.edits)
    assert migrate_text(migrated.text).edits == ()


UNSUITED = {
    "no extractor": "ssd { num_classes: 2 }",
    "an unknown one": "ssd { feature_extractor { type: 'mine' } BLOCKS }",
    "other layers": "ssd { feature_extractor { type: 'ssd_mobilenet_v2_keras' num_layers: 4 } "
    "BLOCKS image_resizer { } }",
    "other levels": "ssd { feature_extractor { type: 'ssd_resnet50_v1_fpn_keras' fpn { min_level: "
    "2 } } BLOCKS image_resizer { } }",
}


LEFT_ALONE = {
    "a misspelled block": "model { ssd { feature_extractor { type: 'ssd_mobilenet_v2_keras' }\n"
    "image_resizr { } } }",
    "a part of a config": "ssd { feature_extractor { type: 'ssd_mobilenet_v2_keras' } }",
}


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_nothing_is_filled_in_where_something_is_left(text: str) -> None:
    migrated = migrate_text(text)
    assert not migrated.changed and not migrated.notes
    assert len(migrated.leftovers) == 1


@pytest.mark.parametrize("model", UNSUITED.values(), ids=UNSUITED.keys())
def test_blocks_without_a_common_value_are_only_noted(model: str) -> None:
    blocks = "box_coder { } matcher { } similarity_calculator { } box_predictor { } loss { }"
    migrated = migrate_text(f"model {{ {model.replace('BLOCKS', blocks)} }}")
    assert not migrated.changed and not migrated.leftovers
    wants_note = "BLOCKS" in model
    assert len(migrated.notes) == wants_note
    assert all("without" in note and "anchor_generator" in note for note in migrated.notes)
