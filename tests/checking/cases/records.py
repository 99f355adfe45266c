"""What the records hold."""

from __future__ import annotations

from tests.checking.making import LABEL_MAP, VAL, Case, both, config, record, replaced, written
from tests.counting.records import PNG

_IMAGES = {"images": True}
_JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080001000201011100")

CASES = {
    "text": Case(record(class__text=[b"hexagon"]), "class-text-unknown", 110, "hexagon (1)"),
    "labels": Case(record(class__text=[], class__label=[7]), "label-out-of-range", 110, "7 (1)"),
    "nan": Case(record(bbox__xmin=[float("nan")]), "box-nan", 110, "1 box has a coordinate"),
    "inverted": Case(record(bbox__xmin=[0.9]), "box-inverted", 110, "1 box has xmax below xmin"),
    "pixels": Case(
        record(bbox__xmax=[64.0], bbox__ymax=[48.0]), "box-in-pixels", 110, "divide x by the width",
    ),
    "a little more than 1.1": Case(
        record(bbox__xmax=[1.1000002]), "box-in-pixels", 110, "1 box has a coordinate above 1.1",
    ),
    "pixels in evaluation": Case(
        record(path=VAL, bbox__xmax=[64.0]), "box-in-pixels", 124, "in evaluation, 1 box has",
    ),
    "inverted in evaluation": Case(
        record(path=VAL, bbox__xmin=[0.9]), "box-inverted", 124, "evaluation stops",
    ),
    "text in evaluation": Case(
        record(path=VAL, class__text=[b"hexagon"]), "class-text-unknown", 124, "hexagon (1)",
    ),
    "labels in evaluation": Case(
        record(path=VAL, class__text=[], class__label=[7]), "label-out-of-range", 124,
        "takes them for objects of class 1",
    ),
    "many boxes": Case(record(boxes=25), "boxes-over-maximum", 110, "cuts 5: circle (5)"),
    "no boxes": Case(
        both(record(boxes=0), config("train.record-?????", "train.record-00000")),
        "input-without-objects", 110, "no object to train on in 1 image",
    ),
    "names of none": Case(
        written(LABEL_MAP, b"item { id: 1 name: 'a' } item { id: 2 name: 'b' } "
                           b"item { id: 3 name: 'c' }"),
        "input-without-objects", 110, "for the reasons that are said beside this",
        others=["class-text-unknown"],
    ),
    "room for 0 boxes": Case(
        config("max_number_of_boxes: 20", "max_number_of_boxes: 0"),
        "input-without-objects", 110, "would take none", others=["boxes-over-maximum"],
    ),
    "no objects": Case(
        replaced(LABEL_MAP, "triangle", "star"), "class-without-objects", 9,
        "1 of 3 classes has no objects: star",
        others=["class-text-unknown"],
    ),
    "a number for a text": Case(
        record(area=[7]), "input-unreadable", 110, "image/object/area as an int64_list",
    ),
    "two heights": Case(
        record(height=[1, 2]), "input-unreadable", 110, "has 2 values in image/height",
        options=_IMAGES,
    ),
    "a text for a number, and no image": Case(
        record(encoded=[b"II*\0" + bytes(40)], width=[b"640"]),
        "input-unreadable", 110, "record 1 has image/width as a bytes_list",
        others=["image-unreadable"], options=_IMAGES,
    ),
    "no image": Case(record(encoded=[]), "image-missing", 110, "no image", options=_IMAGES),
    "empty image": Case(record(encoded=[b""]), "image-missing", 110, "record 1", options=_IMAGES),
    "images": Case(record(encoded=[PNG, PNG]), "image-missing", 110, "several", options=_IMAGES),
    "a TIFF": Case(
        record(encoded=[b"II*\0" + bytes(40)], format=[b"tiff"]),
        "image-unreadable", 110, "first record 1 of demo/data/train.record-00000-of-00002",
        options=_IMAGES,
    ),
    "a GIF": Case(
        record(encoded=[b"GIF89a\x08\0\x06\0"], format=[b"gif"]),
        "image-animated", 110, "gif of 8×6", options=_IMAGES,
    ),
    "raw": Case(record(format=[b"raw"]), "image-raw", 110, "bare pixels", options=_IMAGES),
    "a JPEG called PNG": Case(
        record(encoded=[_JPEG], format=[b"png"]),
        "image-format", 110, "jpeg of 2×1; image/format 'png'", options=_IMAGES,
    ),
    "wrong size": Case(
        record(width=[640], height=[480]),
        "image-size", 110, "png of 1×1; image/width and height 640×480", options=_IMAGES,
    ),
}  # fmt: skip
