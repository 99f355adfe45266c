"""The one exception tree of tfod-weights, and the places and faults its errors tell of.

TfodWeightsError
├── TextFormatError       a text-format file does not parse
├── ConfigError           a pipeline.config parses but cannot be used
├── LabelMapError         a label map parses but cannot be used
├── RecordError           a TFRecord file cannot be read
│   └── NoMatchError      an input pattern matches no file
├── EvaluationError       detections, ground truth or metrics that cannot be used
├── TemplateError         a template of `generate` is not as it should be
├── WeightsError          weights or counts that cannot be used
├── BeamError             an Apache Beam pipeline failed
└── UsageError            arguments that contradict each other
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Union


@dataclass(frozen=True)
class SourcePlace:
    """A position in a text file.

    Attributes:
        path: The file as the user named it.
        line: One-based; lines end at LF, as protobuf counts them. None for the whole file.
        column: One-based, in characters. None for the whole line.
        source_line: The text of the line, without its line end.
    """

    path: str
    line: Optional[int] = None
    column: Optional[int] = None
    source_line: Optional[str] = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)

    def excerpt(self) -> str:
        """The source line with a caret under the column, or an empty string."""
        if not self.source_line or self.column is None:
            return ""
        indent = "".join("\t" if c == "\t" else " " for c in self.source_line[: self.column - 1])
        return f"  {self.source_line.rstrip()}\n  {indent}^"


@dataclass(frozen=True)
class RecordPlace:
    """A byte offset in a TFRecord file."""

    path: str
    offset: Optional[int] = None

    def __str__(self) -> str:
        return self.path if self.offset is None else f"{self.path}: byte {self.offset}"


Place = Union[SourcePlace, RecordPlace]


@dataclass(frozen=True)
class FieldFault:
    """A value of a field that cannot be used, wherever the field is written.

    Attributes:
        field: Its name; "" for the whole message.
        problem: What is wrong.
        help: The next step for the user.
    """

    field: str
    problem: str
    help: str


class TfodWeightsError(Exception):
    """Something the user can mend: what is wrong, where, and what to do next.

    Attributes:
        problem: What is wrong, in one sentence without a full stop.
        place: Where it is, if it is in a file.
        help: The next step for the user.
    """

    def __init__(
        self, problem: str, *, place: Optional[Place] = None, help: Optional[str] = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place
        self.help = help

    def __str__(self) -> str:
        lines = [self.problem if self.place is None else f"{self.place}: {self.problem}"]
        if isinstance(self.place, SourcePlace) and self.place.excerpt():
            lines.append(self.place.excerpt())
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)


class TextFormatError(TfodWeightsError):
    """A protobuf text-format file does not parse."""


class ConfigError(TfodWeightsError):
    """A pipeline.config parses, but cannot be patched, counted or checked as asked."""


class LabelMapError(TfodWeightsError):
    """A label map parses, but TFOD could not use it."""


class RecordError(TfodWeightsError):
    """A TFRecord file cannot be found or read, or is damaged."""


class NoMatchError(RecordError):
    """An input path or pattern matches no file."""


class EvaluationError(TfodWeightsError):
    """Detections, ground truth, metrics or a checkpoint that cannot be evaluated."""


class TemplateError(TfodWeightsError):
    """A template of `generate` is not as it should be."""


class WeightsError(TfodWeightsError):
    """Counts or weights that cannot be used."""


class BeamError(TfodWeightsError):
    """An Apache Beam pipeline cannot be run or failed, for another reason than the records."""


class UsageError(TfodWeightsError):
    """Arguments that contradict each other or name something unknown."""
