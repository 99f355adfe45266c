"""Weights that the user gives: a list, or a file by class name."""

import json
import math

import pytest

from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.weighting import class_weights, given_weights, weights_from_file

NAMES = {1: "RBC", 2: "WBC", 3: "Platelets"}


def test_a_list_is_taken_as_it_is():
    weights = given_weights([1, 5], names={1: "RBC", 2: "WBC"}, source="--weights")
    assert weights.values == (1, 5)
    assert (weights.scheme, weights.normalize, weights.source) == ("given", "none", "--weights")
    assert [row.name for row in weights.rows] == ["RBC", "WBC"]
    assert weights.warnings == ()


def test_class_weights_stay_what_they_are():
    weights = class_weights([100, 20])
    assert given_weights(weights, num_classes=2) is weights


def test_gaps_of_given_weights_are_known():
    weights = given_weights([1, 2, 30], names={1: "a", 3: "c"})
    assert [warning.kind for warning in weights.warnings] == ["large-ratio", "gap"]
    assert weights.rows[1].is_gap


def test_names_and_numbers_of_given_weights():
    assert given_weights([1, 2, 3], names={1: "a"}).rows[2].is_gap
    with pytest.raises(WeightsError, match="there are 2 weights for num_classes 3"):
        given_weights([1, 2], names={1: "a", 3: "c"})
    with pytest.raises(WeightsError, match="there are 0 weights"):
        given_weights([])


def test_unnamed_classes_are_called_by_their_id():
    message = given_weights([1, 50]).warnings[0].message
    assert message.startswith("class_id 2 weighs 50 times as much as class_id 1")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 0], "weight of class_id 2 is 0, but must be above 0"),
        ([1, -2.5], "weight of class_id 2 is -2.5, but must be above 0"),
        ([math.nan, 1], "weight of class_id 1 is nan, not a finite number"),
        ([1, math.inf], "weight of class_id 2 is inf, not a finite number"),
        ([1, "5"], "weight of class_id 2: '5' is not a number"),
        ([1, True], "weight of class_id 2: True is not a number"),
        ([1, 5, 5], "there are 3 weights for num_classes 2"),
        ([], "there are 0 weights for num_classes 2"),
    ],
)
def test_lists_that_are_refused(values, message):
    with pytest.raises(WeightsError, match=message):
        given_weights(values, num_classes=2)


@pytest.mark.parametrize("values", ["1,5", {1: 1.0}, 5, None])
def test_weights_that_are_no_sequence(values):
    with pytest.raises(UsageError, match="weights must be a sequence of numbers"):
        given_weights(values)


@pytest.mark.parametrize(
    "text",
    [
        '{"RBC": 1, "WBC": 3.5, "Platelets": 4}',
        '\n{\n  "WBC": 35e-1,\n  "Platelets": 4,\n  "RBC": 1\n}\n',
        "RBC: 1\nWBC: 3.5\nPlatelets: 4\n",
        "RBC,1\nWBC,3.5\nPlatelets,4",
        "RBC\t1\nWBC\t3.5\nPlatelets\t4",
        "\ufeffRBC,1\r\nWBC,3.5\r\nPlatelets,4\r\n",
        "# cells\n---\n\n  RBC : 1 # red: many, many\n'WBC': 3.5\n\"Platelets\": 4\n",
        "name,weight\nRBC,1\nWBC,3.5\nPlatelets,4\n",
        "Class , Weight\nRBC , 1\nWBC , 3.5\nPlatelets , 4\n",
        'id,name,objects,weight\n1,RBC,2382,1\n2,"WBC",214,3.5\n3,Platelets,209,4\n',
        "name\tweight\nRBC\t1\nWBC\t3.5\nPlatelets\t4\n",
        'id\tname\tobjects\tweight\n1\tRBC\t\t1\n2\t"WBC"\t2,5\t3.5\n3\tPlatelets\t209\t4\n',
        '{"scheme": "sqrt", "weights": [{"id": 1, "name": "RBC", "weight": 1}, '
        '{"name": "WBC", "weight": 3.5}, {"name": null, "weight": 1}, '
        '{"weight": 4, "name": "Platelets"}]}',
    ],
)
def test_files_that_say_the_same(tmp_path, text):
    path = tmp_path / "weights"
    path.write_bytes(text.encode())
    weights = weights_from_file(path, names=NAMES)
    assert weights.values == (1, 3.5, 4)
    assert weights.source == str(path)
    assert [row.name for row in weights.rows] == list(NAMES.values())


@pytest.mark.parametrize(
    "text",
    [
        '"cell, red: big": 2\n#1: 3\n"#1": 3\ndriver\'s: seat: 4',
        "\"cell, red: big\",2\n'#1',3\ndriver's: seat,4",
        'name,weight\n"cell, red: big",2\n"#1",3\ndriver\'s: seat,4',
        '{"cell, red: big": 2, "#1": 3, "driver\'s: seat": 4}',
    ],
)
def test_names_with_separators(tmp_path, text):
    path = tmp_path / "weights"
    path.write_text(text, encoding="utf-8")
    names = {1: "cell, red: big", 2: "#1", 3: "driver's: seat"}
    assert weights_from_file(path, names=names).values == (2, 3, 4)


def test_quotes_inside_quotes(tmp_path):
    path = tmp_path / "weights.csv"
    path.write_text('"17"" screen",2\n', encoding="utf-8")
    assert weights_from_file(path, names={1: '17" screen'}).values == (2,)


def test_a_class_called_weights(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text('{"weights": 2, "dumbbell": 3}', encoding="utf-8")
    assert weights_from_file(path, names={1: "weights", 2: "dumbbell"}).values == (2, 3)


def test_ids_above_all_reason_are_refused(tmp_path):
    path = tmp_path / "weights.txt"
    path.write_text("a: 1\n")
    for names, num_classes in (({2147483647: "a"}, None), ({1: "a"}, 2147483647)):
        with pytest.raises(UsageError, match="is 2147483647, above the limit of 100,000"):
            weights_from_file(path, names, num_classes)


def test_gaps_weigh_one(tmp_path):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"a": 2, "c": 3}), encoding="utf-8")
    weights = weights_from_file(path, names={0: "background", 1: "a", 3: "c"}, num_classes=4)
    assert weights.values == (2, 1, 3, 1)
    assert [warning.class_ids for warning in weights.warnings] == [(2, 4)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "RBC: 1\nWBc: 2\nPlatelets: 3",
            "{path}:2:1: there is no class 'WBc'\n  WBc: 2\n  ^\nhelp: did you mean 'WBC'?",
        ),
        (
            '{"RBC": 1,\n "Platelet": 3}',
            "{path}:2:2: there is no class 'Platelet'\n   \"Platelet\": 3}\n   ^\n"
            "help: did you mean 'Platelets'?",
        ),
        (
            "car: 1",
            "{path}:1:1: there is no class 'car'\n  car: 1\n  ^\n"
            "help: the classes are RBC, WBC, Platelets",
        ),
        (
            "RBC: 1\nWBC: 2\n  RBC: 3",
            "{path}:3:3: a second weight for class 'RBC'\n    RBC: 3\n    ^\n"
            "help: the first is in line 1",
        ),
        (
            '{"RBC": 1, "RBC": 2}',
            '{path}:1:12: a second weight for class \'RBC\'\n  {"RBC": 1, "RBC": 2}\n'
            "             ^\nhelp: the first is in line 1",
        ),
        (
            "RBC: 1\nWBC: 2",
            "{path}: no weight for 'Platelets'\n"
            "help: name every class of the label map; weight 1 leaves a class as it is",
        ),
        (
            "RBC: 1\nWBC: two\nPlatelets: 3",
            "{path}:2:6: weight of 'WBC': 'two' is not a number\n  WBC: two\n       ^",
        ),
        (
            '{"RBC": 1, "WBC": "2", "Platelets": 3}',
            "{path}:1:19: weight of 'WBC': '2' is not a number\n"
            '  {"RBC": 1, "WBC": "2", "Platelets": 3}\n                    ^',
        ),
        (
            "RBC,1\nWBC,0\nPlatelets,3",
            "{path}:2:5: weight of 'WBC' is 0.0, but must be above 0\n  WBC,0\n      ^",
        ),
        (
            "RBC,nan\nWBC,1\nPlatelets,3",
            "{path}:1:5: weight of 'RBC' is nan, not a finite number\n  RBC,nan\n      ^",
        ),
        (
            "RBC: 1\n  WBC 2",
            "{path}:2:3: a line without a weight\n    WBC 2\n    ^\n"
            "help: write `name: weight` or `name,weight`",
        ),
        (
            "id,name,weight\n1,RBC",
            "{path}:2:1: a row with fewer cells than the header\n  1,RBC\n  ^",
        ),
        (
            '{"RBC": 1 "WBC": 2}',
            "{path}:1:11: not JSON: Expecting ',' delimiter\n"
            '  {"RBC": 1 "WBC": 2}\n            ^',
        ),
        (
            " [1, 5]",
            "{path}:1:2: a list does not name its classes\n   [1, 5]\n   ^\n"
            'help: write {"name": weight}',
        ),
        (
            '{"WBC": 1, "Platelets": 3,\n"RBC": ' + "9" * 5000 + "}",
            "{path}:2:8: weight of 'RBC' is inf, not a finite number\n"
            '  "RBC": ' + "9" * 5000 + "}\n         ^",
        ),
        (
            "[" * 100_000,
            '{path}: this JSON is nested too deeply\nhelp: write {"name": weight}',
        ),
        (
            '{"weights": [{"name": "RBC"}]}',
            '{path}:1:14: every item of "weights" needs a "name" and a "weight"\n'
            '  {"weights": [{"name": "RBC"}]}\n               ^',
        ),
    ],
)
def test_errors_point_at_their_place(tmp_path, text, expected):
    path = tmp_path / "weights"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError) as error:
        weights_from_file(path, names=NAMES)
    assert str(error.value) == expected.replace("{path}", str(path))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(WeightsError, match=r"none: cannot be read: No such file"):
        weights_from_file(tmp_path / "none", names=NAMES)
    (tmp_path / "latin").write_bytes(b"caf\xe9: 1")
    with pytest.raises(WeightsError, match="latin: is not UTF-8 at byte 3"):
        weights_from_file(tmp_path / "latin", names=NAMES)


def test_names_that_two_classes_share(tmp_path):
    path = tmp_path / "weights"
    path.write_text("a: 1", encoding="utf-8")
    with pytest.raises(WeightsError, match="class_id 1 and class_id 2 are both named 'a'"):
        weights_from_file(path, names={1: "a", 2: "a"})


def test_files_need_names(tmp_path):
    path = tmp_path / "weights"
    with pytest.raises(UsageError, match="goes by class names, but there are none"):
        weights_from_file(path, names={}, num_classes=2)
