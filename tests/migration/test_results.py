"""What migrating tells: edits with their places, leftovers, notes, errors; and advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migration.web_answer import their_example
from tfod_weights import migrate_config, migrate_text
from tfod_weights.errors import ConfigError, TextFormatError
from tfod_weights.migration import mended_places
from tfod_weights.migration.history import History, Mend
from tfod_weights.textformat import Edit, Span

FAULTY = """\
\ufeff// made by hand
model = {
  ssd {
    loss {
      numClasses: “3” // three
      hardExampleMiner {
        loss_type: "both"
      }
      box_loss { weighted_huber { scale_loss_with_batch_size: true } }
    }
  }
}
"""


def test_edits_have_the_places_of_the_original() -> None:
    edits = migrate_text(FAULTY, path="x").edits
    assert [(edit.line, edit.column, edit.before, edit.after) for edit in edits] == [
        (1, 1, "U+FEFF", ""),
        (1, 2, "// made by hand", "# made by hand"),
        (2, 7, "=", ":"),
        (5, 7, "loss.numClasses", "ssd.numClasses"),
        (5, 7, "numClasses", "num_classes"),
        (5, 19, "“3”", '"3"'),
        (5, 19, '"3"', "3"),
        (5, 23, "// three", "# three"),
        (6, 7, "hardExampleMiner", "hard_example_miner"),
        (7, 20, '"both"', "BOTH"),
        (9, 7, "box_loss", "localization_loss"),
        (9, 18, "weighted_huber", "weighted_smooth_l1"),
        (9, 35, "scale_loss_with_batch_size: true", ""),
    ]


def test_edits_inside_a_moved_block_have_the_places_of_the_original() -> None:
    text = "model {\n  ssd {\n    hard_example_miner {  # m\n      iou_threshold: 1\n" + (
        '      loss_type: "both"\n    }\n    loss { }\n  }\n}\n'
    )
    edits = migrate_text(text).edits
    assert [(edit.line, edit.column) for edit in edits] == [(3, 5), (5, 18)]
    text = text.replace("loss { }", "loss {\n    }")
    assert [(edit.line, edit.column) for edit in migrate_text(text).edits] == [(3, 5), (5, 18)]


def test_the_diff_and_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.config"
    path.write_bytes(b"model { ssd { numClasses: 3 } }\r\n")
    migrated = migrate_config(path)
    assert migrated.changed
    assert "+model { ssd { num_classes: 3 } }\r\n" in migrated.diff()
    assert path.read_bytes() == b"model { ssd { numClasses: 3 } }\r\n"
    migrated.write(tmp_path / "b.config")
    migrated.write()
    assert path.read_bytes() == b"model { ssd { num_classes: 3 } }\r\n"
    assert (tmp_path / "b.config").read_bytes() == path.read_bytes()


# -- what is left ---------------------------------------------------------------------------

# text → line and column of what is left, what is said of it, and what is advised
LEFT = {
    "unknown": (
        "model {\n  ssd {\n    numClasses: 2\n    foo: 1\n  }\n}",
        (4, 5), "Ssd has no field named foo", None,
    ),
    "typo": (
        "model { ssd { num_clases: 2 } }",
        (1, 15), "no field named num_clases", "did you mean num_classes?",
    ),
    "elsewhere": (
        "model { ssd { num_steps: 2 } }", (1, 15), "no field named num_steps",
        "num_steps is a field of train_config",
    ),
    "in two places": (
        "train_config { }\neval_config { }\nbatch_size: 2",
        (3, 1), "no field named batch_size", "batch_size is a field of train_config",
    ),
    "set there": (
        "model { ssd { num_classes: 2\nloss { num_classes: 3 } } }",
        (2, 8), "Loss has no field named num_classes", None,
    ),
    "written twice": (
        "model { ssd { num_classes: 2 numClasses: 3 } }",
        (1, 30), "no field named numClasses", "keep one of them",
    ),
    "two names": (
        "model { ssd { loss { box_loss { } localization_loss { } } } }",
        (1, 22), "no field named box_loss", "it means localization_loss, which is written beside",
    ),
    "value": (
        "model { ssd { num_classes: some } }", (1, 28), "num_classes takes a whole number", None,
    ),
    "enum": (
        "model { ssd { loss { hard_example_miner { loss_type: \"all\" } } } }",
        (1, 54), '"all" is not a LossType', "it has: BOTH, CLASSIFICATION, LOCALIZATION",
    ),
    "half a number": ("model { ssd { num_classes: 2.5 } }", (1, 28), "num_classes takes", None),
    "list of two": (
        "model { ssd { num_classes: [2, 3] } }", (1, 28), "takes a single value, not a list", None,
    ),
    "scalar for a block": ("model { ssd: 3 }", (1, 14), "ssd is a message", None),
    "label map": ("item { id: 1 }", (1, 1), "no field named item", "it has: model, "),
    "after edits": (
        "// one\n/* two\n */ model = { ssd {\n foo: 1 }\n}", (4, 2), "no field named foo", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, where, says, advises", LEFT.values(), ids=LEFT.keys())
def test_leftovers(text: str, where: tuple[int, int], says: str, advises: str | None) -> None:
    leftover = migrate_text(text, path="x").leftovers[0]
    place = leftover.place
    assert (place.path, place.line, place.column) == ("x", *where)
    assert place.source_line == text.split("\n")[where[0] - 1]
    assert says in leftover.problem
    assert advises is None or advises in (leftover.help or "")


FRAGMENTS = {
    "loss": (
        "classification_loss {\n  weighted_sigmoid_cross_entropy { } // x\n}",
        "classification_loss {\n  weighted_sigmoid { } # x\n}",
        "classification_loss is a field of model.ssd.loss",
        "put it into model { ssd { loss { ... } } } of a config",
    ),
    "box loss": (
        "box_loss { weighted_huber { delta: '1' } }",
        "localization_loss { weighted_smooth_l1 { delta: 1 } }",
        "localization_loss is a field of model.ssd.loss",
        "model { ssd { loss { ... } } }",
    ),
    "member": ("weighted_huber { }", "weighted_smooth_l1 { }", "model.ssd.loss.local", "..."),
    "training": ("batch_size: '8' num_steps: 2e3", "batch_size: 8 num_steps: 2000",
                 "batch_size is a field of train_config", "train_config { ... }"),
    "extractor": (
        "feature_extractor { type: 'faster_rcnn_resnet50' } first_stage_max_proposals: 3",
        "feature_extractor { type: 'faster_rcnn_resnet50_keras' } first_stage_max_proposals: 3",
        "field of model.faster_rcnn", "model { faster_rcnn { ... } }",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, after, says, advises", FRAGMENTS.values(), ids=FRAGMENTS.keys())
def test_a_part_of_a_config_is_mended_and_placed(
    text: str, after: str, says: str, advises: str
) -> None:
    migrated = migrate_text(text)
    assert migrated.text == after
    (leftover,) = migrated.leftovers
    assert leftover.problem.startswith("this is a part of a config: ")
    assert says in leftover.problem and advises in (leftover.help or "")
    assert migrate_text(after).text == after


@pytest.mark.parametrize(
    "number, written", [(1, "weighted_sigmoid {"), (2, "weighted_smooth_l1 {")]
)
def test_the_blocks_of_the_web_answer(number: int, written: str) -> None:
    migrated = migrate_text(their_example(number))
    assert written in migrated.text and "class_weights: [1.0, 5.0] # Class 0" in migrated.text
    (leftover,) = migrated.leftovers
    assert leftover.problem.endswith("_loss is a field of model.ssd.loss")
    whole = f"model {{ ssd {{ loss {{\n{migrated.text}}} }} }}"
    assert migrate_text(whole).text == whole and not migrate_text(whole).leftovers


# -- what cannot be mended --------------------------------------------------------------------

UNUSABLE = {
    "open block": ("// x\nmodel {\n  ssd {\n}", (4, 2), 'the "}" that closes line 2'),
    "closed twice": ("model { } // x\n}", (2, 1), "expected a field name, found '}'"),
    "open comment": ("model { }\n/* x", (2, 1), "found '/'"),
    "open string": ("// x\ntrain_config { fine_tune_checkpoint: 'a\n}", (2, 38), "closing quote"),
    "dots": ("/* a */ model {\n  ...\n}", (2, 3), "found '.'"),
    "no value": ("model { ssd { num_classes: } } // x", (1, 28), "expected a value"),
    "prose": ("The answer is // no\n", (1, 5), 'expected ":" or "{" after The'),
    "two paths": (
        "train_input_reader { tf_record_input_reader { input_path: [a/b c/d] } }",
        (1, 65), "expected",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, where, says", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_is_no_text_format(text: str, where: tuple[int, int], says: str) -> None:
    with pytest.raises(TextFormatError) as caught:
        migrate_text(text, path="x")
    place = caught.value.place
    assert (place.path, place.line, place.column) == ("x", *where)
    assert place.source_line == text.split("\n")[where[0] - 1]
    assert says in caught.value.problem


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        migrate_config(tmp_path / "x")
    (tmp_path / "x").write_bytes("// ä".encode("latin-1"))
    with pytest.raises(TextFormatError, match="is not UTF-8"):
        migrate_config(tmp_path / "x")


def test_endless_nesting_is_left() -> None:
    text = "[a.b] { " + "c { " * 5000 + "}" * 5001
    (leftover,) = migrate_text(text).leftovers
    assert "nested too deeply" in leftover.problem


# -- advice -----------------------------------------------------------------------------------

ADVICE = {
    "valid": ("model { ssd { num_classes: 2 } }", []),
    "names": ("model { ssd { numClasses: 2\nfoo: 1 } }", [(1, 15)]),
    "syntax": ("model { } // x\n", [(1, 11)]),
    "syntax that stays": ("model { // x\n", []),
    "syntax, something else stays": ("model { foo: 1 } // x\n", [(1, 18)]),
    "part": ("box_loss { weighted_huber { } }", []),
}


@pytest.mark.parametrize("text, places", ADVICE.values(), ids=ADVICE.keys())
def test_what_would_be_mended(text: str, places: list[tuple[int, int]]) -> None:
    found = mended_places(text, "x")
    assert sorted((place.line, place.column) for place in found) == places


# -- the way back -----------------------------------------------------------------------------


def test_every_offset_finds_its_way_back() -> None:
    history = History("ab\n  cd {\n    e\n  }\nf\n", "x")
    history.apply([Mend(1, (Edit(1, 2, "BBB"),), "", "", "")])
    history.apply([Mend(0, (Edit(0, 0, "now\n"),), "", "", "")])
    assert history.text == "now\naBBB\n  cd {\n    e\n  }\nf\n"
    found = {c: history.place(history.text.index(c)) for c in "nacef"}
    assert {c: (place.line, place.column) for c, place in found.items()} == {
        "n": (1, 1), "a": (1, 1), "c": (2, 3), "e": (3, 5), "f": (5, 1),
    }  # fmt: skip


def test_moved_lines_find_their_way_back() -> None:
    text = "a {\n    b {\n      c\n    }\n}\nd {\n}\n"
    start, end = text.index("b"), text.index("    }") + 5
    history = History(text, "x")
    taken_out = Edit(start - 4, end + 1, "")
    put_in = Edit(len(text) - 2, len(text) - 2, "  b {\n    c\n  }\n")
    history.apply([Mend(0, (taken_out, put_in), "", "", "", moved=Span(start, end))])
    assert history.text == "a {\n}\nd {\n  b {\n    c\n  }\n}\n"
    for letter, place in {"b": (2, 5), "c": (3, 7)}.items():
        found = history.place(history.text.index(letter))
        assert (found.line, found.column) == place


def test_mends_that_touch_each_other_wait() -> None:
    history = History("abcdef", "x")
    first = Mend(0, (Edit(0, 1, ""), Edit(4, 5, "E")), "", "", "")
    clash = Mend(1, (Edit(1, 2, "B"), Edit(3, 6, "")), "", "", "")
    beside = Mend(2, (Edit(1, 1, "-"), Edit(5, 6, "F")), "", "", "")
    assert history.apply([first, clash, beside])
    assert history.text == "-bcdEF"
    assert not history.apply([])
