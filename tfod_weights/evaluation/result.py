"""What an evaluation finds: metrics per class, per group of classes, and what they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, NamedTuple, Optional

# The IoU thresholds of COCO's AP: .50, .55 … .95.
IOU_THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


class CurvePoint(NamedTuple):
    """Precision and recall of the detections that score at least `score`."""

    score: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """2·precision·recall / (precision + recall); 0 if both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class ClassMatches:
    """The detections of one class, each matched to the objects of its class or to none.

    By COCO's rules (pycocotools/cocoeval.py, evaluateImg): in every image the 100 best
    detections, best first, each take the free object that they overlap most.

    Attributes:
        images: Index of the image of every detection, best detection first.
        scores: Score of every detection, falling.
        matched: Bit t of an entry: whether the detection matches an object at
            IOU_THRESHOLDS[t].
        ignored: Bit t: whether it counts neither as right nor as wrong at IOU_THRESHOLDS[t]; it
            lies on a crowd.
        objects: Index of an image -> its objects of the class, crowds left out.
    """

    images: tuple[int, ...]
    scores: tuple[float, ...]
    matched: tuple[int, ...]
    ignored: tuple[int, ...]
    objects: Mapping[int, int]


@dataclass(frozen=True)
class ClassMetrics:
    """One class. What cannot be said of a class without objects is None.

    Attributes:
        class_id: Label-map id, one-based; of COCO's files the category's id.
        name: The class's name.
        objects: In the images of the evaluation, crowds left out.
        images: With at least one of them.
        training_objects: In the training records; None if not counted.
        ap: COCO AP: the mean over IOU_THRESHOLDS.
        ap50: AP at IoU .50.
        ap75: AP at IoU .75.
        at_threshold: At the evaluation's score threshold and IoU.
        best: At the score threshold with the best F1, at the same IoU.
        roc_auc: How well the class's scores tell its objects from those of other classes
            (`evaluation.roc`).
        curve: The precision-recall curve at the evaluation's IoU, by falling score.
    """

    class_id: int
    name: str
    objects: int
    images: int
    training_objects: Optional[int] = None
    ap: Optional[float] = None
    ap50: Optional[float] = None
    ap75: Optional[float] = None
    at_threshold: Optional[CurvePoint] = None
    best: Optional[CurvePoint] = None
    roc_auc: Optional[float] = None
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True)
class GroupMetrics:
    """Means over the classes of a group that have objects in the evaluation.

    Attributes:
        name: `rare`, `common`, `head`, or `all`.
        class_ids: Of all its classes.
        ap, ap50, ap75, precision, recall, f1: Means; None if no class has objects. The last
            three are those of ClassMetrics.at_threshold.
    """

    name: str
    class_ids: tuple[int, ...]
    ap: Optional[float] = None
    ap50: Optional[float] = None
    ap75: Optional[float] = None
    precision: Optional[float] = None
    recall: Optional[float] = None
    f1: Optional[float] = None


class Confusion(NamedTuple):
    """How many objects of one class were detected as another.

    Attributes:
        class_id: Of the object; 0: a detection of no object (-1 where a class has the id 0).
        detected_as: Class_id of the detection; the same: the object was not detected.
        number: How many.
    """

    class_id: int
    detected_as: int
    number: int


@dataclass(frozen=True)
class Evaluation:
    """The metrics of one model on one set of images.

    Attributes:
        images: How many.
        iou: Overlap from which a detection is right, in all that is no AP.
        score_threshold: Of ClassMetrics.at_threshold and the confusion.
        classes: By class_id; every class of the label map.
        groups: `all`, and the groups that have classes.
        coco: TFOD's and COCO's own summary: AP, AP50, AP75, AP by size of object, and recall.
        confusion: Entries that are not 0, by class_id.
        matches: class_id -> its detections.
        source: Where it is from: `config`, `checkpoint`, `step`, `split`, or the files.
    """

    images: int
    iou: float
    score_threshold: float
    classes: tuple[ClassMetrics, ...]
    groups: tuple[GroupMetrics, ...]
    coco: Mapping[str, Optional[float]]
    confusion: tuple[Confusion, ...]
    matches: Mapping[int, ClassMatches]
    source: Mapping[str, str]

    def of(self, class_id: int) -> Optional[ClassMetrics]:
        """The metrics of one class_id, or None for a gap in the label map."""
        return next((row for row in self.classes if row.class_id == class_id), None)

    def group(self, name: str) -> Optional[GroupMetrics]:
        """The means of one group, or None if no class is in it."""
        return next((row for row in self.groups if row.name == name), None)
