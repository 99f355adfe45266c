"""What to know about counts and weights, in words, below their tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Iterator, Mapping, Optional, Sequence, Union

from tfod_weights.report.numbers import count_text
from tfod_weights.report.terminal import printable
from tfod_weights.weighting import parameter_texts
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.counting.counts import ClassCounts
    from tfod_weights.weighting import BatchClassWeights, ClassWeights

SHOWN = 6
COLORS = {"note": "cyan", "warning": "yellow"}


@dataclass(frozen=True)
class Sentence:
    """A rich renderable: one sentence, wrapped to the terminal.

    Attributes:
        text: Without a full stop.
        kind: `note`, `warning`, or nothing for a plain sentence.
    """

    text: str
    kind: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The sentence after its coloured kind."""
        from rich.text import Text

        kind = (f"{self.kind}: ", COLORS[self.kind]) if self.kind else ""
        yield Text.assemble(
            kind, printable(self.text, options.encoding), no_wrap=False, overflow="fold"
        )


def counts_sentences(counts: ClassCounts, *, drops: bool = True) -> list[Sentence]:
    """Totals, flags, what TFOD drops and why (unless `drops` is off), empty classes and gaps."""
    total, images = number_of(counts.objects, "object"), number_of(counts.images, "image")
    classes = number_of(len(counts.classes), "class", "classes")
    return [
        Sentence(f"{total} of {classes} in {images}"),
        *skipped_sentences(counts),
        *_flags(counts),
        *(_drops(counts) if drops else ()),
        *_truncated(counts),
        *_inverted(counts),
        *_empty(counts),
        *_gaps(counts),
    ]


def weights_sentences(weights: ClassWeights) -> list[Sentence]:
    """Where the weights come from, then their warnings."""
    what = recipe_text(weights)
    if weights.scheme == "given":
        what = f"given weights from {weights.source}" if weights.source else "given weights"
    first = Sentence(f"{what}; largest / smallest weight {weights.ratio:.3g}")
    kinds = {"gap": "note"}
    return [first, *(Sentence(w.message, kinds.get(w.kind, "warning")) for w in weights.warnings)]


def recipe_text(weights: Union[ClassWeights, BatchClassWeights]) -> str:
    """How weights are computed: the scheme, how they are scaled, and the parameters."""
    parts = [f"scheme {weights.scheme}", f"normalize {weights.normalize}"]
    parts += [f"{name} {text}" for name, text in parameter_texts(weights.parameters).items()]
    return ", ".join(parts)


def skipped_sentences(counts: ClassCounts) -> Iterator[Sentence]:
    """What was left out for being damaged; nothing if nothing was."""
    if not counts.skipped:
        return
    what = "file or part of a file" if len(counts.skipped) == 1 else "files or parts of files"
    are = "is" if len(counts.skipped) == 1 else "are"
    yield Sentence(f"{len(counts.skipped):,} damaged {what} {are} not counted:", "warning")
    for problem in counts.skipped[:SHOWN]:
        yield Sentence(f"  {problem}")
    if len(counts.skipped) > SHOWN:
        yield Sentence(f"  and {len(counts.skipped) - SHOWN:,} more")


def _flags(counts: ClassCounts) -> Iterator[Sentence]:
    flags = {
        "crowd": sum(row.crowd for row in counts.classes),
        "difficult": sum(row.difficult for row in counts.classes),
        "group_of": sum(row.group_of for row in counts.classes),
    }
    if any(flags.values()):
        text = ", ".join(f"{count_text(n)} {name}" for name, n in flags.items() if n)
        yield Sentence(f"of these objects {text}; TFOD trains on them too", "note")


def _drops(counts: ClassCounts) -> Iterator[Sentence]:
    total = sum(counts.dropped.values())
    if not total:
        return
    yield Sentence(f"TFOD drops {number_of(total, 'box', 'boxes')}:", "warning")
    reasons = sorted(counts.dropped.items(), key=lambda item: -item[1])
    width = len(count_text(reasons[0][1]))
    for reason, number in reasons:
        yield Sentence(f"  {count_text(number):>{width}}  {reason_text(reason)}")
    if counts.unknown_texts:
        texts = {repr(text): n for text, n in counts.unknown_texts.items()}
        yield Sentence(f"  texts that are not in the label map: {_most(texts)}")
    if counts.out_of_range_labels:
        labels = {str(label): n for label, n in counts.out_of_range_labels.items()}
        yield Sentence(f"  labels outside 1..{counts.num_classes}: {_most(labels)}")


def reason_text(reason: str) -> str:
    """Why TFOD drops a box, in words."""
    from tfod_weights import counting

    words: Mapping[str, str] = getattr(counting, "DROP_REASONS", {})
    return words.get(reason, reason.replace("_", " "))


def _truncated(counts: ClassCounts) -> Iterator[Sentence]:
    if counts.truncated_images:
        have = "has" if counts.truncated_images == 1 else "have"
        images = number_of(counts.truncated_images, "image")
        yield Sentence(f"{images} {have} more boxes than max_number_of_boxes", "warning")


def _inverted(counts: ClassCounts) -> Iterator[Sentence]:
    if counts.inverted_boxes:
        have = "has" if counts.inverted_boxes == 1 else "have"
        boxes = number_of(counts.inverted_boxes, "box", "boxes")
        text = f"{boxes} {have} ymax < ymin or xmax < xmin, at which TFOD stops training"
        yield Sentence(text, "warning")


def _empty(counts: ClassCounts) -> Iterator[Sentence]:
    names = [row.name for row in counts.classes if not row.objects]
    if names:
        have = "class has" if len(names) == 1 else "classes have"
        yield Sentence(f"{len(names)} {have} no objects: {_first(names)}", "warning")


def _gaps(counts: ClassCounts) -> Iterator[Sentence]:
    ids = {row.class_id for row in counts.classes}
    gaps = counts.num_classes - len(ids)
    if gaps:
        belong = number_of(gaps, "class id belongs", "class ids belong")
        every = (str(c) for c in range(1, counts.num_classes + 1) if c not in ids)
        shown = _first(list(islice(every, SHOWN)), gaps)  # an id may be anything up to 2^63
        yield Sentence(f"{belong} to no class: {shown}", "note")


def _most(numbers: Mapping[str, int]) -> str:
    """The names with the largest numbers, each with its number."""
    ordered = sorted(numbers.items(), key=lambda item: -item[1])
    return _first([f"{name} ({count_text(n)})" for name, n in ordered])


def _first(names: Sequence[str], number: Optional[int] = None) -> str:
    """The first of so many names, by default of as many as there are."""
    more = (len(names) if number is None else number) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
