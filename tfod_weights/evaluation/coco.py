"""pycocotools' evaluation: the numbers that papers report, and the matches behind them."""

from __future__ import annotations

import contextlib
import importlib.util
import io
from dataclasses import dataclass
from typing import Any, Mapping, Optional

from tfod_weights.errors import TfodWeightsError
from tfod_weights.evaluation.detections import DetectedImages
from tfod_weights.evaluation.result import ClassMatches
from tfod_weights.progress import Progress

# What COCOeval.summarize puts into `stats`, in its order.
SUMMARY = (
    "AP",
    "AP50",
    "AP75",
    "AP_small",
    "AP_medium",
    "AP_large",
    "AR1",
    "AR10",
    "AR100",
    "AR_small",
    "AR_medium",
    "AR_large",
)
_AP50, _AP75 = 0, 5  # indexes of the IoU thresholds
_ALL_SIZES, _HUNDRED_DETECTIONS = 0, -1


@dataclass(frozen=True)
class ClassPrecision:
    """AP of one class; None without objects."""

    ap: Optional[float]
    ap50: Optional[float]
    ap75: Optional[float]


@dataclass(frozen=True)
class CocoResult:
    """What pycocotools computed.

    Attributes:
        summary: By the names of SUMMARY; None where there is nothing to average.
        precisions: class_id -> AP.
        matches: class_id -> detections and what they match.
    """

    summary: Mapping[str, Optional[float]]
    precisions: Mapping[int, ClassPrecision]
    matches: Mapping[int, ClassMatches]


def require_pycocotools() -> None:
    """Check that an evaluation can be computed, before the work that leads to it.

    Raises:
        TfodWeightsError: pycocotools is not installed.
    """
    if importlib.util.find_spec("pycocotools") is None:
        help = "pip install 'tfod-weights[metrics]'"
        raise TfodWeightsError("pycocotools is not installed", help=help)


def coco_evaluation(images: DetectedImages, progress: Optional[Progress] = None) -> CocoResult:
    """Evaluate boxes as COCO does.

    Args:
        images: Objects and detections.
        progress: Called with (parts done, parts in all).

    Raises:
        TfodWeightsError: pycocotools is not installed.
    """
    require_pycocotools()
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does
        evaluation = _evaluated(images, progress)
    precision = evaluation.eval["precision"][..., _ALL_SIZES, _HUNDRED_DETECTIONS]
    class_ids = evaluation.params.catIds
    return CocoResult(
        summary={name: _known(value) for name, value in zip(SUMMARY, evaluation.stats)},
        precisions={
            class_id: ClassPrecision(
                _mean(precision[:, :, k]),
                _mean(precision[_AP50, :, k]),
                _mean(precision[_AP75, :, k]),
            )
            for k, class_id in enumerate(class_ids)
        },
        matches={class_id: _matches(evaluation, k) for k, class_id in enumerate(class_ids)},
    )


def _evaluated(images: DetectedImages, progress: Optional[Progress]) -> Any:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    class Evaluation(COCOeval):  # type: ignore[misc]
        """COCOeval that tells how far it is; an image, class and size is a part."""

        done = 0

        def evaluateImg(self, *arguments: Any) -> Any:  # noqa: N802
            if progress:
                parts = len(self.params.imgIds) * len(self.params.catIds)
                self.done += 1
                progress(self.done, parts * len(self.params.areaRng))
            return super().evaluateImg(*arguments)

    places = {image_id: place for place, image_id in enumerate(images.image_ids)}
    groundtruth = COCO()
    groundtruth.dataset = _dataset(images, places)
    groundtruth.createIndex()
    evaluation = Evaluation(groundtruth, _loaded(groundtruth, images, places), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return evaluation


def _dataset(images: DetectedImages, places: Mapping[Any, int]) -> dict[str, Any]:
    """The ground truth as COCO's JSON has it; an image's id is its place."""
    return {
        "info": {},
        "images": [{"id": place} for place in places.values()],
        "categories": [{"id": i, "name": name} for i, name in sorted(images.names.items())],
        "annotations": [
            {
                "id": number,
                "image_id": places[one.image_id],
                "category_id": one.class_id,
                "bbox": list(one.box),
                "area": one.area,
                "iscrowd": int(one.is_crowd),
            }
            for number, one in enumerate(images.objects, start=1)  # 0 means no match to COCOeval
        ],
    }


def _loaded(groundtruth: Any, images: DetectedImages, places: Mapping[Any, int]) -> Any:
    """The detections as COCO.loadRes makes them, which stops where there is none."""
    from pycocotools.coco import COCO

    detections = COCO()
    detections.dataset = {
        **groundtruth.dataset,
        "annotations": [
            {
                "id": number,
                "image_id": places[one.image_id],
                "category_id": one.class_id,
                "bbox": list(one.box),
                "area": one.box[2] * one.box[3],
                "iscrowd": 0,
                "score": one.score,
            }
            for number, one in enumerate(images.detections, start=1)
        ],
    }
    detections.createIndex()
    return detections


def _mean(precision: Any) -> Optional[float]:
    """The mean of what is known; -1 stands for unknown."""
    known = precision[precision > -1]
    return float(known.mean()) if known.size else None


def _known(value: float) -> Optional[float]:
    return None if value == -1 else float(value)


def _matches(evaluation: Any, k: int) -> ClassMatches:
    """The matches of the k-th class, put together from all images."""
    import numpy as np

    per_image = len(evaluation.params.imgIds)
    start = k * len(evaluation.params.areaRng) * per_image  # the first size is all sizes
    found = [
        (place, one)
        for place, one in enumerate(evaluation.evalImgs[start : start + per_image])
        if one is not None
    ]
    scores = [score for _, one in found for score in one["dtScores"]]
    order = np.argsort([-score for score in scores], kind="mergesort")  # as COCOeval sorts
    images: Any = np.repeat(
        np.array([place for place, _ in found], int), [len(one["dtScores"]) for _, one in found]
    )
    objects = ((place, int((one["gtIgnore"] == 0).sum())) for place, one in found)
    return ClassMatches(
        images=tuple(images[order].tolist()),
        scores=tuple(scores[index] for index in order),
        matched=tuple(_bits([one["dtMatches"] > 0 for _, one in found])[order].tolist()),
        ignored=tuple(_bits([one["dtIgnore"] > 0 for _, one in found])[order].tolist()),
        objects={place: number for place, number in objects if number},
    )


def _bits(flags: list[Any]) -> Any:
    """Flags [thresholds, detections] of every image as one number per detection."""
    import numpy as np

    if not flags:
        return np.zeros(0, int)
    joined = np.concatenate(flags, axis=1).astype(int)
    return (joined << np.arange(len(joined))[:, None]).sum(axis=0)
