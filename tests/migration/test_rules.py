"""Every rule on the smallest text that needs it: what becomes of it, where, and how sure."""

from __future__ import annotations

import pytest

from tfod_weights.migration import CERTAIN, LIKELY, migrate_text
from tfod_weights.migration.names import NO_COUNTERPART
from tfod_weights.migration.values import BOOLEANS
from tfod_weights.suggestions import RENAMED

# inside model.ssd: what is written → what it becomes
SSD = {
    # comments
    "slashes": ("num_classes: 2 // two", "num_classes: 2 # two"),
    "slashes without space": ("num_classes: 2//two", "num_classes: 2#two"),
    "three slashes": ("/// two", "# two"),
    "slashes and CR LF": ("num_classes: 2 // two\r", "num_classes: 2 # two\r"),
    "slashes and a lone CR": ("// two\rnum_classes: 2", "# two\n\rnum_classes: 2"),
    "slashes in a comment": ("# http://x // y\n/// z", "# http://x // y\n# z"),
    "block before a line end": ("num_classes: 2 /* two */ ", "num_classes: 2 # two "),
    "block before code": ("  /* two */ num_classes: 2", "  # two\n   num_classes: 2"),
    "block inside code": ("\tnum_classes /* two */: 2", "\tnum_classes # two\n\t: 2"),
    "block of lines": (
        "  /* one\n   * two\n\n     three\n   */",
        "  # one\n   # two\n\n     # three\n   #",
    ),
    "block of lines, CR LF": ("/* one\r\ntwo */\r", "# one\r\n# two\r"),
    "block and lone CRs": ("/* a\rb */\rnum_classes: 2", "# a\n# b\n\rnum_classes: 2"),
    "quotes in slashes": ('num_classes: 2 // the "two', 'num_classes: 2 # the "two'),
    # punctuation
    "equals sign": ("num_classes = 2", "num_classes: 2"),
    "equals sign before a block": ("loss = { }", "loss: { }"),
    "colon and equals sign": ("num_classes := 2", "num_classes : 2"),
    "two colons": ("num_classes:: 2", "num_classes: 2"),
    "no colon": ("num_classes 2", "num_classes: 2"),
    "no colon before a bool": ("freeze_batchnorm true", "freeze_batchnorm: true"),
    "two commas": ("num_classes: 2,, loss { }", "num_classes: 2, loss { }"),
    "comma and semicolon": ("num_classes: 2;, loss { }", "num_classes: 2; loss { }"),
    "comma after a bracket": ("loss {, }", "loss { }"),
    "parentheses": (
        "loss { classification_loss { weighted_sigmoid { class_weights: (1, 5) } } }",
        "loss { classification_loss { weighted_sigmoid { class_weights: [1, 5] } } }",
    ),
    "parentheses, one comma too many": ("freeze_batchnorm: (true,)", "freeze_batchnorm: true"),
    "quoted names": ('"num_classes": 2, "loss": {}', "num_classes: 2, loss: {}"),
    # names
    "snake case": ("NumClasses: 2", "num_classes: 2"),
    "camel case": ("numClasses: 2", "num_classes: 2"),
    "hyphen": ("num-classes: 2", "num_classes: 2"),
    "shouting": ("NUM_CLASSES: 2", "num_classes: 2"),
    "no counterpart": ("loss {\n  scale_loss_with_batch_size: true\n}", "loss {\n}"),
    "no counterpart, with a comment": (
        "loss {\n  from_logits: true,  # logits\n}", "loss {\n  # logits\n}",
    ),
    # values
    "number in quotes": ('num_classes: "2"', "num_classes: 2"),
    "whole number": ("num_classes: 2.0", "num_classes: 2"),
    "whole number in quotes": ("num_classes: '2e0'", "num_classes: 2"),
    "number in a list": ("num_classes: [2]", "num_classes: 2"),
    "number in a list, no colon": ("num_classes [2]", "num_classes: 2"),
    "comment in a list": ("num_classes: [2 # two\n]", "num_classes: 2 # two\n"),
    "bool in quotes": ('freeze_batchnorm: "1"', "freeze_batchnorm: 1"),
    "bool in quotes, no blank": (
        'freeze_batchnorm:"yes"num_classes:2', "freeze_batchnorm:true num_classes:2",
    ),
    "number in quotes, no blank": ('num_classes:"2"loss{}', "num_classes:2 loss{}"),
    "number in a list, no blank": ("num_classes:[2]loss{}", "num_classes:2 loss{}"),
    "no counterpart, no blank": (
        "loss { from_logits: 'x'classification_loss{} } num_classes: 2 from_logits:'x'loss { }",
        "loss { classification_loss{} } num_classes: 2 loss { }",
    ),
    "quoted name, no blank": ('num_classes: 2"loss": {}', "num_classes: 2 loss: {}"),
    "null": ("  num_classes: null\n  loss { }", "  loss { }"),
    "null for a message": ('"num_classes": 2, "loss": null', "num_classes: 2,"),
    "None": ("freeze_batchnorm: None num_classes: 2", "num_classes: 2"),
    "None for an enum": (
        "feature_extractor { conv_hyperparams { activation: None } }",
        "feature_extractor { conv_hyperparams { activation: NONE } }",
    ),
    "minus": ("num_classes: −2", "num_classes: -2"),
    # characters
    "zero-width space": ("num_\u200bclasses: 2", "num_classes: 2"),
    "soft hyphen": ("num_\u00adclasses: 2", "num_classes: 2"),
    "full-width": ("num_classes：2；loss ｛｝", "num_classes:2;loss {}"),
    "no-break space": ("num_classes:\u00a02 // two", "num_classes:\u00a02 # two"),
    # placement
    "too deep": ("  loss {\n    num_classes: 2,\n  }", "  loss {\n  }\n  num_classes: 2"),
    "two too deep": (
        "  loss {\n    hard_example_miner { num_classes: 2 }\n  }",
        "  loss {\n    hard_example_miner { }\n  }\n  num_classes: 2",
    ),
    "too high": (
        "hard_example_miner {\n  # all\n  num_hard_examples: 3\n}\nloss {\n}",
        "loss {\n  hard_example_miner {\n    # all\n    num_hard_examples: 3\n  }\n}",
    ),
    "too high, with a comment": (
        "box_loss { }  # boxes\nloss {\n    # none\n}",
        "loss {\n    # none\n  localization_loss { }  # boxes\n}",
    ),
    "too high, into a line": (
        "box_loss { }  # boxes\nloss { }", "# boxes\nloss { localization_loss { } }",
    ),
    "beside": (
        "image_resizer { }\nloss {\n  fixed_shape_resizer { }, // 300\n}",
        "image_resizer { fixed_shape_resizer { } }\nloss {\n  # 300\n}",
    ),
    "renamed and moved": (
        "  loss { NormalizeLossByNumMatches: yes }",
        "  loss { }\n  normalize_loss_by_num_matches: true",
    ),
}  # fmt: skip


def in_ssd(text: str) -> str:
    return f"model {{\nssd {{\n{text}\n}}\n}}\n"


@pytest.mark.parametrize("before, after", SSD.values(), ids=SSD.keys())
def test_in_an_ssd(before: str, after: str) -> None:
    migrated = migrate_text(in_ssd(before))
    assert migrated.text == in_ssd(after)
    assert migrated.leftovers == ()
    assert migrate_text(migrated.text).text == migrated.text


STRINGS = {
    "a path": ("/data/train.record", '"/data/train.record"'),
    "a path beside a comment": ("/data/a.record // a", '"/data/a.record" # a'),
    "a pattern like a comment": ("/data/*/a//*.record", '"/data/*/a//*.record"'),
    "a URL": ("gs://bucket/train-?????-of-00010", '"gs://bucket/train-?????-of-00010"'),
    "a URL in quotes": ('"http://x // y"', '"http://x // y"'),
    "a Windows path": ("C:\\data\\new.record", '"C:\\\\data\\\\new.record"'),
    "a Windows path in quotes": ('"C:\\Users\\me"', '"C:\\\\Users\\\\me"'),
    "a path with a space": ("/my data/a.record # a", '"/my data/a.record" # a'),
    "a path with brackets": ("data/a-[0-9].record", '"data/a-[0-9].record"'),
    "a path with a variable": ("${DATA}/a.record", '"${DATA}/a.record"'),
    "a name with a dot": ("train.record", '"train.record"'),
    "a name": ("train", '"train"'),
    "a number": ("5", '"5"'),
    "a separator": ("/data/a.record,", '"/data/a.record",'),
    "a list": ("[/a/b, gs://c//d , e, 'f',]", '["/a/b", "gs://c//d" , "e", \'f\']'),
    "a list on lines": (
        "[\n  a/b, // one\n  'c' /* two */\n]",
        "[\n  \"a/b\", # one\n  'c' # two\n]",
    ),
    "a list without commas": ("[a/b # 1\n 'c'\n d/e]", '["a/b" # 1\n \'c\',\n "d/e"]'),
    "typographic quotes": ("“a/b”", '"a/b"'),
    "German quotes": ("„a/b“", '"a/b"'),
    "French quotes": ("«a/b»", '"a/b"'),
    "typographic single quotes": ("‘a/b’", "'a/b'"),
    "backticks": ("`a/b`", "'a/b'"),
    "an accent": ("´a/b`", "'a/b'"),
    "half typographic": ('"a/b”', '"a/b"'),
    "the other half": ('“a/b"', '"a/b"'),
    "half typographic, single": ("'a/b’ # it’s", "'a/b' # it’s"),
    "typographic inside": ('"a “b” c" // d', '"a “b” c" # d'),
    "invisible inside": ('"a\u200bb" // c', '"a\u200bb" # c'),
    "full-width inside": ('"a：b" // c', '"a：b" # c'),
    "value on the next line": ("// here\n  a/b", '# here\n  "a/b"'),
}


def in_reader(value: str) -> str:
    return f"train_input_reader {{ tf_record_input_reader {{\n  input_path: {value}\n}} }}\n"


@pytest.mark.parametrize("before, after", STRINGS.values(), ids=STRINGS.keys())
def test_strings(before: str, after: str) -> None:
    migrated = migrate_text(in_reader(before))
    assert migrated.text == in_reader(after)
    assert migrated.leftovers == ()
    assert migrate_text(migrated.text).text == migrated.text


def test_nothing_is_no_string() -> None:
    migrated = migrate_text(in_reader("nil"))
    assert migrated.text == "train_input_reader { tf_record_input_reader {\n} }\n"
    in_list = migrate_text(in_reader('[null, "a"]'))
    assert in_list.text == in_reader('[null, "a"]')
    assert len(in_list.leftovers) == 1


# -- the tables of the rules ------------------------------------------------------------------


@pytest.mark.parametrize("theirs", RENAMED)
def test_every_name_of_the_web_is_known_somewhere(theirs: str) -> None:
    ours = RENAMED[theirs]
    if ours.isupper():
        before = f"model {{ ssd {{ loss {{ hard_example_miner {{ loss_type: '{theirs}' }} }} }} }}"
        after = before.replace(f"'{theirs}'", ours)
        certainty = LIKELY
    else:
        around = {
            "class_weights": "classification_loss { weighted_sigmoid { NAME: [1] } }",
            "classification_loss": "NAME { }",
            "localization_loss": "NAME { }",
            "weighted_sigmoid": "classification_loss { NAME { } }",
            "weighted_softmax": "classification_loss { NAME { } }",
            "weighted_sigmoid_focal": "classification_loss { NAME { } }",
        }.get(ours, "localization_loss { NAME { } }")
        template = f"model {{ ssd {{ loss {{ {around} }} }} }}"
        before, after = template.replace("NAME", theirs), template.replace("NAME", ours)
        certainty = CERTAIN
    migrated = migrate_text(before)
    assert migrated.text == after
    assert [edit.certainty for edit in migrated.edits] == [certainty]


@pytest.mark.parametrize("name", NO_COUNTERPART)
def test_what_has_no_counterpart_goes_and_says_why(name: str) -> None:
    migrated = migrate_text(in_ssd(f"  {name}: true\n  num_classes: 2"))
    assert migrated.text == in_ssd("  num_classes: 2")
    assert [edit.reason for edit in migrated.edits] == [NO_COUNTERPART[name]]


@pytest.mark.parametrize("word", [*BOOLEANS, "True", "TRUE", "Yes", "OFF", "t", "0"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_booleans(word: str, quote: str) -> None:
    """What protobuf takes without quotes stays; every other spelling becomes true or false."""
    migrated = migrate_text(in_ssd(f"freeze_batchnorm: {quote}{word}{quote}"))
    meant, certainty = BOOLEANS.get(word.casefold(), (word, CERTAIN))
    if not quote and word in ("true", "True", "false", "t", "0"):
        assert migrated.edits == ()
    else:
        assert migrated.text == in_ssd(f"freeze_batchnorm: {meant}")
        assert [edit.certainty for edit in migrated.edits] == [certainty]
