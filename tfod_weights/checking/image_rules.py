"""Rules about the images in the training records, by their headers (`check --images`).

What TFOD makes of each was seen with object_detection/data_decoders/tf_example_decoder.py.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.data_rules import unsaid
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.input_rules import read_paths
from tfod_weights.counting import Progress, expand_patterns
from tfod_weights.counting.features import STOPS
from tfod_weights.counting.image_headers import GIF, JPEG, WEBP, ImageHeader
from tfod_weights.counting.images import RecordImage, record_images
from tfod_weights.errors import SourcePlace, TfodWeightsError
from tfod_weights.pipeline import PipelineConfig

# id -> what to say of so many images, and the next step
_TEXTS = {
    "image-missing": (
        "{images} no image in image/encoded, or several",
        "TFOD stops at the first of them; write the records again",
    ),
    "image-unreadable": (
        "{images} neither a JPEG, nor a PNG or BMP file in image/encoded",
        "TFOD stops at the first of them; encode them as JPEG or PNG",
    ),
    "image-animated": (
        "{images} a GIF or WebP file in image/encoded",
        "TFOD decodes those into frames and stops; encode them as JPEG or PNG",
    ),
    "image-raw": (
        "{images} image/format raw: TFOD takes the image for bare pixels",
        "TFOD stops at the first of them; write the true format, e.g. jpeg",
    ),
    "image-format": (
        "{images} another format than image/format says",
        "TFOD looks at the image itself; other readers of the records may not",
    ),
    "image-size": (
        "{images} another size than image/width and height say",
        "see whether the boxes were divided by the wrong size, or belong to a turned image",
    ),
}
_JPEG_NAMES = ("jpeg", "jpg")


def image_findings(
    config: PipelineConfig, progress: Optional[Progress] = None
) -> Iterator[Finding]:
    """What the headers of the training images say against them, one finding for each kind."""
    reader = config.root.message("train_input_reader")
    paths = [path for path, _ in read_paths(config, reader)] if reader else []
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    stops: Optional[str] = None
    try:
        files = [file for files in expand_patterns(paths) for file in files]
        sequences = config.require_train_input().input_type == "TF_SEQUENCE_EXAMPLE"
        for image in record_images(files, sequences=sequences, progress=progress):
            if image.problem and not stops:
                stops = f"{image.place}: record {image.record} {image.problem}"
            id = fault_of(image)
            if id:
                counts[id] = counts.get(id, 0) + 1
                first.setdefault(id, _example(image))
    except TfodWeightsError as error:
        yield from unsaid(config, error)  # counting may have said the same
    place = config.input_place
    if stops:  # in the same words as counting, if that comes to it first
        yield Finding("input-unreadable", stops, place, STOPS)
    yield from (_finding(id, counts[id], first[id], place) for id in _TEXTS if id in counts)


def fault_of(image: RecordImage) -> Optional[str]:
    """The id of the worst that can be said of an image; None if it is fine."""
    header, named = image.header, (image.format or "").lower()
    if image.images != 1 or not image.size:
        return "image-missing"
    if image.format in ("raw", "RAW"):
        return "image-raw"
    if header is None:
        return "image-unreadable"
    if header.format in (GIF, WEBP):
        return "image-animated"
    named_size, real_size = (image.width, image.height), (header.width, header.height)
    if any(a is not None and b is not None and a != b for a, b in zip(named_size, real_size)):
        return "image-size"
    expected = _JPEG_NAMES if header.format == JPEG else (header.format,)
    return "image-format" if named and named not in expected else None


def _example(image: RecordImage) -> str:
    header = image.header
    what = []
    if header:
        what.append(header.format if header.width is None else _sized(header))
    if image.format is not None:
        what.append(f"image/format {image.format!r}")
    if image.width is not None and image.height is not None:
        what.append(f"image/width and height {image.width}×{image.height}")
    where = f"record {image.record} of {image.place.path}"
    return f"{where} ({'; '.join(what)})" if what else where


def _sized(header: ImageHeader) -> str:
    return f"{header.format} of {header.width}×{header.height}"


def _finding(id: str, count: int, example: str, place: SourcePlace) -> Finding:
    text, help = _TEXTS[id]
    images = "1 record has" if count == 1 else f"{count} records have"
    return Finding(id, f"{text.format(images=images)}: first {example}", place, help)
