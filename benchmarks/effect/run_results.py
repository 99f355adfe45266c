"""What is kept of a run: a small JSON file, in the repository."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Iterator, Optional, Sequence

from benchmarks.effect.run import METRICS, TRAINED
from benchmarks.effect.run_all import Run
from tfod_weights.evaluation import ClassMetrics, load_evaluation

FOLDER = Path(__file__).parent / "results"
_DIGITS = 4


@dataclass(frozen=True)
class ClassResult:
    """One class on the validation images.

    Attributes:
        name: The class's name.
        objects: In the training records.
        ap: COCO AP.
        ap50: AP at IoU .50.
        precision: At the score threshold .5 and IoU .5.
        recall: The same.
        best_f1: At the score threshold where it is best.
    """

    name: str
    objects: int
    ap: float
    ap50: float
    precision: float
    recall: float
    best_f1: float


@dataclass(frozen=True)
class RunResult:
    """One run.

    Attributes:
        data_set: Name of the data set.
        arm: Name of the arm.
        seed: Of all that is drawn.
        patch: The arm's options, as they were.
        steps: Of the training.
        cpu_seconds: Of the training, on one core.
        classes: By class_id.
    """

    data_set: str
    arm: str
    seed: int
    patch: str
    steps: int
    cpu_seconds: float
    classes: tuple[ClassResult, ...]

    @property
    def mean_ap(self) -> float:
        """The mean of the classes' AP."""
        return sum(row.ap for row in self.classes) / len(self.classes)


def keep(run: Run) -> None:
    """Write what is to be kept of a finished run."""
    training = json.loads((run.folder / TRAINED).read_text())
    result = RunResult(
        data_set=run.data_set.name,
        arm=run.arm.name,
        seed=run.seed,
        patch=run.arm.patch,
        steps=training["steps"],
        cpu_seconds=training["cpu_seconds"],
        classes=tuple(map(_class_result, load_evaluation(run.folder / METRICS).classes)),
    )
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{result.data_set}-{result.arm}-{result.seed}.json").write_text(result_text(result))


def _class_result(row: ClassMetrics) -> ClassResult:
    at = row.at_threshold
    return ClassResult(
        name=row.name,
        objects=row.training_objects or 0,
        ap=_rounded(row.ap),
        ap50=_rounded(row.ap50),
        precision=_rounded(at.precision if at else None),
        recall=_rounded(at.recall if at else None),
        best_f1=_rounded(row.best.f1 if row.best else None),
    )


def _rounded(value: Optional[float]) -> float:
    return round(value or 0.0, _DIGITS)


def result_text(result: RunResult) -> str:
    """JSON with a line for each class."""
    content = asdict(result)
    rows = ",\n".join(f"    {json.dumps(row)}" for row in content.pop("classes"))
    head = "".join(
        f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in content.items()
    )
    return f'{{\n{head}  "classes": [\n{rows}\n  ]\n}}\n'


def load(folder: Path = FOLDER) -> Sequence[RunResult]:
    """All results that are kept."""
    return list(_load(folder))


def _load(folder: Path) -> Iterator[RunResult]:
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text())
        classes = tuple(ClassResult(**row) for row in content.pop("classes"))
        yield RunResult(**content, classes=classes)
