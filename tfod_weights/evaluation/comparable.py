"""Which evaluations can be compared: those of the same images, classes and thresholds."""

from __future__ import annotations

import importlib.util
from typing import Any, Iterator, Optional, Sequence

from tfod_weights.errors import EvaluationError, TfodWeightsError
from tfod_weights.evaluation.average_precision import MatchArrays
from tfod_weights.evaluation.result import IOU_THRESHOLDS, ClassMatches, Evaluation

_SAME_IMAGES = (
    "evaluate all of them on the same records, with the same label map and version of tfod-weights"
)
_SAME_THRESHOLDS = "evaluate all of them with the same --iou and --score-threshold"


def require_numpy() -> None:
    """Check that a comparison can be computed.

    Raises:
        TfodWeightsError: numpy is not installed.
    """
    if importlib.util.find_spec("numpy") is None:
        raise TfodWeightsError("numpy is not installed", help="pip install 'tfod-weights[metrics]'")


def require_comparable(named: Sequence[tuple[str, Evaluation]]) -> None:
    """Check evaluations before they are compared.

    Args:
        named: At least one evaluation, with the name that an error is to call it by.

    Raises:
        EvaluationError: two are not of the same images and classes, at the same thresholds; or
            the matches of one contradict the rest of it.
        TfodWeightsError: numpy is not installed.
    """
    for name, evaluation in named:
        require_sound(name, evaluation)
    first_name, first = named[0]
    for name, other in named[1:]:
        _require_same(first_name, first, name, other)


def require_sound(name: str, evaluation: Evaluation) -> None:
    """Check that the matches of an evaluation do not contradict each other or the rest of it.

    Args:
        name: What an error is to call it by.
        evaluation: From anywhere.

    Raises:
        EvaluationError: they do.
        TfodWeightsError: numpy is not installed.
    """
    require_numpy()
    problem = next(_contradictions(evaluation), None)
    if problem:
        help = "evaluate again; matches are not to be edited"
        raise EvaluationError(f"{name}: {problem}", help=help)


def _require_same(first_name: str, first: Evaluation, name: str, other: Evaluation) -> None:
    both = f"{first_name} and {name}"
    difference = next(_differences(first, other), None)
    if difference:
        problem = f"{both} are not evaluations of the same images: {difference}"
        raise EvaluationError(problem, help=_SAME_IMAGES)
    thresholds = {
        "IoU": (first.iou, other.iou),
        "score threshold": (first.score_threshold, other.score_threshold),
    }
    for what, (one, another) in thresholds.items():
        if one != another:
            problem = f"{both} differ in their {what}: {one:g} and {another:g}"
            raise EvaluationError(problem, help=_SAME_THRESHOLDS)


def _differences(first: Evaluation, other: Evaluation) -> Iterator[str]:
    """What differs in images and classes, the coarsest first."""
    if first.images != other.images:
        yield f"{first.images:,} and {other.images:,} images"
    names = [{row.class_id: row.name for row in one.classes} for one in (first, other)]
    for class_id in sorted({*names[0], *names[1]}):
        one, another = (known.get(class_id) for known in names)
        if one != another:
            yield f"class {class_id} is {_quoted(one)} and {_quoted(another)}"
    for class_id, name in names[0].items():
        objects = [evaluation.matches[class_id].objects for evaluation in (first, other)]
        for image in sorted({*objects[0], *objects[1]}):
            counts = [known.get(image, 0) for known in objects]
            if counts[0] != counts[1]:
                yield (
                    f"{counts[0]} and {counts[1]} objects of {name!r} in image {image}, "
                    "counted from 0"
                )


def _quoted(name: Optional[str]) -> str:
    return "missing" if name is None else repr(name)


def _contradictions(evaluation: Evaluation) -> Iterator[str]:
    """What is wrong within an evaluation."""
    if evaluation.images < 1:
        yield "an evaluation of no images"
    if evaluation.iou not in IOU_THRESHOLDS:
        yield f"its IoU {evaluation.iou:g} is none of COCO's thresholds"
    for row in evaluation.classes:
        matches = evaluation.matches.get(row.class_id)
        if matches is None:
            yield f"it has no matches of {row.name!r}"
        elif row.objects != sum(matches.objects.values()):
            yield f"{row.objects} objects of {row.name!r}, but others in its matches"
        elif not _is_sound(matches, evaluation.images):
            yield f"the matches of {row.name!r} contradict each other"


def _is_sound(matches: ClassMatches, images: int) -> bool:
    """Whether scores fall, images are known, and none has more right detections than objects."""
    import numpy as np

    try:
        arrays = MatchArrays.of(matches)
    except (TypeError, ValueError, OverflowError):  # not numbers
        return False
    places = np.concatenate([arrays.images, arrays.object_images])
    if places.size and not 0 <= places.min() <= places.max() < images:
        return False
    if (np.diff(arrays.scores) > 0).any() or (arrays.objects < 0).any():
        return False
    known, place = np.unique(places, return_inverse=True)
    of_detections, of_objects = np.split(place.ravel(), [len(arrays.images)])
    objects: Any = np.zeros(len(known), int)
    objects[of_objects] = arrays.objects
    return all(
        (np.bincount(of_detections[right], minlength=len(known)) <= objects).all()
        for right in arrays.right
    )
