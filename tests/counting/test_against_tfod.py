"""Counts compared with the real TFOD: its decoders, filters and padding on the same bytes."""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Optional, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import (
    protobuf,
    test_examples,
    test_hierarchy,
    test_patterns,
    test_sequences,
)
from tests.counting.messages import annotations
from tests.counting.records import BOX, PNG, SIDES, example, image, sequence, write_records
from tests.tfod_imports import import_tfod
from tfod_weights.counting import (
    ClassCounts,
    count_classes,
    expand_patterns,
    labelled_records,
)
from tfod_weights.errors import LabelMapError, NoMatchError, RecordError
from tfod_weights.label_map import LabelMap, LabelMapItem

import_tfod()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from object_detection import inputs  # noqa: E402
from object_detection.builders import dataset_builder, decoder_builder  # noqa: E402
from object_detection.core.standard_fields import InputDataFields as Fields  # noqa: E402
from object_detection.protos import input_reader_pb2  # noqa: E402

from tfod_weights.runtime.sampling.image_labels import labels_reader  # noqa: E402

PETS = LabelMap(
    (
        LabelMapItem(1, "cat", "Kitty"),
        LabelMapItem(2, "dog"),
        LabelMapItem(3, "motorcycle", "x" * 130),
    )
)
MAX_BOXES = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tfod")


def write_label_map(path: Path, label_map: LabelMap) -> str:
    lines = []
    for item in label_map.items:
        name = f" name: '{item.name}'" if item.name else ""
        display_name = f" display_name: '{item.display_name}'" if item.display_name else ""
        ancestors = "".join(f" ancestor_ids: {ancestor}" for ancestor in item.ancestor_ids)
        lines.append(f"item {{ id: {item.class_id}{name}{display_name}{ancestors} }}\n")
    path.write_text("".join(lines))
    return str(path)


class RealTfod:
    """What TFOD makes of one record, or of one frame of it."""

    def __init__(
        self,
        label_map: Optional[str],
        num_classes: int,
        max_boxes: int,
        frame: Optional[int],
        expand: bool = False,
        merge: bool = False,
    ) -> None:
        self.config = input_reader_pb2.InputReader()
        self.config.tf_record_input_reader.input_path.append("unused")
        if label_map:
            self.config.label_map_path = label_map
        if frame is not None:
            self.config.input_type = input_reader_pb2.TF_SEQUENCE_EXAMPLE
            self.config.frame_index = frame
        self.config.expand_labels_hierarchy = expand
        self.merge = merge
        self.num_classes = num_classes
        self.max_boxes = max_boxes
        decoder = decoder_builder.build(self.config)
        self.run = tf.function(
            lambda data: self.transform(self.one_frame(decoder.decode(data))),
            input_signature=[tf.TensorSpec([], tf.string)],
        )

    def one_frame(self, tensors: Any) -> Any:
        """Of a sequence; an Example passes through."""
        reduce = inputs.get_reduce_to_frame_fn(self.config, is_training=True)
        return reduce(tensors, lambda tensors, fn, *_: fn(tensors), 1, self.config)

    def transform(self, tensors: Any) -> Any:
        """As train_input transforms, without augmentation and a model's preprocessing."""
        tensors = inputs.transform_input_data(
            tensors,
            model_preprocess_fn=lambda image: (image, tf.constant([[1, 1, 3]])),
            image_resizer_fn=lambda image, masks=None: (image, masks, tf.shape(image)),
            num_classes=self.num_classes,
            merge_multiple_boxes=self.merge,
        )
        return inputs.pad_input_data_to_static_shapes(tensors, self.max_boxes, self.num_classes)

    def counts(self, data: bytes) -> Counter[tuple[str, int]]:
        """(what, class_id) -> boxes that weigh something; class_id 0 for none."""
        tensors = self.run(data)
        number = int(tensors[Fields.num_groundtruth_boxes])
        found: Counter[tuple[str, int]] = Counter()
        for j in np.flatnonzero(tensors[Fields.groundtruth_weights][:number]):
            row = tensors[Fields.groundtruth_classes][j].numpy()
            for class_id in map(int, 1 + np.flatnonzero(row) if row.any() else [0]):
                found["objects", class_id] += 1
                for flag in (Fields.groundtruth_is_crowd, Fields.groundtruth_difficult):
                    if class_id and flag in tensors and not self.merge:  # it leaves flags behind
                        found[flag, class_id] += bool(tensors[flag][j])
        return found


real_tfod = lru_cache(maxsize=None)(RealTfod)


def our_counts(counts: ClassCounts, *, flags: bool = True) -> Counter[tuple[str, int]]:
    found = Counter({("objects", 0): counts.dropped["out_of_range_label"]})
    for row in counts.classes:
        found["objects", row.class_id] = row.objects
        if not flags:
            continue
        found[Fields.groundtruth_is_crowd, row.class_id] = row.crowd
        found[Fields.groundtruth_difficult, row.class_id] = row.difficult
    return found


def check(path: Path, data: bytes, real: Sequence[RealTfod], **options: Any) -> None:
    """Count a record as TFOD does, frame by frame, or fail where TFOD fails."""
    write_records(path, data)
    try:
        counts = count_classes(path, **options)
    except RecordError:
        counts = None
    if counts is None or counts.inverted_boxes:
        with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
            for tfod in real:
                tfod.counts(data)
        return
    ours = our_counts(counts, flags=not options.get("merge_multiple_label_boxes"))
    assert +ours == +sum((tfod.counts(data) for tfod in real), Counter())


@given(annotations(), st.booleans())
def test_made_up_examples(folder: Path, boxes: dict[str, Any], has_map: bool) -> None:
    name = write_label_map(folder / "pets.pbtxt", PETS) if has_map else None
    check(
        folder / "a.record",
        example({"image/encoded": [PNG], **boxes}),
        [real_tfod(name, PETS.max_id, MAX_BOXES, None)],
        label_map=PETS if has_map else None,
        num_classes=PETS.max_id,
        max_number_of_boxes=MAX_BOXES,
    )


TABLES = {
    name: case[0] for name, case in [*test_examples.COUNTED.items(), *test_examples.STOPS.items()]
}


@pytest.mark.parametrize("features", TABLES.values(), ids=TABLES.keys())
def test_examples_of_the_tables(folder: Path, features: dict[str, Any]) -> None:
    label_map = test_examples.PETS
    real = real_tfod(write_label_map(folder / "tables.pbtxt", label_map), label_map.max_id, 3, None)
    data = example({"image/encoded": [PNG], **features})
    check(folder / "a.record", data, [real], label_map=label_map, max_number_of_boxes=3)


def check_sequence(folder: Path, data: bytes, label_map: LabelMap) -> None:
    is_named = all(item.name for item in label_map.items)
    name = write_label_map(folder / f"named-{is_named}.pbtxt", label_map)
    lists = protobuf.SequenceExample.FromString(data).feature_lists.feature_list
    frames = range(max(1, len(lists["image/source_id"].feature)))
    check(
        folder / "a.record",
        data,
        [real_tfod(name, label_map.max_id, 5, frame) for frame in frames],
        label_map=label_map,
        max_number_of_boxes=5,
        input_type="TF_SEQUENCE_EXAMPLE",
    )


@st.composite
def sequences(draw: st.DrawFn) -> bytes:
    """A SequenceExample, in which something may be missing."""
    frames = draw(st.integers(1, 3))
    wrong = draw(st.integers(0, 3)) == 0
    images = [draw(annotations(wrong_sizes=wrong)) for _ in range(frames)]
    lists: dict[str, Any] = {side: [image[BOX + side] for image in images] for side in SIDES}
    texts = []
    for row in lists["xmin"]:
        size = max(0, len(row) + draw(st.sampled_from([0, 0, 0, 0, 1, -1])))
        names = st.sampled_from([b"cat", b"cat", b"dog", b"Kitty", b"cow", b""])
        texts.append(draw(st.lists(names, min_size=size, max_size=size)))
    if wrong and draw(st.booleans()):
        lists[draw(st.sampled_from(["is_annotated", "source_id", *SIDES, "string"]))] = None
    elif wrong:
        lists["is_annotated"] = draw(st.sampled_from([[[1]], [[1], [0]], [[0]] * 4, [[]] * 3]))
    return sequence(texts, **lists)


@given(sequences(), st.booleans())
def test_made_up_sequences(folder: Path, data: bytes, named: bool) -> None:
    label_map = test_sequences.PETS if named else test_sequences.UNNAMED
    check_sequence(folder, data, label_map)


def check_hierarchy(
    folder: Path, features: dict[str, Any], label_map: LabelMap, expand: bool, merge: bool
) -> None:
    items = [(item.class_id, item.ancestor_ids) for item in label_map.items]
    name = write_label_map(folder / f"{hash(tuple(items))}.pbtxt", label_map)
    check(
        folder / "a.record",
        example({"image/encoded": [PNG], **features}),
        [real_tfod(name, label_map.max_id, 4, None, expand, merge)],
        label_map=label_map,
        max_number_of_boxes=4,
        expand_labels_hierarchy=expand,
        merge_multiple_label_boxes=merge,
    )


HIERARCHY = {
    name: case[0]
    for name, case in [
        *test_hierarchy.EXPANDED.items(),
        *test_hierarchy.EXPANSION_STOPS.items(),
    ]
}
ODD_ANCESTORS = LabelMap(
    (
        LabelMapItem(0, "background", ancestor_ids=(1,)),
        LabelMapItem(1, "cat", ancestor_ids=(0, -1)),
        LabelMapItem(3, "dog"),
    )
)


@pytest.mark.parametrize("features", HIERARCHY.values(), ids=HIERARCHY.keys())
def test_hierarchy_of_the_tables(folder: Path, features: dict[str, Any]) -> None:
    check_hierarchy(folder, features, test_hierarchy.PETS, expand=True, merge=False)


@given(test_hierarchy.images(wrong_sizes=True), st.booleans())
def test_hierarchy_of_made_up_examples(folder: Path, features: Any, is_flat: bool) -> None:
    label_map = test_hierarchy.FLAT if is_flat else test_hierarchy.PETS
    check_hierarchy(folder, features, label_map, expand=True, merge=False)


@given(test_hierarchy.images(), st.booleans())
def test_hierarchy_merged(folder: Path, features: Any, expand: bool) -> None:
    # It refuses to merge boxes that are no share of the image.
    shares = {75.0: 0.75, -0.5: 0.0}
    for side in SIDES:
        features[BOX + side] = [shares.get(value, value) for value in features[BOX + side]]
    check_hierarchy(folder, features, test_hierarchy.PETS, expand, merge=True)


@cache
def sampling_labels(**options: Any) -> Any:
    """Reads the classes of a record, as class sampling does in the training input."""
    labels = labels_reader(test_hierarchy.PETS, **options)
    return tf.function(labels, input_signature=[tf.TensorSpec([], tf.string)])


@given(test_hierarchy.images(), st.booleans(), st.booleans())
def test_hierarchy_read_for_sampling(
    folder: Path, features: Any, expand: bool, merge: bool
) -> None:
    options = {"expand_labels_hierarchy": expand, "merge_multiple_label_boxes": merge}
    data = example({"image/encoded": [PNG], **features})
    path = write_records(folder / "a.record", data)
    numbers = {"num_classes": 5, "max_number_of_boxes": 4}
    labels = sampling_labels(**numbers, **options)(data).numpy()
    try:
        [record] = labelled_records([path], test_hierarchy.PETS, **numbers, **options)
    except RecordError:
        return  # TFOD stops at the record itself, and says why
    assert tuple(sorted(labels)) == record.class_ids


def test_hierarchy_of_odd_ancestors(folder: Path) -> None:
    for label in (1, 2, 3):
        check_hierarchy(folder, image([], [label]), ODD_ANCESTORS, expand=True, merge=False)
    for ancestors, error in (((2,), IndexError), ((1,), RuntimeError), ((-1,), IndexError)):
        label_map = LabelMap((LabelMapItem(1, "cat", ancestor_ids=ancestors),))
        with pytest.raises(LabelMapError):
            label_map.lineages()
        name = write_label_map(folder / "odd.pbtxt", label_map)
        with pytest.raises((error, tf.errors.InvalidArgumentError)):
            RealTfod(name, 1, 4, None, expand=True).counts(example(image([], [1])))


SEQUENCES = {name: sequence(case[0], **case[1]) for name, case in test_sequences.COUNTED.items()}
SEQUENCES.update({name: data for name, (data, _) in test_sequences.STOPS.items()})


@pytest.mark.parametrize("data", SEQUENCES.values(), ids=SEQUENCES.keys())
def test_sequences_of_the_tables(folder: Path, data: bytes) -> None:
    check_sequence(folder, data, test_sequences.PETS)


def test_unannotated_frames_are_trained_on_like_any_other(folder: Path) -> None:
    """The training labels do not say which frames are annotated, so no loss is masked."""
    tfod = real_tfod(write_label_map(folder / "p.pbtxt", test_sequences.PETS), 3, 5, 0)
    tensors = tfod.run(sequence([[b"cat"]], is_annotated=[[0]]))
    assert not tensors[Fields.is_annotated]
    assert Fields.is_annotated not in inputs._get_labels_dict(tensors)


def test_real_data_through_the_whole_input_pipeline(shared_data: Path) -> None:
    data = shared_data / "bccd"
    tfod = real_tfod(str(data / "label_map.pbtxt"), 3, 15, None)
    config = input_reader_pb2.InputReader()
    config.CopyFrom(tfod.config)
    config.tf_record_input_reader.input_path[:] = [str(data / "train.record-*")]
    config.num_epochs = 1
    config.shuffle = False
    theirs: Counter[int] = Counter()
    for tensors in dataset_builder.build(config, transform_input_data_fn=tfod.transform):
        number = int(tensors[Fields.num_groundtruth_boxes])
        rows = tensors[Fields.groundtruth_classes][:number]
        theirs.update(map(int, 1 + tf.argmax(rows, axis=1)))
    counts = count_classes(
        data / "train.record-*", data / "label_map.pbtxt", max_number_of_boxes=15
    )
    assert {row.class_id: row.objects for row in counts.classes} == theirs
    assert counts.truncated_images > 10


@pytest.mark.parametrize("pattern", test_patterns.MATCHES)
def test_patterns_match_like_tensorflow(
    folder: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in test_patterns.FILES:
        (folder / "glob" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "glob" / name).touch()
    monkeypatch.chdir(folder / "glob")
    theirs = [str(Path(path)) for path in tf.io.gfile.glob(pattern)]
    try:
        ours = expand_patterns(pattern)[0]
    except NoMatchError:
        ours = []
    assert ours == sorted(theirs)
